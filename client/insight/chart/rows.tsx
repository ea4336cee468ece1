import type { Figures, Insight } from '@switchyard/shared/contracts/insight/insight.ts';
import { formatCost, formatDuration, formatNumber } from '../../ui/format.ts';
import { amountChange, shareChange, shareWords } from '../common/words.ts';
import styles from './chart.module.css';
import { Figure } from './figure.tsx';
import { Limit, Line, Plot, plotFoot, plotTop } from './plot.tsx';
import { bucketWords, type LinePoint, type PlacedMark, roundUp, type TimeScale } from './scale.ts';
import { TooFew } from './too-few.tsx';

/* The rows of the picture. Each has a figure at the left and a chart on the common time axis. */

export interface RowProps {
  readonly data: Insight;
  readonly scale: TimeScale;
  readonly marks: readonly PlacedMark[];
  readonly ticks: readonly { readonly index: number }[];
}

const titlesOf = ({ points, bucket }: Insight, words: (figures: Figures) => string): string[] =>
  points.map(({ at, figures }) => `${bucketWords(at, bucket)}: ${words(figures)}`);
const runWords = (runs: number): string => (runs === 1 ? '1 run' : `${formatNumber(runs)} runs`);
const unit = ({ bucket }: Insight): string => (bucket === 'hour' ? 'hour' : 'day');

/** The points of a line between the foot and a top value. */
const lineOf = (
  { points }: Insight,
  scale: TimeScale,
  height: number,
  { value, enough, low = 0, high }: { value: (figures: Figures) => number | null; enough: (figures: Figures) => boolean; low?: number; high: number },
): (LinePoint | null)[] =>
  points.map(({ figures }, index) => {
    const at = value(figures);
    if (at === null) return null;
    const share = Math.min(1, Math.max(0, (at - low) / (high - low)));
    return { x: scale.center(index), y: plotFoot(height) - share * (plotFoot(height) - plotTop), enough: enough(figures) };
  });

const highestOf = ({ points }: Insight, value: (figures: Figures) => number | null): number => Math.max(0, ...points.map(({ figures }) => value(figures) ?? 0));

const RUNS_HEIGHT = 176;
const WIDEST_BAR = 36;

export function RunsRow({ data, scale, marks, ticks }: RowProps) {
  const { total, before } = data;
  const top = roundUp(highestOf(data, ({ runs }) => runs));
  const width = Math.max(1, Math.min(WIDEST_BAR, scale.pitch * 0.76));
  const foot = plotFoot(RUNS_HEIGHT);
  const length = (runs: number): number => (runs / top) * (foot - plotTop);
  const words = ({ runs, alone, withPerson, failed, cancelled }: Figures): string =>
    [
      runWords(runs),
      `${formatNumber(alone)} automatically`,
      `${formatNumber(withPerson)} with a person`,
      `${formatNumber(failed)} failed`,
      cancelled > 0 ? `${formatNumber(cancelled)} canceled` : '',
    ]
      .filter(Boolean)
      .join(', ');
  return (
    <section className={styles.row} aria-label="Runs">
      <Figure label="Runs" value={formatNumber(total.runs)} change={amountChange(total.runs, before.runs)}>
        <ul className={styles.legend}>
          <li data-part="auto">answered automatically</li>
          <li data-part="person">with a person</li>
          <li data-part="failed">failed</li>
        </ul>
      </Figure>
      <Plot
        {...{ scale, marks, ticks }}
        height={RUNS_HEIGHT}
        words={`Runs per ${unit(data)}. Total: ${words(total)}.`}
        top={top.toLocaleString('en', { notation: 'compact' })}
        foot="0"
        titles={titlesOf(data, words)}
      >
        {data.points.map(({ at, figures }, index) => {
          const parts = [
            ['auto', figures.alone],
            ['person', figures.withPerson],
            ['cancelled', figures.cancelled],
            ['failed', figures.failed],
          ] as const;
          let y = foot;
          return (
            <g key={at}>
              {parts.map(([part, runs]) => {
                if (runs === 0) return null;
                const height = Math.max(1, length(runs));
                y -= height;
                return (
                  <rect key={part} className={styles.bar} data-part={part} x={scale.center(index) - width / 2} y={y} width={width} height={height} rx={1} />
                );
              })}
            </g>
          );
        })}
      </Plot>
    </section>
  );
}

const SUCCESS_HEIGHT = 84;

export function SuccessRow({ data, scale, marks, ticks }: RowProps) {
  const { total, before } = data;
  const lowest = Math.min(1, ...data.points.flatMap(({ figures }) => figures.success.value ?? []));
  // A cut axis, down to a round percentage below the lowest value.
  const low = Math.max(0, Math.floor((lowest - 0.005) * 20) / 20);
  const points = lineOf(data, scale, SUCCESS_HEIGHT, { value: ({ success }) => success.value, enough: ({ success }) => success.enough, low, high: 1 });
  return (
    <section className={styles.row} aria-label="Succeeded">
      <Figure
        label="Succeeded"
        value={shareWords(total.success)}
        change={shareChange(total.success, before.success, 'more')}
        note={!total.success.enough && <TooFew of={total.success.of} />}
      />
      <Plot
        {...{ scale, marks, ticks }}
        height={SUCCESS_HEIGHT}
        words={`Share of runs that succeeded per ${unit(data)}, ${shareWords(total.success)} overall.`}
        top="100%"
        foot={`${Math.round(low * 100)}%`}
        titles={titlesOf(data, ({ success }) => `${shareWords(success)} of ${runWords(success.of)}`)}
      >
        <Line points={points} tone="live" />
      </Plot>
    </section>
  );
}

const TIME_HEIGHT = 132;
const time = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));
const hasRuns = ({ success }: Figures): boolean => success.enough;

/** `slowLimit`: p95 in ms above which an alert opens. */
export function TimeRow({ data, scale, marks, ticks, slowLimit }: RowProps & { readonly slowLimit: number | undefined }) {
  const { total, before } = data;
  const top = roundUp(
    Math.max(
      slowLimit ?? 0,
      highestOf(data, ({ p95 }) => p95),
    ),
  );
  const line = (value: (figures: Figures) => number | null) => lineOf(data, scale, TIME_HEIGHT, { value, enough: hasRuns, high: top });
  const [p50, p95] = [line((figures) => figures.p50), line((figures) => figures.p95)];
  const first = (points: readonly (LinePoint | null)[]) => points.find((point) => point !== null);
  const change = (now: number | null, earlier: number | null) => (hasRuns(total) && hasRuns(before) ? amountChange(now, earlier) : undefined);
  return (
    <section className={styles.row} aria-label="Time">
      <Figure label="Time, p50" value={time(total.p50)} change={change(total.p50, before.p50)} note={!hasRuns(total) && <TooFew of={total.success.of} />}>
        <p>
          p95 <b>{time(total.p95)}</b>
        </p>
        <p title="From acceptance to end, including the time people took">
          with people <b>{time(total.wholeP50)}</b>
        </p>
      </Figure>
      <Plot
        {...{ scale, marks, ticks }}
        height={TIME_HEIGHT}
        words={`Duration of runs per ${unit(data)}, without waiting for people. Overall: half within ${time(total.p50)}, 95% within ${time(total.p95)}.`}
        top={top > 1 ? formatDuration(top) : ''}
        foot="0"
        titles={titlesOf(data, (figures) => `p50 ${time(figures.p50)}, p95 ${time(figures.p95)}, with people p50 ${time(figures.wholeP50)}`)}
      >
        <Line points={p95} tone="live" />
        <Line points={p50} tone="new" />
        {slowLimit !== undefined && (
          <Limit y={plotFoot(TIME_HEIGHT) - (slowLimit / top) * (plotFoot(TIME_HEIGHT) - plotTop)} width={scale.width} text={`alert over ${time(slowLimit)}`} />
        )}
        {(['p95', 'p50'] as const).map((name) => {
          const point = first(name === 'p95' ? p95 : p50);
          return (
            point && (
              <text
                key={name}
                className={styles.name}
                data-tone={name === 'p95' ? 'live' : 'new'}
                x={Math.min(point.x, scale.width - 26)}
                y={Math.max(10, point.y - 7)}
              >
                {name}
              </text>
            )
          );
        })}
      </Plot>
    </section>
  );
}

const COST_HEIGHT = 108;

export function CostRow({ data, scale, marks, ticks }: RowProps) {
  const { total, before } = data;
  const value = ({ costPerSuccess }: Figures): number | null => costPerSuccess;
  const top = roundUp(highestOf(data, value));
  const points = lineOf(data, scale, COST_HEIGHT, { value, enough: hasRuns, high: top });
  const money = (micros: number | null): string => (micros === null ? '–' : formatCost(micros));
  return (
    <section className={styles.row} aria-label="Cost per success">
      <Figure
        label="Cost per success"
        value={money(total.costPerSuccess)}
        change={hasRuns(total) && hasRuns(before) ? amountChange(total.costPerSuccess, before.costPerSuccess) : undefined}
        note={!hasRuns(total) && <TooFew of={total.success.of} />}
      >
        <p>
          all <b>{money(total.costMicros)}</b>
          {total.unknownPrice > 0 && ` and ${formatNumber(total.unknownPrice)} calls of unknown price`}
        </p>
      </Figure>
      <Plot
        {...{ scale, marks, ticks }}
        height={COST_HEIGHT}
        words={`Cost of all runs per succeeded run, by ${unit(data)}. In all ${money(total.costPerSuccess)}.`}
        top={highestOf(data, value) > 0 ? formatCost(top) : ''}
        foot="0"
        titles={titlesOf(data, (figures) => `${money(figures.costPerSuccess)} per success, ${money(figures.costMicros)} in total`)}
      >
        <Line points={points} tone="new" foot={plotFoot(COST_HEIGHT)} />
      </Plot>
    </section>
  );
}
