import { barsOf, callsText, type TargetFigures } from './figures/figure-texts.ts';
import styles from './target-row.module.css';

const MINUTES_PER_BAR = 3;
const HEIGHT = 20;

/** Calls of the last hour as bars of 3 minutes. The failed ones are red. */
export function Sparkline({ calls, failed, minutes }: Pick<TargetFigures, 'calls' | 'failed' | 'minutes'>) {
  if (calls === 0) return <p className={styles.noCalls}>no calls in the last hour</p>;
  const bars = barsOf(minutes, MINUTES_PER_BAR);
  const most = Math.max(...bars.map((bar) => bar.calls));
  const height = (count: number) => (count === 0 ? 0 : Math.max(1.5, (count / most) * HEIGHT));
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${bars.length * 5 - 1} ${HEIGHT}`}
      role="img"
      aria-label={`${callsText(calls)} in the last hour, ${failed} failed`}
    >
      {bars.map((bar, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its position
        <g key={index}>
          <rect className={styles.bar} x={index * 5} y={HEIGHT - Math.max(1, height(bar.calls))} width="4" height={Math.max(1, height(bar.calls))} />
          <rect className={styles.failedBar} x={index * 5} y={HEIGHT - height(bar.failed)} width="4" height={height(bar.failed)} />
        </g>
      ))}
    </svg>
  );
}
