import { isEnded } from '@switchyard/shared/run/state.ts';
import { runs } from '../store/collections.ts';
import { feedback } from '../store/evaluation/feedback-collections.ts';
import { findAll } from '../store/find-all.ts';
import type { WorkspaceStore } from '../store/port.ts';
import { markAgain } from './roll-ups/hour-memory.ts';

/**
 * Notes the mean score of a run’s feedback in its record, and marks its hour as changed (S86). Call it after the feedback is stored. Of several
 * at once, the last one to finish has read all feedback.
 */
export async function rateRun(store: WorkspaceStore, runId: string, now: Date, unique: string): Promise<void> {
  for (;;) {
    const run = await store.get(runs, runId);
    if (!run) return;
    const scores = (await findAll(store, feedback, { where: { runId } })).flatMap(({ score }) => (score === null ? [] : [score]));
    const rating = scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
    if (rating === (run.rating ?? null)) return;
    // The end of an open run marks it.
    const changes = { rating, ...(isEnded(run.status) && { unrolled: markAgain(now, unique) }) };
    if (await store.update(runs, runId, changes, { equal: { status: run.status, unrolled: run.unrolled ?? null, rating: run.rating ?? null } })) return;
  }
}
