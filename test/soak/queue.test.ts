import { createQueueing } from '@switchyard/server/engine/queue/queueing.ts';
import { queuePorts } from '@switchyard/server/engine-adapter/queue-ports.ts';
import { NO_LIMITS } from '@switchyard/server/services/queue/queue-board.ts';
import { DEFAULT_WORKSPACE, runs } from '@switchyard/server/store/collections.ts';
import { openSqliteStore } from '@switchyard/server/store/sqlite/sqlite-store.ts';
import { expect, test } from 'vitest';
import { temporaryDir } from '../kit/server.ts';
import { until } from '../kit/until.ts';
import { fillQueue } from './fill-runs.ts';
import { SOAK_LIMIT_MS, sizeOf } from './size.ts';

const QUEUED = sizeOf(1_000_000);
const PICKS = 100;
const LIMIT = 4;

/** The median time of a pick, in ms, while this many runs are queued. */
async function pickMs(queued: number): Promise<number> {
  await using dir = await temporaryDir();
  const file = `${dir.path}/switchyard.db`;
  await openSqliteStore({ file }).close();
  fillQueue(file, queued);
  const store = openSqliteStore({ file });
  const queue = queuePorts({
    store,
    workspaces: async () => [DEFAULT_WORKSPACE],
    ownership: { adopt: () => {}, shared: false, processId: 'one', reads: async () => true },
    queues: { limitsOf: () => ({ ...NO_LIMITS, concurrency: LIMIT }) },
    kills: { isHeld: () => false },
  });
  const at: number[] = [performance.now()];
  const queueing = createQueueing({
    ports: { queue, after: () => () => {}, report: (problem, { error }) => expect.fail(`${problem}: ${error}`) },
    hasRoom: () => at.length <= PICKS,
    start: () => void at.push(performance.now()),
  });
  queueing.look();
  await until('all picks', () => at.length > PICKS);
  queueing.stop();
  const times = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  expect(await store.in(DEFAULT_WORKSPACE).count(runs, { range: { field: 'slot', from: '' } }, queued)).toBe(PICKS);
  await store.close();
  return times.sort((a, b) => a - b)[PICKS / 2] ?? 0;
}

test(
  'a pick costs the same however many runs are queued',
  async () => {
    const few = await pickMs(10_000);
    const many = await pickMs(QUEUED);
    console.info(`A pick takes ${few.toFixed(2)} ms with 10,000 queued runs, and ${many.toFixed(2)} ms with ${QUEUED.toLocaleString('en')}`);
    expect(many).toBeLessThan(Math.max(3 * few, 3));
  },
  SOAK_LIMIT_MS,
);
