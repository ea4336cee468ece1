import { type CSSProperties, memo } from 'react';
import { classes } from '../ui/class-names.ts';
import { useLiveNow } from '../ui/clock.ts';
import { formatDuration } from '../ui/format.ts';
import { STATUS_LABELS } from './status-labels.ts';
import type { Bar, CallRow, WaterfallRow } from './step-rows.ts';
import { type TimeScale, timeScale } from './time-scale.ts';
import styles from './waterfall.module.css';

interface WaterfallProps {
  readonly rows: readonly WaterfallRow[];
  readonly selected?: string | undefined;
  /** Without it, the rows are read-only. */
  readonly onSelect?: ((stepId: string) => void) | undefined;
  /** Alignment of the figures in their column. */
  readonly figures?: 'left' | 'right';
}

/** A run over time: a bar for each step, thin ones for its calls. Bars in progress grow. */
export function Waterfall({ rows, selected, onSelect, figures = 'right' }: WaterfallProps) {
  const live = rows.some((row) => row.status === 'running');
  const now = useLiveNow(live);
  const scale = timeScale(rows, now);
  return (
    <div className={styles.waterfall} data-figures={figures} data-rounds={rows.some((row) => row.round > 1) || undefined}>
      <div className={styles.axis} aria-hidden>
        {scale.ticks.map((tick) => (
          <span key={tick.label} className={styles.tick} style={place(tick.at, scale)}>
            {tick.label}
          </span>
        ))}
      </div>
      <div className={styles.lines} aria-hidden>
        {scale.ticks.map((tick) => (
          <span key={tick.label} className={styles.gridLine} style={place(tick.at, scale)} />
        ))}
      </div>
      <ol className={styles.rows} aria-label="Steps over time">
        {rows.map((row) => (
          <Lines
            key={row.id}
            row={row}
            from={scale.from}
            to={scale.to}
            now={row.status === 'running' ? now : ENDED}
            selected={row.id === selected}
            onSelect={onSelect}
          />
        ))}
      </ol>
    </div>
  );
}

/** A constant `now` for finished rows, so they don’t render while others run. */
const ENDED = 0;

/** The displayed span of time. */
type Span = Pick<TimeScale, 'from' | 'to'>;

const percent = (at: number, scale: Span): number => Math.min(100, Math.max(0, ((at - scale.from) / (scale.to - scale.from)) * 100));
const place = (at: number, scale: Span): CSSProperties => ({ left: `${percent(at, scale)}%` });

interface LinesProps extends Span {
  readonly row: WaterfallRow;
  readonly now: number;
  readonly selected: boolean;
  readonly onSelect: ((stepId: string) => void) | undefined;
}

/** A step and its calls. Renders only when one of them, the axis, or its own time changes. */
const Lines = memo(function Lines({ row, from, to, now, selected, onSelect }: LinesProps) {
  const scale = { from, to };
  return (
    <li>
      <StepLine row={row} scale={scale} now={now} selected={selected} onSelect={onSelect} />
      {row.calls.map((call) => (
        <CallLine key={call.id} call={call} scale={scale} now={now} />
      ))}
    </li>
  );
});

interface StepLineProps extends Pick<LinesProps, 'row' | 'now' | 'selected' | 'onSelect'> {
  readonly scale: Span;
}

function StepLine({ row, scale, now, selected, onSelect }: StepLineProps) {
  const content = (
    <>
      <span className={styles.label}>
        <span className={styles.dot} data-category={row.category} aria-hidden />
        <span className={styles.name}>{row.label}</span>
        {row.round > 1 && <span className={styles.round}>round {row.round}</span>}
      </span>
      <Track bars={row.bars} scale={scale} end={row.status === 'running' ? now : scale.to} />
      <span className={styles.figure}>{figureOf(row, now)}</span>
    </>
  );
  if (!onSelect) {
    return (
      <div className={styles.row} data-status={row.status}>
        {content}
      </div>
    );
  }
  return (
    <button
      type="button"
      className={styles.row}
      data-status={row.status}
      data-selected={selected || undefined}
      aria-pressed={selected}
      onClick={() => onSelect(row.id)}
    >
      {content}
    </button>
  );
}

function CallLine({ call, scale, now }: { call: CallRow; scale: Span; now: number }) {
  return (
    <div className={classes(styles.row, styles.call)} data-status={call.status}>
      <span className={styles.label}>
        <span className={styles.name}>{call.label}</span>
      </span>
      <Track bars={[call.bar]} scale={scale} end={now} />
      <span className={styles.figure}>{formatDuration((call.bar.to ?? now) - call.bar.from)}</span>
    </div>
  );
}

/** `end`: where open bars end. */
function Track({ bars, scale, end }: { bars: readonly Bar[]; scale: Span; end: number }) {
  const first = bars[0];
  const last = bars.at(-1);
  return (
    <span className={styles.track} aria-hidden>
      {first && last && bars.length > 1 && <span className={styles.thread} style={between(first.from, last.from, scale)} />}
      {bars.map((bar) => (
        <span key={bar.from} className={styles.bar} data-pale={bar.pale || undefined} style={between(bar.from, bar.to ?? Math.max(end, bar.from), scale)} />
      ))}
    </span>
  );
}

const between = (from: number, to: number, scale: Span): CSSProperties => ({
  left: `${percent(from, scale)}%`,
  width: `${percent(to, scale) - percent(from, scale)}%`,
});

/** The figure at the end of a row: a duration, or why there is no bar. */
function figureOf(row: WaterfallRow, now: number): string {
  if (row.status === 'unreached') return 'not reached';
  if (row.status === 'next') return 'next';
  const first = row.bars[0];
  if (!first || row.status === 'skipped') return STATUS_LABELS[row.status].toLowerCase();
  if (row.status === 'waiting') return 'waiting';
  const last = row.bars.at(-1);
  return formatDuration((last?.to ?? now) - first.from);
}
