import { AppError } from '@switchyard/shared/errors.ts';
import { blobOf } from '@switchyard/shared/files/stored-value.ts';
import { type ContainerState, currentStep, type ItemOutcome, type OpenFrame, type StepState } from '@switchyard/shared/run/state.ts';
import type { DriverContext } from '../driver-context.ts';
import type { PlanNode } from '../plan.ts';
import type { EnginePorts } from '../ports.ts';
import { errorData } from '../steps/failure.ts';
import { fitsInPlace, type Outcome, storeLarge } from '../steps/outcome.ts';
import { failStep } from '../steps/resume-step.ts';
import { readableSteps, scopeOf } from '../steps/scope-of.ts';

/* How the items of a for-each step end, and the step with them (S35). */

/** The most that the results of all items may take. */
const MOST_RESULT_BYTES = 50 * 1024 * 1024;

/** Ends an item with its result, or its error. False if values must be loaded or stored first: the driver then decides again. */
export function endItem(driver: DriverContext, node: PlanNode, frame: OpenFrame): boolean {
  const { writer, values } = driver;
  if (frame.error) {
    writer.record({ type: 'frame-failed', frameId: frame.id, error: frame.error });
    values.forget(frame);
    return true;
  }
  const needed = node.inner && (values.load(readableSteps(driver.plan, driver.state, frame, node.inner.needs)) ?? values.loadItems(containerIn(driver, frame)));
  if (needed) {
    driver.pauseUntil(needed);
    return false;
  }
  try {
    return keepResult(driver, frame, resultOf(driver, node, frame));
  } catch (thrown) {
    writer.record({ type: 'frame-failed', frameId: frame.id, error: errorData(thrown, { nodeKey: node.key, stepId: frame.containerId }) });
    values.forget(frame);
    return true;
  }
}

const containerIn = ({ state }: DriverContext, { containerId }: OpenFrame): ContainerState | undefined => state.containers.get(containerId);

/** How much the results of a for-each step take so far. */
const resultBytes = new WeakMap<ContainerState, number>();

const bytesOf = (ports: EnginePorts, result: unknown): number =>
  ports.isReference(result) ? (blobOf(result)?.bytes ?? (JSON.stringify(result) ?? '').length) : (JSON.stringify(result) ?? '').length;

/** Throws `too-large` if the results are too large with this one. Nothing of it is kept then. */
function demandRoom({ ports }: DriverContext, container: ContainerState, result: unknown): void {
  const before =
    resultBytes.get(container) ?? container.outcomes.reduce((sum, outcome) => sum + (outcome && !outcome.error ? bytesOf(ports, outcome.result) : 0), 0);
  const bytes = before + bytesOf(ports, result);
  if (bytes > MOST_RESULT_BYTES) throw tooLarge(container.nodeKey);
  resultBytes.set(container, bytes);
}

function keepResult(driver: DriverContext, frame: OpenFrame, result: unknown): boolean {
  const { ports, run, writer, values, pauseUntil } = driver;
  const container = containerIn(driver, frame);
  if (container) demandRoom(driver, container, result);
  const record = (stored: unknown) => {
    writer.record({ type: 'frame-finished', frameId: frame.id, result: stored });
    values.forget(frame);
  };
  if (ports.isReference(result) || ports.staysInPlace(result)) {
    record(result);
    return true;
  }
  pauseUntil(ports.offload(run, result).then(record));
  return false;
}

/** The result of an item: the template of its container, or else the output of its last node, by key if there are several. */
function resultOf({ run, plan, state, values, desk }: DriverContext, { inner }: PlanNode, frame: OpenFrame): unknown {
  if (!inner) return null;
  if (inner.result)
    return inner.result.evaluate(scopeOf(run, { plan, state, frame, inScope: inner.inScope, step: frame.id, round: 1, original: desk?.original }, values));
  const succeeded = inner.last.flatMap(({ key }) => {
    const step = currentStep(frame, key);
    return step?.status === 'succeeded' ? [step] : [];
  });
  if (inner.last.length === 1) return succeeded[0]?.output ?? null;
  return Object.fromEntries(succeeded.map((step) => [step.nodeKey, values.outputOf(step)]));
}

/** Ends a for-each step with the results of its items, or with the item that failed it. */
export function endItems(driver: DriverContext, node: PlanNode, step: StepState, container: ContainerState): boolean {
  const { failure, outcomes } = container;
  if (failure) return failStep(driver, node, step, itemFailed(node, failure));
  if (outcomes.some((outcome) => isTooLarge(outcome, step))) return failStep(driver, node, step, tooLarge(node.title));
  const references = outcomes.filter((outcome) => outcome && !outcome.error && driver.ports.isReference(outcome.result));
  const isJoined = node.inner?.joinsResults === true;
  if (references.length === 0) return finishItems(driver, node, step, outputOf(container, new Map(), isJoined));
  driver.pauseUntil(
    loadResults(driver, container).then(
      (loaded) => void finishItems(driver, node, step, outputOf(container, loaded, isJoined)),
      (thrown) => void failStep(driver, node, step, thrown),
    ),
  );
  return false;
}

const itemFailed = (node: PlanNode, { index, error }: NonNullable<ContainerState['failure']>): AppError =>
  new AppError('item-failed', `Item ${index + 1} of “${node.title}” failed: ${error.message}`, { details: { index, cause: error } });

const isTooLarge = (outcome: ItemOutcome | undefined, { id }: StepState): boolean => outcome?.error?.code === 'too-large' && outcome.error.stepId === id;

/** The results that are stored by reference, by item. */
async function loadResults({ ports, run }: DriverContext, { outcomes }: ContainerState): Promise<ReadonlyMap<number, unknown>> {
  const loaded = new Map<number, unknown>();
  for (const [index, outcome] of outcomes.entries())
    if (outcome && !outcome.error && ports.isReference(outcome.result)) loaded.set(index, await ports.load(run, outcome.result));
  return loaded;
}

const tooLarge = (name: string): AppError =>
  new AppError('too-large', `The results of “${name}” are larger than 50 MB. Return less from each item, for example an ID.`);

/** The output of a for-each step. Joined, failed items have no entry, because how many they would have is unknown. */
function outputOf({ count, outcomes }: ContainerState, loaded: ReadonlyMap<number, unknown>, isJoined: boolean) {
  const items: unknown[] = [];
  const failed: { index: number; error: unknown }[] = [];
  for (let index = 0; index < count; index++) {
    const outcome = outcomes[index];
    const result = outcome && !outcome.error ? (loaded.has(index) ? loaded.get(index) : outcome.result) : null;
    if (outcome?.error) failed.push({ index, error: outcome.error });
    if (isJoined && Array.isArray(result)) for (const part of result) items.push(part);
    else if (!isJoined || !outcome?.error) items.push(result);
  }
  return { items, failed, count, succeeded: count - failed.length };
}

function finishItems(driver: DriverContext, node: PlanNode, step: StepState, output: unknown): boolean {
  const { ports, writer, values, pauseUntil } = driver;
  const outcome: Outcome = { event: { type: 'step-finished', stepId: step.id, output, port: null }, output };
  const record = ({ event }: Outcome) => {
    values.remember(step.id, output);
    writer.record(event);
  };
  if (fitsInPlace(ports, outcome)) {
    record(outcome);
    return true;
  }
  pauseUntil(storeLarge(driver, outcome).then(record, (thrown) => void failStep(driver, node, step, thrown)));
  return false;
}
