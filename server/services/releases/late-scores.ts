import { runs } from '../../store/collections.ts';
import { feedback } from '../../store/evaluation/feedback-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/* Scores of feedback that comes after its run was read, also long after its end. Clocks of processes may differ by OVERLAP_MS. */

export const OVERLAP_MS = 5_000;
/** Feedback read per look. */
const MOST_FEEDBACK = 500;

/** Reads the feedback on a workflow from now on. `since`: the release changed then. What was given before is read with its runs. */
export async function lateScores(store: WorkspaceStore, workflowId: string, since: string) {
  const order = { field: 'at', descending: true } as const;
  const [newest] = (await store.find(feedback, { where: { workflowId }, order, fields: ['at'], limit: 1 })).items;
  let from = isoBefore(newest?.at ?? since, OVERLAP_MS);
  return {
    /** The mean scores of runs with new feedback, among those that are watched. */
    read: async (reader: WorkspaceStore, isWatched: (runId: string) => boolean): Promise<{ readonly runId: string; readonly score: number }[]> => {
      const range = { field: 'at', from };
      const query = { where: { workflowId }, range, order: { field: 'at' }, fields: ['runId', 'at'], limit: MOST_FEEDBACK };
      const { items } = await reader.find(feedback, query);
      const last = items.at(-1);
      if (last) from = items.length < MOST_FEEDBACK ? laterOf(from, isoBefore(last.at, OVERLAP_MS)) : last.at;
      const ids = [...new Set(items.map(({ runId }) => runId))].filter(isWatched);
      const records = await Promise.all(ids.map((id) => reader.get(runs, id)));
      return records.flatMap((record) => (record && typeof record.rating === 'number' ? [{ runId: record.id, score: record.rating }] : []));
    },
  };
}

export const isoBefore = (time: string, ms: number): string => (time === '' ? '' : new Date(Date.parse(time) - ms).toISOString());
export const laterOf = (one: string, other: string): string => (one > other ? one : other);
