import type { Activity } from '@switchyard/shared/contracts/workflows.ts';
import { useState } from 'react';
import { useSlowNow } from '../ui/clock.ts';
import { formatNumber } from '../ui/format.ts';
import styles from './day-bars.module.css';

const HEIGHT = 26;
const BAR = 3.4;
const PITCH = 4.85;
/** The width of 24 hours. */
export const BARS_WIDTH = 24 * PITCH;
/** The scale covers at least this many runs per hour, which keeps the bar of a single run small. */
const MIN_SCALE = 5;

type Hour = Activity['hours'][number];

const runsOf = ({ succeeded, failed, other }: Hour): number => succeeded + failed + other;

/** All bars in one path, since there may be hundreds of workflows. */
const pathOf = (heights: readonly number[]): string =>
  heights.map((height, index) => (height === 0 ? '' : `M${(index * PITCH).toFixed(2)} ${HEIGHT}v${-height.toFixed(2)}h${BAR}v${height.toFixed(2)}z`)).join('');

/** The last 24 hours as bars, with failures in red at the bottom. */
export function DayBars({ activity }: { activity: Activity }) {
  const [pointed, setPointed] = useState(false);
  const { hours } = activity;
  if (activity.runs === 0) return <span className={styles.none}>no runs yet</span>;
  const max = Math.max(MIN_SCALE, ...hours.map(runsOf));
  return (
    <svg
      className={styles.bars}
      width={hours.length * PITCH}
      height={HEIGHT}
      viewBox={`0 0 ${hours.length * PITCH} ${HEIGHT}`}
      role="img"
      aria-label={`${formatNumber(activity.runs)} runs in the last 24 hours, ${formatNumber(activity.failed)} failed`}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
    >
      <path className={styles.bar} d={pathOf(hours.map((hour) => Math.max(1, (runsOf(hour) / max) * HEIGHT)))} />
      <path className={styles.bad} d={pathOf(hours.map(({ failed }) => (failed === 0 ? 0 : Math.max(3, (failed / max) * HEIGHT))))} />
      <rect width="100%" height="100%" fill="transparent" />
      {pointed && <HourTip hours={hours} />}
    </svg>
  );
}

/** The figures of each hour, on hover. */
function HourTip({ hours }: { hours: readonly Hour[] }) {
  const now = useSlowNow();
  return hours.map((of, index) => {
    const hour = new Date(now - (hours.length - 1 - index) * 3_600_000).getHours();
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the 24 hours have fixed positions
      <rect key={index} x={index * PITCH} width={PITCH} height={HEIGHT} fill="transparent">
        <title>{`${hour}:00 to ${hour}:59: ${describeHour(of)}`}</title>
      </rect>
    );
  });
}

const describeHour = ({ succeeded, failed, other }: Hour): string =>
  `${formatNumber(succeeded)} succeeded, ${formatNumber(failed)} failed${other > 0 ? `, ${formatNumber(other)} in progress or canceled` : ''}`;
