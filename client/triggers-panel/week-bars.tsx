import type { Week } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { formatNumber } from '../ui/format.ts';
import styles from './triggers-panel.module.css';

const HEIGHT = 22;
const PITCH = 7;
const BAR = 5;

/** How often it fired in the last 7 days: a bar per day, the total, and the last time. */
export function WeekFigures({ week }: { week: Week }) {
  const { days, total, rejected, lastAt } = week;
  const max = Math.max(1, ...days);
  const label = `${formatNumber(total)} in the last 7 days${rejected > 0 ? `, ${formatNumber(rejected)} rejected` : ''}`;
  return (
    <>
      <svg
        className={styles.bars}
        viewBox={`0 0 ${days.length * PITCH} ${HEIGHT}`}
        preserveAspectRatio="none"
        width={days.length * PITCH}
        height={HEIGHT}
        role="img"
        aria-label={label}
      >
        {days.map((count, day) => {
          const height = count === 0 ? 1 : Math.max(3, (count / max) * HEIGHT);
          // biome-ignore lint/suspicious/noArrayIndexKey: the days have fixed positions
          return <rect key={day} x={day * PITCH} y={HEIGHT - height} width={BAR} height={height} />;
        })}
      </svg>
      <span className={styles.figures}>
        <b>{formatNumber(total)}</b>
        {rejected > 0 ? <span className={styles.rejected}>{formatNumber(rejected)} rejected</span> : lastAt !== null && <TimeAgo at={lastAt} />}
      </span>
    </>
  );
}
