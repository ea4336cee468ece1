import type { MeasureFigures } from '@switchyard/shared/contracts/evaluation/releases.ts';
import styles from './band-chart.module.css';
import { points } from './words.ts';

const WIDTH = 400;
const HEIGHT = 84;
/** The names of 0 and the margin stay this far apart. */
const LABEL = 13;
/** The least range of the axis, in shares: differences below a tenth of a percentage point are noise. */
const LEAST_RANGE = 0.02;

interface BandChartProps {
  readonly figures: Pick<MeasureFigures, 'series' | 'margin'>;
  /** Says the result in words. */
  readonly label: string;
  /** The measure decided that the canary goes back. */
  readonly failed?: boolean;
}

/** The difference as runs came in, within its range, against 0 and the margin. */
export function BandChart({ figures: { series, margin }, label, failed = false }: BandChartProps) {
  const last = series.at(-1);
  const scale = scaleOf(series, margin);
  const x = (runs: number): number => (last && last.runs > 0 ? (runs / last.runs) * WIDTH : 0);
  const y = (value: number): number => HEIGHT * (1 - (clamp(value, scale) - scale.low) / (scale.high - scale.low));
  const path = (of: (point: MeasureFigures['series'][number]) => number): string[] =>
    series.map((point) => `${x(point.runs).toFixed(1)} ${y(of(point)).toFixed(1)}`);
  const [upper, lower, middle] = [path((point) => point.upper), path((point) => point.lower), path((point) => point.difference)];
  return (
    <figure className={styles.chart} data-failed={failed || undefined}>
      <div className={styles.axis} aria-hidden>
        <span className={styles.margin} style={{ top: `${(Math.min(y(margin), y(0) - LABEL) / HEIGHT) * 100}%` }}>
          {points(margin)}
        </span>
        <span style={{ top: `${(y(0) / HEIGHT) * 100}%` }}>0</span>
      </div>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <rect className={styles.zone} width={WIDTH} height={y(margin)} />
        {series.length > 1 && <path className={styles.band} d={`M${upper.join('L')}L${lower.reverse().join('L')}Z`} />}
        <line className={styles.zero} x2={WIDTH} y1={y(0)} y2={y(0)} />
        <line className={styles.limit} x2={WIDTH} y1={y(margin)} y2={y(margin)} />
        {series.length > 1 && <path className={styles.line} d={`M${middle.join('L')}`} />}
      </svg>
      {last && <i className={styles.dot} style={{ top: `${(y(last.difference) / HEIGHT) * 100}%` }} aria-hidden />}
    </figure>
  );
}

interface Scale {
  readonly low: number;
  readonly high: number;
}

const clamp = (value: number, { low, high }: Scale): number => Math.min(high, Math.max(low, value));

/** Shows 0 and the margin, all differences, and as much of the range as was left in the second half. */
function scaleOf(series: MeasureFigures['series'], margin: number): Scale {
  const late = series.slice(Math.floor(series.length / 2));
  const values = [0, margin, LEAST_RANGE, -LEAST_RANGE, ...series.map(({ difference }) => difference), ...late.flatMap(({ lower, upper }) => [lower, upper])];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least) * 0.12;
  return { low: Math.max(-1, least - room), high: Math.min(1, most + room) };
}
