import type { ReleaseShadow } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { Link } from '@tanstack/react-router';
import { useReplayedRuns } from '../../api/evaluation/replay-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { OUTCOME_LOOKS } from '../../run-look/replay/replay-looks.ts';
import { shortId } from '../../run-look/run-labels.ts';
import styles from './shadow-panel.module.css';

const MOST_SHOWN = 8;

/** Shadow runs that differ from the live ones, the most serious first. Each opens as a run. */
export function DifferingRuns({ shadow: { replayId, counts } }: { shadow: ReleaseShadow }) {
  const { data, error, refetch } = useReplayedRuns({ id: replayId, counts }, undefined);
  if (error && !data) return <ErrorState title="Couldn’t load runs" error={error} retry={() => void refetch()} />;
  const differing = data?.pages.flatMap(({ items }) => items).filter(({ outcome }) => outcome !== 'same' && outcome !== 'not-replayable') ?? [];
  if (data && differing.length === 0) return <p className={styles.quiet}>No runs differ so far.</p>;
  return (
    <ul className={styles.runs} aria-label="Runs that differ">
      {differing.slice(0, MOST_SHOWN).map(({ sourceId, runId, title, outcome, what }) => {
        const { tone, Glyph, words } = OUTCOME_LOOKS[outcome];
        return (
          <li key={sourceId}>
            <span className={styles.mark} data-tone={tone} title={words}>
              <Glyph size={15} stroke={1.8} aria-label={words} />
            </span>
            <span className={styles.what}>
              <b dir="auto">{title === null ? `Run ${shortId(sourceId)}` : `“${title}”`}</b>
              <span>{what ?? words}</span>
            </span>
            <Link to="/runs/$id" params={{ id: sourceId }} className={styles.link} aria-label={`Live run ${shortId(sourceId)}`}>
              Live run
            </Link>
            {runId !== null && (
              <Link to="/runs/$id" params={{ id: runId }} className={styles.link} aria-label={`Shadow run of ${shortId(sourceId)}`}>
                Shadow run
              </Link>
            )}
          </li>
        );
      })}
    </ul>
  );
}
