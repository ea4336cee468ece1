import { expect, test } from 'vitest';
import type { RunRecord } from '../../store/collections.ts';
import type { Query, WorkspaceStore } from '../../store/port.ts';
import { createActivity } from './activity.ts';

const START = Date.parse('2026-06-01T12:00:00.000Z');
const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

type Row = Pick<RunRecord, 'id' | 'workflowId' | 'status' | 'createdAt' | 'startedAt' | 'endedAt' | 'costMicros' | 'unknownPrice'>;

/** In-memory runs behind the two store operations that activity uses, and a clock. Counts the records that are read. */
function world() {
  const rows = new Map<string, Row>();
  let now = START;
  let reads = 0;
  const find = async (_collection: unknown, { where, range, cursor = '0', limit = 50 }: Query = {}) => {
    const all = [...rows.values()]
      .filter((row) => row.workflowId === where?.workflowId && row.createdAt >= String(range?.from ?? ''))
      .filter((row) => where?.status === undefined || (where.status as string[]).includes(row.status))
      .sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1));
    const items = all.slice(Number(cursor), Number(cursor) + limit);
    reads += items.length;
    const next = Number(cursor) + items.length;
    return { items, nextCursor: next < all.length ? String(next) : null };
  };
  const get = async (_collection: unknown, id: string) => {
    reads++;
    return rows.get(id);
  };
  const read = createActivity(() => new Date(now));
  const activity = (workflowId: string) => read({ find, get } as unknown as WorkspaceStore, workflowId);
  return {
    activity,
    reads: () => reads,
    pass: (ms: number) => {
      now += ms;
    },
    put: (id: string, at: number, status: RunRecord['status'], ms = 0, costMicros = 0, unknownPrice?: number) => {
      const ended = status === 'succeeded' || status === 'failed' || status === 'cancelled';
      rows.set(id, { id, workflowId: 'wf', status, createdAt: iso(at), startedAt: iso(at), endedAt: ended ? iso(at + ms) : null, costMicros, unknownPrice });
    },
  };
}

test('counts runs by outcome and hour, with their median duration and cost', async () => {
  const { put, activity } = world();
  put('a', START - 10, 'succeeded', 100, 5);
  put('b', START - 2 * HOUR - 10, 'succeeded', 300, 5);
  put('c', START - 2 * HOUR - 20, 'failed', 200, 2.5);
  put('d', START - 30, 'waiting');
  put('e', START - 25 * HOUR, 'succeeded', 9_999, 100);
  const { hours, ...totals } = await activity('wf');
  expect(totals).toEqual({ runs: 4, succeeded: 2, failed: 1, waiting: 1, medianMs: 200, costMicros: 12.5, unknownPrice: 0 });
  expect(hours[23]).toEqual({ succeeded: 1, failed: 0, other: 1 });
  expect(hours[21]).toEqual({ succeeded: 1, failed: 1, other: 0 });
});

test('the cost is unknown if nothing of it is known, and otherwise without calls of unknown price', async () => {
  const { put, activity, pass } = world();
  put('a', START - 10, 'succeeded', 100, 0, 2);
  put('b', START - 10, 'running', 0, 0, 1);
  expect(await activity('wf')).toMatchObject({ costMicros: null, unknownPrice: 3 });
  pass(2_000);
  put('c', START + 10, 'succeeded', 100, 5);
  expect(await activity('wf')).toMatchObject({ costMicros: 5, unknownPrice: 3 });
});

test('recounts an open run once it has ended, and neither misses nor double-counts a late one', async () => {
  const { put, activity, pass } = world();
  put('open', START - 500, 'running');
  put('young', START - 100, 'succeeded', 10);
  expect(await activity('wf')).toMatchObject({ runs: 2, succeeded: 1 });
  pass(2_000);
  put('open', START - 500, 'succeeded', 20);
  put('late', START - 200, 'failed', 30);
  expect(await activity('wf')).toMatchObject({ runs: 3, succeeded: 2, failed: 1, medianMs: 20 });
  pass(2_000);
  expect(await activity('wf')).toMatchObject({ runs: 3, succeeded: 2, failed: 1 });
});

test('counts each run once if the store is slow', async () => {
  const { put, activity, pass } = world();
  for (let number = 0; number < 20; number++) put(`run${number}`, START - 500, 'waiting');
  expect(await activity('wf')).toMatchObject({ runs: 20, waiting: 20 });
  for (let number = 0; number < 20; number++) put(`run${number}`, START - 500, 'succeeded', 20);
  // Each is requested while the previous one is stale and still pending.
  const asked = Array.from({ length: 5 }, () => {
    pass(2_000);
    return activity('wf');
  });
  for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ runs: 20, succeeded: 20 });
  pass(2_000);
  expect(await activity('wf')).toMatchObject({ runs: 20, succeeded: 20, waiting: 0 });
});

test('drops runs older than a day', async () => {
  const { put, activity, pass } = world();
  put('old', START - 23 * HOUR, 'succeeded');
  put('waits', START - 23 * HOUR, 'waiting');
  expect(await activity('wf')).toMatchObject({ runs: 2 });
  pass(2 * HOUR);
  expect(await activity('wf')).toMatchObject({ runs: 0, waiting: 0, medianMs: null });
});

test('reads only new and open runs again, not the whole day', async () => {
  const { put, activity, pass, reads } = world();
  for (let index = 0; index < 2_000; index++) put(`run${index}`, START - 20 * HOUR + index * 1_000, 'succeeded', 1);
  expect(await activity('wf')).toMatchObject({ runs: 2_000 });
  const before = reads();
  pass(5_000);
  put('new', START + 4_000, 'succeeded', 1);
  expect(await activity('wf')).toMatchObject({ runs: 2_001 });
  expect(reads() - before).toBeLessThan(50);
});

test('uses an even sample for the median of very many runs', async () => {
  const { put, activity } = world();
  for (let index = 0; index < 12_000; index++) put(`run-${String(index).padStart(5, '0')}`, START - 20_000 + index, 'succeeded', index % 100);
  const { runs, medianMs } = await activity('wf');
  expect(runs).toBe(12_000);
  expect(medianMs).toBeGreaterThan(45);
  expect(medianMs).toBeLessThan(55);
});
