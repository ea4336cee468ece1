import { AppError } from '@switchyard/shared/errors.ts';
import { expect, test } from 'vitest';
import { inProcessBus } from '../../ownership/in-process-bus.ts';
import type { Query, Store } from '../../store/port.ts';
import type { KillSwitchRecord } from '../../store/registry-collections.ts';
import { type ControlWatch, createKillBoard } from './kill-board.ts';

const HERE = 'default';
const record = (scope: Partial<KillSwitchRecord['scope']>, mode: KillSwitchRecord['mode'] = 'refuse', reason: string | null = null): KillSwitchRecord => ({
  id: `${scope.kind}-${scope.id}-${mode}`,
  workspaceId: HERE,
  key: '',
  scope: { kind: 'workflow', id: '', name: scope.id ?? '', ...scope },
  mode,
  reason,
  createdAt: '2026-03-01T12:00:00.000Z',
  actor: { kind: 'user', id: 'ada' },
  refusedRuns: 0,
  refusedCalls: 0,
  abort: null,
  revision: 1,
});

/** A board over these records. `reads` delays the store's reads or makes them fail. */
function boardOver(records: KillSwitchRecord[], reads: { before: () => Promise<void> } = { before: async () => {} }, controls?: ControlWatch) {
  const clock = { ms: 0 };
  const find = async (_: unknown, { limit = 100, cursor = '0' }: Query) => {
    await reads.before();
    const end = Number(cursor) + limit;
    return { items: records.slice(Number(cursor), end), nextCursor: end < records.length ? String(end) : null };
  };
  const stores = { in: () => ({ find }) } as unknown as Store;
  const bus = inProcessBus(() => {});
  const board = createKillBoard({ stores, workspaces: async () => [HERE], bus, elapsed: () => clock.ms, report: () => {}, ...(controls && { controls }) });
  return { board, bus, clock };
}

const run = { workspaceId: HERE, workflowId: 'wfl_1', version: 2, labels: { tenant: 'globex' } };
const call = { workspaceId: HERE, run, route: 'fast', model: 'gpt', connectionId: 'con_1' };
const { signal } = new AbortController();

test.for([
  { kind: 'workspace', id: HERE },
  { kind: 'workflow', id: 'wfl_1' },
  { kind: 'version', id: 'wfl_1:2' },
  { kind: 'tenant', id: 'globex' },
] as const)('a switch on a $kind stops runs and calls', async (scope) => {
  const { board } = boardOver([record(scope)]);
  await board.refresh();
  expect(board.refusalOfRun(run)).toMatchObject({ code: 'killed', details: { killSwitchId: expect.any(String) } });
  await expect(board.admitCall(call, signal)).rejects.toMatchObject({ code: 'killed' });
  expect(board.isHeld(run)).toBe(true);
  const elsewhere = { workspaceId: 'other', workflowId: 'wfl_2', version: 2, labels: {} };
  expect(board.refusalOfRun(elsewhere)).toBeUndefined();
  await board.admitCall({ ...call, workspaceId: 'other', run: elsewhere }, signal);
});

test.for([
  { kind: 'route', id: 'fast' },
  { kind: 'model', id: 'gpt' },
  { kind: 'connection', id: 'con_1' },
] as const)('a switch on a $kind stops calls only', async (scope) => {
  const { board } = boardOver([record(scope)]);
  await board.refresh();
  expect(board.refusalOfRun(run)).toBeUndefined();
  expect(board.isHeld(run)).toBe(false);
  await expect(board.admitCall(call, signal)).rejects.toMatchObject({ code: 'killed' });
  await board.admitCall({ ...call, route: 'careful', model: 'other', connectionId: 'con_2' }, signal);
});

test('draining stops new runs only', async () => {
  const { board } = boardOver([record({ id: 'wfl_1' }, 'drain', 'Maintenance')]);
  await board.refresh();
  expect(board.refusalOfRun(run)?.message).toBe('New runs are stopped by a kill switch on this workflow: Maintenance.');
  expect(board.isHeld(run)).toBe(false);
  await board.admitCall(call, signal);
});

test('reads again when another process announces a change, and says that held runs may continue', async () => {
  const records = [record({ id: 'wfl_1' })];
  const { board, bus } = boardOver(records);
  const heard: boolean[] = [];
  board.onRead((lifted) => heard.push(lifted));
  await board.start();
  records.pop();
  bus.publish({ kind: 'invalidate', workspaceId: HERE, what: 'kill-switches' });
  await expect.poll(() => heard).toEqual([false, true]);
  expect(board.refusalOfRun(run)).toBeUndefined();
  await board.stop();
});

test('makes no call on data older than 2 s until it has read again, or the run is canceled', async () => {
  const records: KillSwitchRecord[] = [];
  const reads = { before: async () => {} };
  const { board, clock } = boardOver(records, reads);
  await board.refresh();
  records.push(record({ id: 'wfl_1' }));
  await board.admitCall(call, signal);
  clock.ms = 2_001;
  await expect(board.admitCall(call, signal)).rejects.toMatchObject({ code: 'killed' });

  clock.ms = 5_000;
  reads.before = () => new Promise(() => {});
  const cancel = new AbortController();
  const waiting = board.admitCall(call, cancel.signal);
  cancel.abort(new AppError('cancelled'));
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
});

test('calls are made without a read as long as no other process used a control', async () => {
  const records: KillSwitchRecord[] = [];
  let reads = 0;
  const listeners: Parameters<ControlWatch['onLook']>[0][] = [];
  const controls = { onLook: (listener: (typeof listeners)[number]) => void listeners.push(listener) };
  const looked = (isUsed: boolean, began: number): void => {
    for (const listener of listeners) listener(isUsed, began);
  };
  const { board, clock } = boardOver(records, { before: async () => void reads++ }, controls);
  await board.start();
  clock.ms = 3_000;
  looked(false, 3_000);
  await board.admitCall(call, signal);
  expect(reads).toBe(1);

  records.push(record({ id: 'wfl_1' }));
  clock.ms = 6_000;
  looked(true, 6_000);
  looked(false, 6_000);
  await expect(board.admitCall(call, signal)).rejects.toMatchObject({ code: 'killed' });
  await board.stop();
});

test('a switch is in force, however many there are', async () => {
  const tenants = Array.from({ length: 1_200 }, (_, index) => record({ kind: 'tenant', id: `tenant ${index}` }));
  const { board } = boardOver([...tenants, record({ kind: 'workflow', id: 'wfl_1' })]);
  await board.refresh();
  expect(board.refusalOfRun(run)).toMatchObject({ code: 'killed' });
  expect(board.all()).toHaveLength(1_201);
});
