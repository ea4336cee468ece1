import styles from './range-chart.module.css';

interface Props {
  /** Better is to the right: positive. */
  readonly value: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** The value at each end of the line. */
  readonly reach: number;
  readonly verdict: 'better' | 'worse' | 'none' | 'too-few';
}

const WIDTH = 200;
const HEIGHT = 24;
const MIDDLE = HEIGHT / 2;
const EDGE = 6;

/**
 * A difference as a point with its range, on a line with 0 marked. Colored only if the range leaves 0; a hollow point on a dotted line if there
 * are too few pairs. The row beside it says the same in words.
 */
export function RangeChart({ value, interval, reach, verdict }: Props) {
  const x = (at: number) => WIDTH / 2 + Math.max(-1, Math.min(1, reach === 0 ? 0 : at / reach)) * (WIDTH / 2 - EDGE);
  const isFew = verdict === 'too-few';
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={styles.chart} data-verdict={verdict} aria-hidden>
      <line className={styles.zero} x1={WIDTH / 2} x2={WIDTH / 2} y1={2} y2={HEIGHT - 2} />
      {isFew && <line className={styles.dotted} x1={0} x2={WIDTH} y1={MIDDLE} y2={MIDDLE} />}
      {interval && <line className={styles.range} x1={x(interval.low)} x2={x(interval.high)} y1={MIDDLE} y2={MIDDLE} />}
      {value !== null && <circle className={styles.point} cx={x(value)} cy={MIDDLE} r={isFew ? 4 : 4.5} />}
    </svg>
  );
}
