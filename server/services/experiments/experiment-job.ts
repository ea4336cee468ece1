import { toAppError } from '@switchyard/shared/errors.ts';
import { type Bus, POLL_MS } from '../../engine/bus.ts';
import type { ProcessRecord } from '../../store/collections.ts';
import { type ExperimentRecord, experiments } from '../../store/evaluation/experiment-collections.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { systemCaller } from '../caller.ts';
import { timestamp } from '../context.ts';
import type { GraderCalls } from '../datasets/grader-ports.ts';
import { isHeldAfterRestore } from '../held-runs/held-records.ts';
import { latest } from '../latest.ts';
import type { StandInStarting } from '../replays/stand-in-run.ts';
import type { RunStarting } from '../runs/accept-run.ts';
import { driveExperiment } from './drive-experiment.ts';

/*
 * Drives experiments, each in one process. Invariants: 1. A process claims an experiment by compare-and-set, and only one that no live
 * process drives. 2. A process that was wrongly considered dead does no harm: runs and results have unique keys. 3. A stopped
 * process gives its experiments back; one that died leaves them to the next look of another.
 */

/** More wait for their turn. */
const MOST_AT_ONCE = 4;
/** An experiment whose drive fails unexpectedly so often in a row fails. */
const MOST_FAILURES = 5;
const PAGE = 50;

export interface ExperimentJobParts {
  readonly startingIn: (workspaceId: string) => RunStarting;
  readonly workspaces: Workspaces;
  readonly graders: GraderCalls;
  /** Of this process. */
  readonly processId: string;
  /** Undefined: this is the only process. */
  readonly processes: { isGone(id: string): Promise<boolean>; live(): readonly ProcessRecord[] } | undefined;
  readonly report: (problem: string, error: unknown) => void;
}

/** A drive of this process. */
interface Active {
  readonly workspaceId: string;
  readonly state: { isLost: boolean };
  readonly driven: Promise<void>;
}

export function createExperimentJob({ startingIn, workspaces, graders, processId, processes, report }: ExperimentJobParts) {
  const stop = new AbortController();
  const active = new Map<string, Active>();
  const failures = new Map<string, number>();

  const mayClaim = async ({ driver }: ExperimentRecord): Promise<boolean> =>
    driver === null || driver === processId || processes === undefined || processes.isGone(driver);

  const claim = async (context: StandInStarting, record: ExperimentRecord): Promise<ExperimentRecord | undefined> => {
    const { id, driver, status, startedAt } = record;
    if (!(await mayClaim(record))) return undefined;
    const changes = { driver: processId, status: 'running' as const, startedAt: startedAt ?? timestamp(context) };
    return context.store.update(experiments, id, changes, { equal: { driver, status } });
  };

  const noteFailure = async ({ store }: StandInStarting, { id }: ExperimentRecord, error: unknown): Promise<void> => {
    const count = (failures.get(id) ?? 0) + 1;
    failures.set(id, count);
    if (count < MOST_FAILURES) return;
    const told = toAppError(error);
    const changes = { status: 'failed' as const, driver: null, error: told.code === 'internal' ? 'Internal server error' : told.message };
    await store.update(experiments, id, changes, { equal: { driver: processId, status: 'running' } });
  };

  const begin = (context: StandInStarting, claimed: ExperimentRecord): void => {
    const { id, workspaceId } = claimed;
    const state = { isLost: false };
    const driven = driveExperiment({ context, graders, signal: stop.signal, isLost: () => state.isLost }, claimed)
      .then(() => void failures.delete(id))
      .catch(async (error: unknown) => {
        if (stop.signal.aborted) return;
        report(`Running experiment ${id} failed; retrying`, error);
        await noteFailure(context, claimed, error).catch(() => {});
      })
      .finally(() => {
        active.delete(id);
        if (!stop.signal.aborted && !failures.has(id)) soon();
      });
    active.set(id, { workspaceId, state, driven });
  };

  const pass = latest(async () => {
    for (const workspaceId of await workspaces()) {
      const context = { ...startingIn(workspaceId), caller: systemCaller(workspaceId, 'experiment', 'Experiment'), processes: () => processes?.live() };
      await noteLost(context, active, processId);
      const query = { where: { status: ['queued', 'running'] }, order: { field: 'createdAt' }, limit: PAGE };
      const open = (await context.store.find(experiments, query)).items.filter(({ id }) => !active.has(id));
      if (open.length === 0 || (await isHeldAfterRestore(context.store))) continue;
      for (const record of open) {
        if (stop.signal.aborted || active.size >= MOST_AT_ONCE) return;
        const claimed = await claim(context, record);
        if (claimed) begin(context, claimed);
      }
    }
  });
  const soon = (): void => void pass().catch((error: unknown) => report('Looking for experiments failed; retrying', error));
  let unsubscribe = (): void => {};
  return {
    /** Looks when an experiment is created or continued, and every 10 s. */
    start: (bus: Bus): void => {
      const stopHearing = bus.subscribe((message) => {
        if (message.kind === 'invalidate' && (message.what === 'experiments' || message.what === 'held-runs')) soon();
      });
      const timer = setInterval(soon, POLL_MS.workers).unref();
      unsubscribe = () => {
        stopHearing();
        clearInterval(timer);
      };
      soon();
    },
    /** Gives its experiments back. Runs in progress continue. */
    stop: async (): Promise<void> => {
      stop.abort();
      unsubscribe();
      await pass().catch(() => {});
      await Promise.all([...active.values()].map(({ driven }) => driven));
    },
  };
}

/** Stops drives of experiments that were canceled, or that another process has. */
async function noteLost({ store, workspaceId }: StandInStarting, active: ReadonlyMap<string, Active>, processId: string): Promise<void> {
  const driving = [...active].filter(([, drive]) => drive.workspaceId === workspaceId);
  if (driving.length === 0) return;
  const ids = driving.map(([id]) => id);
  const records = await store.find(experiments, { where: { id: ids }, limit: ids.length });
  const mine = new Set(records.items.flatMap(({ id, driver, status }) => (driver === processId && status === 'running' ? [id] : [])));
  for (const [id, { state }] of driving) state.isLost ||= !mine.has(id);
}
