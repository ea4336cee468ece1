import { AppError } from '@switchyard/shared/errors.ts';
import type { ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import { frameOf } from '@switchyard/shared/run/address.ts';
import { sinceOf } from '@switchyard/shared/run/event-versions.ts';
import type { RunEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import type { Pins } from '@switchyard/shared/run/pin.ts';
import { inFlight, isEnded, isRunning, openSteps, type RunState } from '@switchyard/shared/run/state.ts';
import type { NewEvent } from '../journal-writer.ts';
import type { CrashEvidence } from '../ownership.ts';
import type { AcceptedRun, EnginePorts } from '../ports.ts';
import { errorData } from '../steps/failure.ts';

/*
 * Counts crashes (S29a). A crash is charged to the run on probation, or to the only active run. If several were active, the first crash
 * counts for each run that was in the middle of a step, and later ones for none; probation then finds the cause.
 */

/** How many crashes in a row end a run that makes no progress. */
export const CRASH_LIMIT = 3;

/** The run's crash count when it is taken over. The count of a run on probation was raised before (`chargeCrash`). */
export function crashesOf(state: RunState, crash: CrashEvidence | undefined): number {
  if (!crash || crash.markedBy !== undefined) return state.crashes;
  if (crash.alone) return state.crashes + 1;
  return crash.certain && inFlight(state).length > 0 ? Math.max(state.crashes, 1) : state.crashes;
}

/** Counts a crash against the run that was on probation when the process died, before any part of it runs again. */
export async function chargeCrash(ports: EnginePorts, runId: string, processId: string): Promise<void> {
  const run = await ports.loadRun(runId);
  if (run) await charge(ports, run, processId);
  await ports.ownership.charged(runId);
}

async function charge(ports: EnginePorts, run: AcceptedRun, processId: string): Promise<void> {
  const journal = await ports.readJournal(run);
  const state = fold(journal);
  // The run made progress under that process, but was still marked on disk.
  const gotFurther = state.processId === processId && state.crashes === 0 && state.restarts === 0 && journal.at(-1)?.type !== 'driver-changed';
  if (isEnded(state.status) || gotFurther) return;
  // It was on probation because of an earlier crash, which its journal may not show yet.
  const crashes = Math.max(state.crashes, 1) + 1;
  const at = new Date(ports.now()).toISOString();
  const changed: RunEvent = { type: 'driver-changed', at, epoch: Math.max(state.epoch, 1) + 1, crashes, processId: ports.ownership.processId };
  const events: RunEvent[] = state.seq > 0 ? [changed] : [{ ...runStarted(run), at }, changed];
  const v = Math.max(state.eventVersion, ...events.map(({ type }) => sinceOf(type)));
  await ports.append(run, { seq: state.seq + 1, epoch: changed.epoch, v, events });
}

/** What a new run looks up once, and keeps. */
export interface RunBeginning {
  readonly prompts?: readonly ResolvedPrompt[];
  readonly pins?: Pins;
}

export const runStarted = (
  { workflowId, version, labels, graphHash, actor, trigger, policy, only, faults, standIns }: AcceptedRun,
  { prompts = [], pins = {} }: RunBeginning = {},
): NewEvent & { type: 'run-started' } => ({
  type: 'run-started',
  workflowId,
  version,
  trigger: standIns?.as ?? trigger.kind,
  labels,
  graphHash,
  actor,
  ...(prompts.length > 0 && { prompts }),
  ...(policy !== undefined && { policy }),
  ...(Object.keys(pins).length > 0 && { pins }),
  ...(only !== undefined && { only }),
  ...(faults && { faults }),
});

/** The events that end a run whose crashes reached the limit. */
export function crashFailure(state: RunState): NewEvent[] {
  const running = [...openSteps(state)].filter(isRunning);
  const [step] = running;
  const advice = 'Check the server log for the cause, then rerun the run.';
  if (!step || running.length > 1) {
    const error = new AppError('run-crashed', `The server stopped ${CRASH_LIMIT} times in a row while this run was active, so it does not continue. ${advice}`);
    return [{ type: 'run-failing', error: errorData(error, { nodeKey: '', stepId: '' }) }];
  }
  const error = new AppError(
    'step-crashed',
    `The server stopped ${CRASH_LIMIT} times in a row while “${step.nodeKey}” was running, so it does not run again. ${advice}`,
  );
  const attempt = step.attempts.at(-1)?.number ?? 1;
  const data = errorData(error, { nodeKey: step.nodeKey, stepId: step.id });
  const failed: NewEvent = { type: 'step-failed', stepId: step.id, error: data, handled: false, attempt };
  // In an item, the step would fail only the item, and the run would continue.
  return frameOf(step.id) === undefined ? [failed] : [failed, { type: 'run-failing', error: data }];
}
