import { createHash } from 'node:crypto';

/** The duration of one round on the reference machine, otherwise idle. */
const REFERENCE_MS = 20;
const ROUNDS = 7;
/** The longest a slow machine is waited for, as a factor. */
const MOST = 20;

/**
 * How many times longer the same work takes here and now than on the reference machine, as `TEST_SLOWNESS` for all tests of this run.
 * Measured in wall time, so other load counts too. At least 1.
 */
export function measureSlowness(): number {
  const given = Number(process.env.TEST_SLOWNESS);
  if (given >= 1) return given;
  const rounds = Array.from({ length: ROUNDS }, timeOneRound).sort((a, b) => a - b);
  const slowness = Math.min(MOST, Math.max(1, (rounds[ROUNDS >> 1] ?? 0) / REFERENCE_MS));
  process.env.TEST_SLOWNESS = slowness.toFixed(2);
  return slowness;
}

function timeOneRound(): number {
  const began = performance.now();
  let text = '';
  for (let index = 0; index < 2_000; index++) text = createHash('sha256').update(JSON.stringify({ index, text })).digest('hex');
  for (let sum = 0; sum < 5e6; sum++) if (sum < 0) text += sum;
  return performance.now() - began;
}
