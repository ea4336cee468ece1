import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { useFirstEvents } from '../api/queries.ts';
import { useLiveRun, useRunJournal } from './run-hooks.ts';

interface ListedEvents {
  readonly events: readonly JournalEvent[];
  readonly total: number;
  readonly error: unknown;
  readonly retry: () => void;
}

/** The first events of a run: the live ones, or from the API where the live run leaves some out (S36). */
export function useListedEvents(runId: string, limit: number): ListedEvents {
  const { state, received, phase } = useLiveRun(runId);
  const journal = useRunJournal(runId);
  const isWhole = received > 0 && received === state.seq;
  const { data, error, refetch } = useFirstEvents(runId, { limit, isOpen: !isEnded(state.status), enabled: !isWhole && phase !== 'loading' });
  const events = isWhole ? journal.slice(0, limit) : (data ?? []);
  return { events, total: state.seq, error: isWhole || data ? null : error, retry: () => void refetch() };
}
