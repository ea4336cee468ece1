import { expect, test } from 'vitest';
import { TIMED } from '../kit/patience.ts';
import { READS_JSON_AGAIN_AND_AGAIN } from './breakages.ts';
import { sendLargeAtOnce } from './hostile/large-requests.ts';
import { MOST_GROWTH, MOST_STALL_MS, sendHostile } from './hostile/send-hostile.ts';
import { SIZE, SOAK_LIMIT_MS } from './size.ts';

/* No input stalls or crashes the server or leaks memory, no matter where it enters. */

const COUNT = SIZE === 'whole' ? 1_000 : 100;
/** Each size uses different inputs. */
const SEED = SIZE === 'whole' ? 1 : 5_000;

/** `pnpm test` has sent as many already. */
const unlessTenth = test.skipIf(SIZE === 'tenth');

unlessTenth(`${COUNT} hostile inputs stall or crash nothing and leak no memory`, { timeout: SOAK_LIMIT_MS }, async () => {
  const { faults, ...seen } = await sendHostile(COUNT, SEED);
  console.info(`hostile: ${JSON.stringify({ ...seen, faults: faults.length })}`);
  expect(faults).toEqual([]);
  expect(seen.grownMegabytes * 1e6).toBeLessThan(MOST_GROWTH);
  // The inputs got through: many were accepted, many rejected.
  const count = (from: number) =>
    Object.entries(seen.answered).reduce((sum, [status, times]) => sum + (Number(status) >= from && Number(status) < from + 100 ? times : 0), 0);
  expect(count(200)).toBeGreaterThan(COUNT / 4);
  expect(count(400)).toBeGreaterThan(COUNT / 10);
});

/** Too much for `pnpm test`, which sends the hostile inputs only. */
const heavy = test.runIf(SIZE);

heavy('large requests that arrive together take turns', { timeout: SOAK_LIMIT_MS, ...TIMED }, async () => {
  const crowds = await sendLargeAtOnce();
  console.info(`large at once: ${crowds.map(({ what, stallMs }) => `${what}: ${stallMs} ms`).join(', ')}`);
  expect(crowds.filter(({ stallMs }) => stallMs > MOST_STALL_MS)).toEqual([]);
  expect(crowds.flatMap(({ what, statuses }) => (statuses.some((status) => status === 0 || status === 503) ? [what] : []))).toEqual([]);
});

heavy('detects a build whose time grows with the square of the body size', { timeout: SOAK_LIMIT_MS }, async () => {
  const { faults } = await sendHostile(3, SEED, { only: 'hook, JSON', breakages: [READS_JSON_AGAIN_AND_AGAIN] });
  expect(faults.some((fault) => fault.includes('stalls for'))).toBe(true);
});
