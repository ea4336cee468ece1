import { useElementSize } from '@mantine/hooks';
import type { Insight } from '@switchyard/shared/contracts/insight/insight.ts';
import styles from './chart.module.css';
import { CostRow, RunsRow, SuccessRow, TimeRow } from './rows.tsx';
import { placeMarks, ticksOf, timeScale } from './scale.ts';

/** Rows on one time axis. Change marks run through all of them, with their names once on top. */
export function Picture({ data, slowLimit }: { data: Insight; slowLimit: number | undefined }) {
  const { ref, width } = useElementSize();
  const scale = timeScale(data, width);
  const shared = { data, scale, marks: placeMarks(data.changes, scale), ticks: ticksOf(data, scale) };
  return (
    <div className={styles.picture}>
      <div className={styles.ruler}>
        <div ref={ref} className={styles.names}>
          {width > 0 &&
            shared.marks.map(({ x, text, title, isEnd }) => (
              <span key={x} className={styles.markName} data-end={isEnd || undefined} style={isEnd ? { right: width - x } : { left: x }} title={title}>
                {text}
              </span>
            ))}
        </div>
      </div>
      {width > 0 && (
        <>
          <RunsRow {...shared} />
          <SuccessRow {...shared} />
          <TimeRow {...shared} slowLimit={slowLimit} />
          <CostRow {...shared} />
          <div className={styles.ruler}>
            <svg width={width} height={24} aria-hidden>
              {shared.ticks.map(({ index, text }) => (
                <text key={index} className={styles.limit} x={scale.pitch * index} y={16}>
                  {text}
                </text>
              ))}
            </svg>
          </div>
        </>
      )}
    </div>
  );
}
