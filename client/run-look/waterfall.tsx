import { type CSSProperties, memo, useRef } from 'react';
import { classes } from '../ui/class-names.ts';
import { useLiveDraw, useLiveValue } from '../ui/clock.ts';
import { LiveText } from '../ui/figures.tsx';
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
  const scale = useLiveValue(live, (now) => timeScale(rows, now), isSameScale);
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
          <Lines key={row.id} row={row} from={scale.from} to={scale.to} selected={row.id === selected} onSelect={onSelect} />
        ))}
      </ol>
    </div>
  );
}

const isSameScale = (a: TimeScale, b: TimeScale): boolean => a.from === b.from && a.to === b.to && a.ticks.length === b.ticks.length;

/** The displayed span of time. */
type Span = Pick<TimeScale, 'from' | 'to'>;

const percent = (at: number, scale: Span): number => Math.min(100, Math.max(0, ((at - scale.from) / (scale.to - scale.from)) * 100));
const place = (at: number, scale: Span): CSSProperties => ({ left: `${percent(at, scale)}%` });

interface LinesProps extends Span {
  readonly row: WaterfallRow;
  readonly selected: boolean;
  readonly onSelect: ((stepId: string) => void) | undefined;
}

/** A step and its calls. Renders only when one of them or the axis changes. */
const Lines = memo(function Lines({ row, from, to, selected, onSelect }: LinesProps) {
  const scale = { from, to };
  const running = row.status === 'running';
  return (
    <li>
      <StepLine row={row} scale={scale} selected={selected} onSelect={onSelect} />
      {row.calls.map((call) => (
        <CallLine key={call.id} call={call} scale={scale} running={running} />
      ))}
    </li>
  );
});

interface StepLineProps extends Pick<LinesProps, 'row' | 'selected' | 'onSelect'> {
  readonly scale: Span;
}

function StepLine({ row, scale, selected, onSelect }: StepLineProps) {
  const running = row.status === 'running';
  const content = (
    <>
      <span className={styles.label}>
        <span className={styles.dot} data-category={row.category} aria-hidden />
        <span className={styles.name}>{row.label}</span>
        {row.round > 1 && <span className={styles.round}>round {row.round}</span>}
      </span>
      <Track bars={row.bars} scale={scale} end={running ? 'now' : scale.to} />
      <LiveText className={styles.figure} live={running} text={(now) => figureOf(row, now)} />
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

function CallLine({ call, scale, running }: { call: CallRow; scale: Span; running: boolean }) {
  const { from, to } = call.bar;
  return (
    <div className={classes(styles.row, styles.call)} data-status={call.status}>
      <span className={styles.label}>
        <span className={styles.name}>{call.label}</span>
      </span>
      <Track bars={[call.bar]} scale={scale} end={running ? 'now' : from} />
      <LiveText className={styles.figure} live={running && to === null} text={(now) => formatDuration((to ?? (running ? now : from)) - from)} />
    </div>
  );
}

/** `end`: where open bars end; those that end now grow. */
function Track({ bars, scale, end }: { bars: readonly Bar[]; scale: Span; end: number | 'now' }) {
  const first = bars[0];
  const last = bars.at(-1);
  return (
    <span className={styles.track} aria-hidden>
      {first && last && bars.length > 1 && <span className={styles.thread} style={between(first.from, last.from, scale)} />}
      {bars.map((bar) => {
        const to = bar.to ?? end;
        if (to === 'now') return <GrowingBar key={bar.from} bar={bar} scale={scale} />;
        return <span key={bar.from} className={styles.bar} data-pale={bar.pale || undefined} style={between(bar.from, Math.max(to, bar.from), scale)} />;
      })}
    </span>
  );
}

function GrowingBar({ bar, scale }: { bar: Bar; scale: Span }) {
  const place = useRef<HTMLSpanElement>(null);
  useLiveDraw(true, (now) => Object.assign(place.current?.style ?? {}, between(bar.from, Math.max(now, bar.from), scale)));
  return <span ref={place} className={styles.bar} data-pale={bar.pale || undefined} />;
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
