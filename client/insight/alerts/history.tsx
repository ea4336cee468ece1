import type { Opening } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { observationWords } from '@switchyard/shared/insight/metrics.ts';
import { Link } from '@tanstack/react-router';
import { SHOWN_OPENINGS, useOpenings } from '../../api/insight/alert-rule-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatDuration } from '../../ui/format.ts';
import styles from './alerts.module.css';
import { RESOLUTION_WORDS, ruleCondition, runsOf, scopeWords } from './rule-words.ts';

/** What rules have reported, newest first. Nothing before the first alert. */
export function History() {
  const { data, error, refetch } = useOpenings();
  if (error) return <ErrorState title="Couldn’t load alert history" error={error} retry={() => void refetch()} />;
  if (!data || data.items.length === 0) return null;
  return (
    <section aria-labelledby="history-title" className={styles.history}>
      <h2 id="history-title">History</h2>
      <div className={styles.scroll}>
        <table>
          <thead>
            <tr>
              <th scope="col">Alert</th>
              <th scope="col">Opened</th>
              <th scope="col">For</th>
              <th scope="col">Ended</th>
              <th scope="col">Told</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((opening) => (
              <OpeningRow key={opening.id} opening={opening} />
            ))}
          </tbody>
        </table>
      </div>
      {data.nextCursor !== null && <p className={styles.words}>The latest {SHOWN_OPENINGS} alerts.</p>}
    </section>
  );
}

function OpeningRow({ opening }: { opening: Opening }) {
  const { name, definition, workflowName, openedAt, opened, resolvedAt, resolution, told, error } = opening;
  const condition = ruleCondition(definition);
  return (
    <tr>
      <th scope="row">
        <Link to="/runs" search={{ ...runsOf(definition), period: '30d' }} dir="auto">
          {name}
        </Link>
        <small>
          {name !== condition && `${condition} · `}
          {scopeWords(definition.scope, () => workflowName ?? undefined)} · {observationWords(definition, opened)}
        </small>
      </th>
      <td>
        <TimeAgo at={openedAt} />
      </td>
      <td>{resolvedAt === null ? '–' : formatDuration(Date.parse(resolvedAt) - Date.parse(openedAt))}</td>
      <td>{resolution === null ? 'Open' : RESOLUTION_WORDS[resolution]}</td>
      <td data-failed={(error !== null && told === null) || undefined}>{told ? told.to : (error ?? '–')}</td>
    </tr>
  );
}
