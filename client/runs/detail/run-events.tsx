import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { useState } from 'react';
import { ErrorState } from '../../frame/error-state.tsx';
import { useListedEvents } from '../../live/run-events.ts';
import { JsonView } from '../../run-look/json-view.tsx';
import { formatDuration, formatNumber } from '../../ui/format.ts';
import styles from './run-events.module.css';

/** Number of rows shown at first. */
const SHOWN = 200;

/** The journal of a run, in pages. */
export function RunEvents({ runId, startedAt }: { runId: string; startedAt: string }) {
  const [shown, setShown] = useState(SHOWN);
  const { events, total, error, retry } = useListedEvents(runId, shown);
  if (error) return <ErrorState title="Couldn’t load events" error={error} retry={retry} />;
  return (
    <>
      <ol className={styles.events}>
        {events.map((event) => (
          <EventRow key={event.seq} event={event} startedAt={startedAt} />
        ))}
      </ol>
      {total > shown && (
        <button type="button" className={styles.more} onClick={() => setShown(shown + SHOWN)}>
          Show more of {formatNumber(total)}
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
