import { clusterProcesses } from '@switchyard/server/ownership/cluster-processes.ts';
import { inProcessBus } from '@switchyard/server/ownership/in-process-bus.ts';
import { sharedOwnership } from '@switchyard/server/ownership/shared.ts';
import { DEFAULT_WORKSPACE, processes as processRecords, type RunRecord, runs } from '@switchyard/server/store/collections.ts';
import type { Store } from '@switchyard/server/store/port.ts';
import { INSTALLATION } from '@switchyard/server/store/workspaces.ts';
import { expect, it } from 'vitest';
import { onBothStores } from '../kit/both-stores.ts';

/* Several processes on one store (S41), each with its own monotonic clock. */

const RUN = {
  id: 'run',
  workspaceId: DEFAULT_WORKSPACE,
  workflowId: 'wf',
  labels: {},
  status: 'queued',
  statusToken: 'token',
  createdAt: '2026-01-01T00:00:00.000Z',
  queue: '1|wf||2026-01-01T00:00:00.000Z|run',
};

function processOn(store: Store, id: string) {
  let elapsed = 0;
  const now = () => new Date('2026-01-01T00:00:00Z');
  const processes = clusterProcesses({ store, id, facts: { role: 'all' }, now, elapsed: () => elapsed });
  const bus = inProcessBus((error) => {
    throw error;
  });
  const ownership = sharedOwnership({
    stores: store,
    workspaces: async () => [DEFAULT_WORKSPACE],
    processes,
    bus,
    drivesNew: true,
    priorityOf: () => 'normal',
    reads: async () => true,
    now,
  });
  const pass = (ms: number): void => {
    elapsed += ms;
  };
  return { ...ownership, processes, pass };
}

/** Two processes that have started, and the record of a run as this one says. */
async function two(store: Store) {
  const [one, other] = [processOn(store, 'one'), processOn(store, 'other')];
  for (const process of [one, other]) await process.enter([]);
  const insert = (more: object = {}) => store.in(DEFAULT_WORKSPACE).insert(runs, { ...RUN, ...more } as RunRecord);
  const read = async () => (await store.in(DEFAULT_WORKSPACE).get(runs, 'run')) ?? {};
  /** `one` is not heard from for this long; `other` looks every second. */
  const silence = async (ms: number): Promise<boolean> => {
    let died = false;
    for (let passed = 0; passed < ms; passed += 1_000) {
      other.pass(1_000);
      await other.renew();
      died = (await other.watch()) || died;
    }
    return died;
  };
  return { one, other, insert, read, silence };
}

onBothStores('ownership among several processes', (open) => {
  it('gives a run to one of those that claim it at the same time', async () => {
    await using opened = await open();
    const { one, other, insert, read } = await two(opened.store);
    await insert();
    const claims = await Promise.all([one.claim('run'), other.claim('run')]);
    expect(claims.map(({ kind }) => kind).sort()).toEqual(['claimed', 'owned']);
    expect(await read()).toMatchObject({ ownerEpoch: 1, queue: null });
  });

  it('takes a run from its owner only after 10 s without a heartbeat, and counts no crash', async () => {
    await using opened = await open();
    const { one, other, insert, read, silence } = await two(opened.store);
    await insert();
    await one.claim('run');
    expect(await silence(9_000)).toBe(false);
    await one.renew();
    expect(await silence(9_000)).toBe(false);
    expect([await other.unowned(), await other.claim('run')]).toEqual([[], { kind: 'owned' }]);
    expect(await silence(4_000)).toBe(true);
    expect(await other.unowned()).toEqual(['run']);
    expect(await other.claim('run')).toEqual({ kind: 'claimed', crash: { alone: false, certain: false } });
    expect(await read()).toMatchObject({ owner: 'other', ownerEpoch: 2 });
    // What the earlier owner still writes about the run changes nothing.
    expect(await one.release('run')).toBe(false);
    expect(await read()).toMatchObject({ owner: 'other', ownerEpoch: 2 });
  });

  it('looks again before it takes runs, if it was paused itself', async () => {
    await using opened = await open();
    const { one, other, insert } = await two(opened.store);
    await insert();
    await one.claim('run');
    await other.watch();
    other.pass(60_000);
    await one.renew();
    expect([await other.unowned(), await other.claim('run')]).toEqual([[], { kind: 'owned' }]);
  });

  it('charges the run that a dead process had on probation, once', async () => {
    await using opened = await open();
    const { one, other, insert, silence } = await two(opened.store);
    await insert();
    await one.claim('run');
    await one.mark('run');
    await silence(12_000);
    expect(await other.claim('run')).toEqual({ kind: 'claimed', crash: { alone: false, certain: false, markedBy: 'one' } });
    await other.charged('run');
    await other.watch();
    expect(await other.release('run')).toBe(true);
    expect(await other.claim('run')).toEqual({ kind: 'claimed' });
  });

  it('queues an open run that its process hands off, and leaves a waiting one without a place', async () => {
    await using opened = await open();
    const { one, insert, read } = await two(opened.store);
    await insert({ status: 'running' });
    await one.claim('run');
    expect(await one.release('run')).toBe(true);
    expect(await read()).toMatchObject({ owner: null, ownerEpoch: 1, queue: expect.stringContaining('|run') });
    await one.claim('run');
    await opened.store.in(DEFAULT_WORKSPACE).update(runs, 'run', { status: 'waiting' });
    expect(await one.release('run')).toBe(false);
    expect(await read()).toMatchObject({ owner: null, ownerEpoch: 2, queue: null });
  });

  it('removes the record of a dead process once it owns nothing', async () => {
    await using opened = await open();
    const { one, other, insert, silence } = await two(opened.store);
    const known = async () => (await opened.store.in(DEFAULT_WORKSPACE).find(processRecords)).items.map(({ id }) => id);
    await insert();
    await one.claim('run');
    await silence(12_000);
    await other.unowned();
    expect(await known()).toEqual(['one', 'other']);
    await other.claim('run');
    await other.unowned();
    expect(await known()).toEqual(['other']);
    // It was only silent.
    await one.renew();
    expect(await known()).toEqual(['one', 'other']);
  });

  it('tells each process that another one used a control, once per use', async () => {
    await using opened = await open();
    const { one, other } = await two(opened.store);
    const heard = usesHeardBy(one, other);
    expect(await heard()).toEqual([[], []]);
    await one.processes.useControl();
    expect(await heard()).toEqual([[], ['other']]);
    await one.processes.useControl();
    await other.processes.useControl();
    // A heartbeat changes nothing.
    await one.renew();
    expect(await heard()).toEqual([['one'], ['other']]);
    expect(await heard()).toEqual([[], []]);
  });

  it('tells of a control of a process that is new, has left, or was considered dead', async () => {
    await using opened = await open();
    const { one, other } = await two(opened.store);
    const heard = usesHeardBy(other);
    const late = processOn(opened.store, 'late');
    await late.processes.useControl();
    expect(await heard()).toEqual([['other']]);
    await late.processes.useControl();
    await late.leave();
    expect(await heard()).toEqual([['other']]);
    await opened.store.in(INSTALLATION).delete(processRecords, 'one');
    await one.processes.useControl();
    expect(await heard()).toEqual([['other']]);
    expect(await heard()).toEqual([[]]);
  });

  it('tells of a control after a look that failed', async () => {
    await using opened = await open();
    let isAway = false;
    const flaky: Store = {
      ...opened.store,
      in: (workspaceId) => {
        const store = opened.store.in(workspaceId);
        return { ...store, find: (...given) => (isAway ? Promise.reject(new Error('away')) : store.find(...given)) };
      },
    };
    const [one, other] = [processOn(opened.store, 'one'), processOn(flaky, 'other')];
    for (const process of [one, other]) await process.enter([]);
    const heard = usesHeardBy(other);
    isAway = true;
    await one.processes.useControl();
    await expect(heard()).rejects.toThrow('away');
    isAway = false;
    expect(await heard()).toEqual([['other']]);
  });
});

/** Lets these processes look, and returns what each heard. */
function usesHeardBy(...members: readonly ReturnType<typeof processOn>[]) {
  const heard = new Map<string, string[]>();
  for (const { processId, processes } of members) processes.onLook((isUsed) => isUsed && heard.get(processId)?.push(processId));
  return async (): Promise<string[][]> => {
    for (const { processId } of members) heard.set(processId, []);
    for (const { processes } of members) await processes.look();
    return [...heard.values()];
  };
}
