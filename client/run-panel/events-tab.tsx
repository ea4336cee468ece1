import { useCallback } from 'react';
import { useListedEvents } from '../live/run-events.ts';
import { useRunState } from '../live/run-hooks.ts';
import { useRanGraph } from '../open-workflow/editor-store.ts';
import { formatExact, formatNumber } from '../ui/format.ts';
import { describeEvent, formatOffset } from './describe-event.ts';
import classes from './run-panel.module.css';

const MAX_EVENTS = 500;

/** The journal of a run as sentences, with the time since its start. */
export function EventsTab({ runId }: { runId: string | undefined }) {
  if (runId === undefined) return <p className={classes.words}>Every event of the run, in order.</p>;
  return <Events runId={runId} />;
}

function Events({ runId }: { runId: string }) {
  const { events, total } = useListedEvents(runId, MAX_EVENTS);
  const { startedAt } = useRunState(runId);
  const graph = useRanGraph();
  const titleOf = useCallback((key: string) => graph.nodes.find((node) => node.data.key === key)?.data.title ?? key, [graph]);
  return (
    <>
      <ol className={classes.events}>
        {events.map((event) => (
          <li key={event.seq} data-failed={/failed|failing/.test(event.type) || undefined}>
            <span className={classes.seq}>{event.seq}</span>
            <time className={classes.offset} dateTime={event.at} title={formatExact(new Date(event.at))}>
              {formatOffset(event.at, startedAt)}
            </time>
            <span>{describeEvent(event, titleOf)}</span>
          </li>
        ))}
      </ol>
      {total > MAX_EVENTS && (
        <p className={classes.words}>
          Showing {MAX_EVENTS} of {formatNumber(total)} events.
        </p>
      )}
    </>
  );
}
