import type { Activity } from '@switchyard/shared/contracts/workflows.ts';
import { useSlowNow } from '../ui/clock.ts';
import { formatNumber } from '../ui/format.ts';
import styles from './day-bars.module.css';

const HEIGHT = 26;
const BAR = 3.4;
const PITCH = 4.85;
/** The room of 24 hours. */
export const BARS_WIDTH = 24 * PITCH;
/** The scale holds at least so many runs an hour, so that a single run is a small bar. */
const LEAST_SCALE = 5;

type Hour = Activity['hours'][number];

const runsOf = ({ succeeded, failed, other }: Hour): number => succeeded + failed + other;
const hourWords = ({ succeeded, failed, other }: Hour): string =>
  `${formatNumber(succeeded)} done, ${formatNumber(failed)} failed${other > 0 ? `, ${formatNumber(other)} not ended or stopped` : ''}`;

/** The last 24 hours as bars, failures red at the foot. */
export function DayBars({ activity }: { activity: Activity }) {
  const now = useSlowNow();
  if (activity.runs === 0) return <span className={styles.none}>no runs yet</span>;
  const most = Math.max(LEAST_SCALE, ...activity.hours.map(runsOf));
  return (
    <svg
      className={styles.bars}
      width={activity.hours.length * PITCH}
      height={HEIGHT}
      viewBox={`0 0 ${activity.hours.length * PITCH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${formatNumber(activity.runs)} runs in the last 24 hours, ${formatNumber(activity.failed)} failed`}
    >
      {activity.hours.map((of, index) => {
        const { failed } = of;
        const hour = new Date(now - (activity.hours.length - 1 - index) * 3_600_000).getHours();
        const all = (runsOf(of) / most) * HEIGHT;
        const bad = failed === 0 ? 0 : Math.max(3, (failed / most) * HEIGHT);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the hours are 24 fixed places
          <g key={index}>
            <title>{`${hour}:00 to ${hour}:59: ${hourWords(of)}`}</title>
            <rect x={index * PITCH} width={PITCH} height={HEIGHT} fill="transparent" />
            <rect className={styles.bar} x={index * PITCH} y={HEIGHT - Math.max(all, 1)} width={BAR} height={Math.max(all, 1)} rx="1" />
            {bad > 0 && <rect className={styles.bad} x={index * PITCH} y={HEIGHT - bad} width={BAR} height={bad} rx="1" />}
          </g>
        );
      })}
    </svg>
  );
}
