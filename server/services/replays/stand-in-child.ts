import { AppError } from '@switchyard/shared/errors.ts';
import type { StandIns } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { AcceptedRun, StartedChild } from '../../engine/ports.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/* The child runs of replays and of runs of experiments: each is replayed the same way, on the version of the recorded child (S82a). */

/** The recorded run that a child run repeats, and what replaces its effects. */
export interface StandInChild {
  readonly recorded: RunRecord | undefined;
  readonly standIns: StandIns;
}

/**
 * Finds the recorded child that a step’s child run repeats: one with the same input, of the same step, or the next of the same workflow. Each
 * is repeated once. Undefined for a parent that performs its effects. Call it one at a time for the steps of a parent.
 */
export async function standInChild(store: WorkspaceStore, parent: AcceptedRun, child: StartedChild, inputHash: string): Promise<StandInChild | undefined> {
  const { standIns } = parent;
  if (!standIns) return undefined;
  const { source, ...rest } = standIns;
  const recorded = source === undefined ? undefined : await unrepeated(store, { source, replay: parent.runId }, child, inputHash);
  return { recorded, standIns: { ...rest, source: recorded?.id } };
}

async function unrepeated(
  store: WorkspaceStore,
  { source, replay }: { readonly source: string; readonly replay: string },
  { workflowId, stepId, isWaited }: StartedChild,
  inputHash: string,
): Promise<RunRecord | undefined> {
  const children = await findAll(store, runs, { where: { parentRunId: source } });
  const repeated = new Set((await findAll(store, runs, { where: { parentRunId: replay } })).map(({ standIns }) => standIns?.source));
  const left = children
    .filter((record) => record.workflowId === workflowId && !repeated.has(record.id) && (record.parent?.waitId !== null) === isWaited)
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  const hasInput = (record: RunRecord): boolean => record.inputHash === inputHash;
  const isOfStep = (record: RunRecord): boolean => record.parent?.stepId === stepId;
  const same = left.find((record) => hasInput(record) && isOfStep(record)) ?? left.find(hasInput);
  return same ?? (isWaited ? (left.find(isOfStep) ?? left[0]) : undefined);
}

/** A run that nothing waits for isn’t repeated: its parent only learns its ID. Throws `stopped` if it would be a new one. */
export function startedBefore({ recorded }: StandInChild, name: string): { readonly runId: string } {
  if (recorded) return { runId: recorded.id };
  throw new AppError('stopped', `Would start “${name}”`, { details: { why: 'would-call' } });
}
