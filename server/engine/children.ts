import { cancelSignalId, signalId } from '@switchyard/shared/run/address.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { openSteps, type RunState, type StepState } from '@switchyard/shared/run/state.ts';
import { closeReviews, type DriverContext } from './driver-context.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

/*
 * Runs that are linked as parent and child (S38). The end of a child is a signal of its parent, and a parent that stops waiting cancels the
 * child. A crash may come between either and what led to it, so both are also looked for at the start and by polling.
 */

/** What a run needs of the others. */
type Wake = (runId: string) => void;

/** Tells the parent that this run has ended. Doing so twice changes nothing. */
export async function tellParent(ports: EnginePorts, wake: Wake, run: AcceptedRun): Promise<void> {
  const { parent } = run;
  if (!parent || parent.waitId === null) return;
  const parentRun = await ports.loadRun(parent.runId);
  if (parentRun) {
    const signal = { id: signalId(parent.runId, parent.waitId), runId: parent.runId, waitId: parent.waitId, value: { runId: run.runId } };
    await ports.insertSignal(parentRun, { ...signal, kind: 'run', actor: { kind: 'system', id: 'child-run' } });
    wake(parent.runId);
  }
  await ports.parentTold(run);
}

/** Tells the parents of ended runs that may not know yet. */
export async function tellParents(ports: EnginePorts, wake: Wake): Promise<void> {
  for (const runId of await ports.untoldChildren()) {
    const run = await ports.loadRun(runId);
    if (run) await tellParent(ports, wake, run);
  }
}

/** Cancels a child run that its parent no longer waits for. */
export async function cancelChild(ports: EnginePorts, wake: Wake, childId: string): Promise<void> {
  const child = await ports.loadRun(childId);
  if (!child) return;
  const signal = { id: cancelSignalId(childId), runId: childId, waitId: null, value: { reason: 'The run that started it no longer waits for it.' } };
  await ports.insertSignal(child, { ...signal, kind: 'cancel', actor: { kind: 'system', id: 'parent-run' } });
  wake(childId);
}

/** Cancels the child runs of a run that has ended. */
export async function cancelChildren(ports: EnginePorts, wake: Wake, run: AcceptedRun): Promise<void> {
  for (const childId of await ports.openChildren(run)) await cancelChild(ports, wake, childId);
}

/** Steps stop waiting: closes their reviews, and cancels their child runs. */
export function closeWaits(driver: DriverContext, steps: readonly StepState[]): void {
  const waits = steps.flatMap(({ wait }) => wait ?? []);
  closeReviews(
    driver,
    waits.flatMap((wait) => ('reviewId' in wait ? [wait.reviewId] : [])),
  );
  for (const wait of waits) if (wait.kind === 'run') driver.pauseUntil(cancelChild(driver.ports, driver.wake, wait.runId));
}

/** The waits for child runs in which something waits for a person or a callback, at any depth (S39). `stateNow` gives the state of a run. */
export async function restingChildren(stateNow: (runId: string) => Promise<RunState | undefined>, state: RunState): Promise<ReadonlySet<string>> {
  const resting = new Set<string>();
  if (state.status !== 'waiting') return resting;
  for (const { status, wait } of openSteps(state)) {
    if (status !== 'waiting' || wait?.kind !== 'run') continue;
    const child = await stateNow(wait.runId);
    if (child?.status === 'waiting' && (waitsForOthers(child) || (await restingChildren(stateNow, child)).size > 0)) resting.add(wait.id);
  }
  return resting;
}

const waitsForOthers = (state: RunState): boolean =>
  [...openSteps(state)].some(({ status, wait }) => status === 'waiting' && wait !== undefined && ('reviewId' in wait || wait.kind === 'callback'));

/** The state of a run by its journal. Undefined if there is no such run. */
export async function stateOf(ports: EnginePorts, runId: string): Promise<RunState | undefined> {
  const run = await ports.loadRun(runId);
  return run && fold(await ports.readJournal(run));
}
