import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { useState } from 'react';
import { useRunEvents } from '../../api/queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { useRunJournal } from '../../live/run-hooks.ts';
import { JsonView } from '../../run-look/json-view.tsx';
import { formatDuration } from '../../ui/format.ts';
import styles from './run-events.module.css';

/** Number of rows shown at first. */
const SHOWN = 200;

/** The journal of a run: live while it is in progress, from the API once it has ended. */
export function RunEvents({ runId, ended, startedAt }: { runId: string; ended: boolean; startedAt: string }) {
  const journal = useRunJournal(runId);
  const { data, error, refetch } = useRunEvents(runId, ended && journal.length === 0);
  const [shown, setShown] = useState(SHOWN);
  const events = journal.length > 0 ? journal : (data ?? []);
  if (error && events.length === 0) return <ErrorState title="Couldn’t load events" error={error} retry={() => void refetch()} />;
  return (
    <>
      <ol className={styles.events}>
        {events.slice(0, shown).map((event) => (
          <EventRow key={event.seq} event={event} startedAt={startedAt} />
        ))}
      </ol>
      {events.length > shown && (
        <button type="button" className={styles.more} onClick={() => setShown(shown + SHOWN)}>
          Show more of {events.length}
        </button>
      )}
    </>
  );
}

function EventRow({ event, startedAt }: { event: JournalEvent; startedAt: string }) {
  const [open, setOpen] = useState(false);
  const { seq, type, at, ...rest } = event;
  const about = 'stepId' in event ? event.stepId : '';
  return (
    <li>
      <button type="button" className={styles.event} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={styles.seq}>{seq}</span>
        <span className={styles.type}>{type.replaceAll('-', ' ')}</span>
        <span className={styles.step}>{about}</span>
        <span className={styles.at}>+{formatDuration(Date.parse(at) - Date.parse(startedAt))}</span>
      </button>
      {open && <JsonView value={rest} label={`Event ${seq}`} />}
    </li>
  );
}
