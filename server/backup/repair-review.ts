import { frameOf, signalId, stepOfWait } from '@switchyard/shared/run/address.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { isFrameOver } from '@switchyard/shared/run/frames.ts';
import { findStep, isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { eventsInRow } from '@switchyard/shared/run/upcast.ts';
import { openRow } from '../services/policies/run-seal.ts';
import { type ReviewRecord, runs, signals } from '../store/collections.ts';
import type { WorkspaceStore } from '../store/port.ts';

/*
 * Reviews were read after the journals, so one may have been opened or decided in between. `store` is the target, with runs, journals, and
 * signals.
 */

/** The review as its run knows it. Undefined if the run has not asked for it yet, or isn’t part of the backup. */
export async function repairReview(store: WorkspaceStore, review: ReviewRecord): Promise<ReviewRecord | undefined> {
  const run = await store.get(runs, review.runId);
  if (!run) return undefined;
  if (isEnded(run.status) || run.journalRemovedAt !== undefined) return review;
  const state = fold((await store.readJournal(run.id)).map((row) => openRow(undefined, row)).flatMap(eventsInRow));
  if (!hasAsked(state, stepOfWait(review.waitId) ?? '')) return undefined;
  if (review.status === 'open' || !waitsFor(state, review) || (await store.get(signals, signalId(review.runId, review.waitId)))) return review;
  return { ...review, status: 'open', decidedAt: null, decidedBy: null, decision: null };
}

function hasAsked(state: RunState, stepId: string): boolean {
  const frame = frameOf(stepId);
  return findStep(state, stepId) !== undefined || (frame !== undefined && isFrameOver(state, frame));
}

function waitsFor(state: RunState, { waitId }: ReviewRecord): boolean {
  const step = findStep(state, stepOfWait(waitId) ?? '');
  return step?.status === 'waiting' && step.wait?.id === waitId;
}
