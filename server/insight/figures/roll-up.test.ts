import { expect, it } from 'vitest';
import { addException, addPacked, addRollUp, noRollUp, OTHER, packRollUp, type RollUp, reviewerIn, targetIn, tenantIn, versionIn } from './roll-up.ts';

const rollUpOf = (tenants: number, at = 0): RollUp => {
  const rollUp = noRollUp();
  for (let index = 0; index < tenants; index++) {
    tenantIn(rollUp, `t${index}`).runs += index + 1;
    versionIn(rollUp, String(index)).counters.runs += index + 1;
    targetIn(rollUp, `m${index}`).calls += 1;
    reviewerIn(rollUp, `r${index}`).decided += 1;
    addException(rollUp, { nodeKey: `n${index}`, port: 'error', runs: index + 1, last: { runId: 'run', at: String(at) } });
  }
  return rollUp;
};

it('Stored lists are bounded, keep the largest entries, and lose no run.', () => {
  const packed = packRollUp(rollUpOf(300));
  expect([packed.versions, packed.tenants, packed.targets, packed.exceptions, packed.reviewers].map(({ length }) => length)).toEqual([40, 200, 50, 100, 100]);
  const again = noRollUp();
  addPacked(again, packed);
  const runs = [...again.tenants.values()].reduce((sum, counters) => sum + counters.runs, 0);
  expect([runs, again.tenants.get('t299')?.runs, again.tenants.get('t3')]).toEqual([45_150, 300, undefined]);
  expect(again.tenants.get(OTHER)?.runs).toBe((101 * 102) / 2);
  expect(again.otherExceptions + packed.exceptions.reduce((sum, path) => sum + path.runs, 0)).toBe(45_150);
});

it('The order in which roll-ups are added makes no difference, and the last example is the latest one.', () => {
  const parts = [rollUpOf(30, 2), rollUpOf(60, 9), rollUpOf(3, 4)];
  const sumOf = (some: readonly RollUp[]) => {
    const sum = noRollUp();
    for (const part of some) addRollUp(sum, part);
    return packRollUp(sum);
  };
  expect(sumOf(parts.toReversed())).toEqual(sumOf(parts));
  expect(sumOf(parts).exceptions.find(({ nodeKey }) => nodeKey === 'n2')).toMatchObject({ runs: 9, last: { at: '9' } });
});
