import { callbackWaitId } from '@switchyard/shared/run/address.ts';
import type { ReviewTask } from '@switchyard/shared/run/events.ts';
import type { ContainerState, FrameState, StepState } from '@switchyard/shared/run/state.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

/** The actual values of what the journal stores by reference, for as long as the run is driven. */
export interface RunValues {
  /** Output of a step; must be loaded. */
  outputOf(step: StepState): unknown;
  /** Remembers a new value, so it doesn't have to be loaded. */
  remember(stepId: string, value: unknown): void;
  /** Loads missing values; undefined if there are none. */
  load(steps: readonly StepState[]): Promise<void> | undefined;
  /** An item of a for-each step; must be loaded. */
  itemOf(container: ContainerState, item: number): unknown;
  /** Loads the items; undefined if they are there. */
  loadItems(container: ContainerState | undefined): Promise<void> | undefined;
  /** The URL that ends the wait of a step for its callback. */
  callbackUrl(stepId: string): string;
  /** Forgets the values of an item that has ended. */
  forget(frame: FrameState): void;
  /** How the wait of a step ended; must be loaded. */
  resolutionOf(step: StepState): StepState['resolution'];
  /** Loads its missing values; undefined if there are none. */
  loadResolution(step: StepState): Promise<void> | undefined;
}

type Resolution = NonNullable<StepState['resolution']>;

/** True if the task or the decision is stored by reference. */
const hasReference = (ports: EnginePorts, { wait, value }: Resolution): boolean =>
  ports.isReference(value) || (wait.kind === 'review' && wait.whole !== undefined);

async function inFull(ports: EnginePorts, run: AcceptedRun, resolution: Resolution): Promise<Resolution> {
  const full = async (value: unknown) => (ports.isReference(value) ? ports.load(run, value) : value);
  const { wait } = resolution;
  const value = await full(resolution.value);
  if (wait.kind !== 'review' || wait.whole === undefined) return { ...resolution, value };
  const { whole, ...rest } = wait;
  return { ...resolution, value, wait: { ...rest, task: (await full(whole)) as ReviewTask } };
}

/** `asRun`: the run whose callback URLs it shows, if not its own. */
export function createRunValues(ports: EnginePorts, run: AcceptedRun, asRun = run.runId): RunValues {
  const loaded = new Map<string, unknown>();
  /** The items of for-each steps, by step ID. */
  const lists = new Map<string, readonly unknown[]>();
  /** Lists that several items need at the same time are loaded once. */
  const loading = new Map<string, Promise<void>>();
  /** By wait ID. */
  const resolutions = new Map<string, Resolution>();
  const itemsOf = ({ stepId, items }: ContainerState): readonly unknown[] => (lists.get(stepId) ?? items) as readonly unknown[];
  return {
    itemOf: (container, item) => itemsOf(container)[item],
    callbackUrl: (step) => ports.callbackUrl({ ...run, runId: asRun }, callbackWaitId(step)),
    loadItems: (container) => {
      if (!container || lists.has(container.stepId) || !ports.isReference(container.items)) return undefined;
      const { stepId } = container;
      const load = loading.get(stepId) ?? ports.load(run, container.items).then((items) => void lists.set(stepId, items as readonly unknown[]));
      loading.set(stepId, load);
      return load.finally(() => loading.delete(stepId));
    },
    forget: ({ steps }) => {
      for (const { id } of steps.values()) {
        loaded.delete(id);
        lists.delete(id);
      }
    },
    outputOf: (step) => (loaded.has(step.id) ? loaded.get(step.id) : step.output),
    remember: (stepId, value) => loaded.set(stepId, value),
    load: (steps) => {
      const missing = steps.filter((step) => !loaded.has(step.id) && ports.isReference(step.output));
      if (missing.length === 0) return undefined;
      return Promise.all(missing.map(async (step) => loaded.set(step.id, await ports.load(run, step.output)))).then(() => undefined);
    },
    resolutionOf: ({ resolution }) => resolution && (resolutions.get(resolution.wait.id) ?? resolution),
    loadResolution: ({ resolution }) => {
      if (!resolution || resolutions.has(resolution.wait.id) || !hasReference(ports, resolution)) return undefined;
      return inFull(ports, run, resolution).then((full) => void resolutions.set(full.wait.id, full));
    },
  };
}
