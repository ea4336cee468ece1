import { ERRORS } from '@switchyard/shared/errors.ts';
import type { ChildOutcome } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import type { AcceptedRun, EnginePorts } from '../engine/ports.ts';
import { keptReply } from '../services/policies/ended-runs.ts';
import { runs } from '../store/collections.ts';
import { findAll } from '../store/find-all.ts';
import type { Store } from '../store/port.ts';
import type { Workspaces } from '../store/workspaces.ts';
import { all } from './run-ports.ts';

/** Starts child runs. The use case needs the engine, which needs these ports, so it is connected later. */
export type StartChild = EnginePorts['startChild'];

interface World {
  readonly store: Store;
  readonly workspaces: Workspaces;
  readonly startChild: StartChild;
  readonly now: () => number;
}

type Reading = Pick<EnginePorts, 'loadRun' | 'readJournal' | 'load' | 'isReference'>;

/** Runs that are linked as parent and child (S38). */
export function childPorts(
  { store, workspaces, startChild, now }: World,
  reading: Reading,
): Pick<EnginePorts, 'startChild' | 'childOutcome' | 'openChildren' | 'parentTold' | 'untoldChildren'> {
  const outputOf = async ({ workspaceId }: AcceptedRun, childId: string, child: AcceptedRun): Promise<unknown> => {
    const records = store.in(workspaceId);
    const record = await records.get(runs, childId);
    if (record?.payloadsRemovedAt !== undefined) return (await keptReply(records, record, new Date(now())))?.value ?? null;
    const { reply } = fold(await reading.readJournal(child));
    const value = reply?.value ?? null;
    return reading.isReference(value) ? reading.load(child, value) : value;
  };
  return {
    startChild,
    childOutcome: async (run, childId): Promise<ChildOutcome> => {
      const record = await store.in(run.workspaceId).get(runs, childId);
      const child = await reading.loadRun(childId);
      if (!record || !child || (record.status !== 'succeeded' && record.status !== 'failed' && record.status !== 'cancelled'))
        return { runId: childId, status: 'failed', output: null, error: { code: 'not-found', message: ERRORS['not-found'].title } };
      const { status, error } = record;
      return { runId: childId, status, output: status === 'succeeded' ? await outputOf(run, childId, child) : null, error };
    },
    openChildren: async ({ workspaceId, runId }) => {
      // `untold` is set only while the parent waits for the child and doesn’t know of its end.
      const waitedFor = await findAll(store.in(workspaceId), runs, { where: { untold: runId }, fields: ['endedAt'] });
      return waitedFor.filter(({ endedAt }) => endedAt === null).map(({ id }) => id);
    },
    parentTold: async ({ workspaceId, runId }) => {
      await store.in(workspaceId).update(runs, runId, { untold: null });
    },
    untoldChildren: async () => {
      const query = { range: { field: 'untold', from: '' }, order: { field: 'untold' } } as const;
      const found = await all({ store, workspaces }, runs, query, ({ id, endedAt }) => ({ id, endedAt }));
      return found.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id);
    },
  };
}
