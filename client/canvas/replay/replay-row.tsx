import { useNodeReplay } from '../../open-workflow/replay-marks.ts';
import { MARK_ICONS, MARK_WORDS } from '../../run-look/replay/replay-looks.ts';
import styles from './replay-row.module.css';

/** While a replay is drawn: how many runs went through the card, and in how many it differs. */
export function ReplayRow({ nodeId }: { nodeId: string }) {
  const replay = useNodeReplay(nodeId);
  if (!replay) return null;
  const { before, after, marks } = replay;
  const differs = marks.reduce((sum, { runs }) => sum + runs, 0);
  const total = Math.max(after, differs, 1);
  const change = after - before;
  return (
    <>
      {differs > 0 && (
        <span className={styles.counters}>
          {marks.map(({ mark, runs }) => {
            const Glyph = MARK_ICONS[mark];
            return (
              <span key={mark} className={styles.counter} data-mark={mark} title={`${runs} ${MARK_WORDS[mark]}`}>
                <Glyph size={12} stroke={2} aria-hidden />
                {runs}
                <span className="visually-hidden"> {MARK_WORDS[mark]}</span>
              </span>
            );
          })}
        </span>
      )}
      <div className={styles.row}>
        {differs > 0 ? (
          <span className={styles.bar} aria-hidden>
            <i style={{ width: `${(100 * (total - differs)) / total}%` }} />
            {marks.map(({ mark, runs }) => (
              <i key={mark} data-mark={mark} style={{ width: `${(100 * runs) / total}%` }} />
            ))}
          </span>
        ) : (
          <span className={styles.words}>{change === 0 ? 'same' : change < 0 ? `${-change} fewer` : `${change} more`}</span>
        )}
        <span className={styles.count}>
          {after}
          <span className="visually-hidden"> {after === 1 ? 'run' : 'runs'}</span>
        </span>
      </div>
    </>
  );
}
