import type { Erasure } from '@switchyard/shared/contracts/policies.ts';
import { IconCircleCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { actorLabel } from '../../run-look/actor-label.ts';
import { formatExact } from '../../ui/format.ts';
import { rowsText, runsText } from '../storage/affected-text.ts';
import styles from './erasure.module.css';

/** What an erasure removed. The server keeps it without the label’s value. */
export function Receipt({ erasure: { id, at, actor, label, value, runs, removedBefore, rows, open, hasMore, reason } }: { erasure: Erasure }) {
  return (
    <section className={styles.strip} aria-label="Receipt">
      <p className={styles.done}>
        <IconCircleCheck size={16} stroke={1.7} aria-hidden />
        <span>
          The payloads of <b>{runsText(runs)}</b> with {label} “{value}” are removed.
          {rows > 0 && ` ${rowsText(rows)} they wrote ${rows === 1 ? 'is' : 'are'} deleted from tables.`}
          {removedBefore > 0 && ` ${runsText(removedBefore)} already had none.`}
          {hasMore && ' There are more runs: repeat the erasure.'}
        </span>
      </p>
      <p className={styles.quiet}>
        Receipt <code>{id}</code>, {formatExact(new Date(at))}, by {actorLabel(actor)}
        {reason ? `: “${reason}”` : ''}
      </p>
      <OpenRuns ids={open} />
    </section>
  );
}

const MOST_SHOWN = 20;

/** Runs that keep their payloads until they end. */
export function OpenRuns({ ids }: { ids: readonly string[] }) {
  if (ids.length === 0) return null;
  return (
    <div className={styles.open}>
      <p>
        {ids.length === 1 ? '1 run has' : `${runsText(ids.length)} have`} not ended and {ids.length === 1 ? 'keeps its' : 'keep their'} payloads. Cancel{' '}
        {ids.length === 1 ? 'it' : 'them'}, or erase again later.
      </p>
      <ul className={styles.runs} aria-label="Runs that have not ended">
        {ids.slice(0, MOST_SHOWN).map((id) => (
          <li key={id}>
            <Link to="/runs/$id" params={{ id }}>
              {id}
            </Link>
          </li>
        ))}
        {ids.length > MOST_SHOWN && <li>and {ids.length - MOST_SHOWN} more</li>}
      </ul>
    </div>
  );
}
