import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../../../test/kit/cpu-ms.ts';
import { patience } from '../../../test/kit/patience.ts';
import { averageRunLength, LABELS_PER_FALSE_SIGNAL, nextSum, tuneCusum } from './cusum.ts';
import { NO_EVIDENCE, upperBound, withLabel, withLateError } from './evidence.ts';
import { acceptShare, type GroupState, newGroup, type Rules, takeLabel, withShare } from './group.ts';
import { lookAtRare, NO_RARE_GROUPS, rareGroups } from './rare-groups.ts';
import { isRealChange } from './real-change.ts';
import { curveOf, proposedThreshold, withConfidence } from './threshold.ts';
import { withWeek } from './weeks.ts';

const RULES: Rules = { target: 0.05, floor: 5, groups: 1 };
const evidenceFor = (labels: number, wrong: number, probability = 1) =>
  Array.from({ length: labels }, (_, index) => index < wrong).reduce((sum, one) => withLabel(sum, { wrong: one, probability }), NO_EVIDENCE);
/** A group after these labels: every `each`-th one is wrong. */
const after = (labels: number, { each = Number.POSITIVE_INFINITY, from = newGroup(), rules = RULES } = {}): GroupState =>
  Array.from({ length: labels }).reduce<GroupState>(
    (state, _, index) => takeLabel(state, { wrong: (index + 1) % each === 0, probability: 1 }, rules).state,
    from,
  );

describe('the bound of a rate of errors', () => {
  it('is exact for equal weights, and raised by what reviewers overlook', () => {
    // 1 − 0.05^(1/60), and Clopper–Pearson for 3 of 480, each divided by 0.9.
    expect(upperBound(evidenceFor(60, 0), 0.05)).toBeCloseTo(0.0487 / 0.9, 4);
    expect(upperBound(evidenceFor(480, 3), 0.05)).toBeCloseTo(0.01608 / 0.9, 4);
    expect(upperBound(evidenceFor(480, 3, 0.3), 0.05)).toBeCloseTo(0.01608 / 0.9, 4);
  });

  it('takes the effective size of labels with different weights', () => {
    const mixed = withLabel(evidenceFor(100, 2), { wrong: false, probability: 0.01 });
    expect(upperBound(mixed, 0.05)).toBeGreaterThan(upperBound(evidenceFor(101, 2), 0.05));
    expect(upperBound(NO_EVIDENCE, 0.05)).toBe(1);
  });

  it('counts errors that are reported later', () => {
    expect(withLateError(evidenceFor(10, 0), { probability: 1 })).toEqual(evidenceFor(10, 1));
  });
});

describe('the CUSUM', () => {
  it('has an average run length that a simulation of its chain confirms', () => {
    const cusum = { step: 9, limit: 20 };
    // Iterates the expected time to absorption from each sum.
    const rate = 0.05;
    let times = new Array<number>(cusum.limit).fill(0);
    for (let round = 0; round < 20_000; round++) {
      times = times.map((_, sum) => {
        const at = (wrong: boolean): number => times[nextSum(sum, wrong, cusum)] ?? 0;
        return 1 + rate * at(true) + (1 - rate) * at(false);
      });
    }
    expect(averageRunLength(cusum, rate)).toBeCloseTo(times[0] ?? 0, 4);
  });

  it.each([
    [0.005, 0.15],
    [0.02, 0.1],
    [0.045, 0.225],
  ])('is tuned to at most one false signal in 2,000 labels, and no looser than that: %d to %d', (normal, risen) => {
    const cusum = tuneCusum(normal, risen);
    expect(averageRunLength(cusum, normal)).toBeGreaterThanOrEqual(LABELS_PER_FALSE_SIGNAL);
    expect(averageRunLength({ ...cusum, limit: cusum.limit - 1 }, normal)).toBeLessThan(LABELS_PER_FALSE_SIGNAL);
    expect(averageRunLength(cusum, risen)).toBeLessThan(70);
  });
});

describe('a group of reviews', () => {
  it('is proposed for less review at a look, once the bound is within the target', () => {
    expect(after(119).proposal).toBeNull();
    expect(after(120)).toMatchObject({ lookedAt: 120, looks: 1, proposal: { labels: 120, wrong: 0 } });
    expect(after(120).proposal?.bound).toBeLessThanOrEqual(0.05);
  });

  it('uses none of its chances at a look that could not pass', () => {
    expect(after(60)).toMatchObject({ lookedAt: 60, looks: 0, proposal: null });
  });

  it('is proposed for less the lower its bound is, and never for less than the floor', () => {
    const rare = after(480);
    expect(rare.proposal?.share).toBe(5);
    expect(after(480, { each: 60 }).proposal?.share).toBe(30);
    expect(after(480, { rules: { ...RULES, floor: 40 } }).proposal?.share).toBe(40);
    expect(after(480, { each: 20 }).proposal).toBeNull();
  });

  it('goes back to full review when its rate rises, and keeps the looks it has used', () => {
    const reduced = acceptShare(after(240), 30, RULES.target);
    expect(reduced).toMatchObject({ share: 30, proposal: null });
    let state = reduced;
    let labels = 0;
    for (; state.share === 30 && labels < 100; labels++) state = takeLabel(state, { wrong: labels % 4 === 0, probability: 0.3 }, RULES).state;
    expect(state).toMatchObject({ share: 100, evidence: NO_EVIDENCE, looks: reduced.looks, cusum: null });
    expect(labels).toBeLessThan(50);
  });

  it('is watched from the target on, if its node samples without evidence', () => {
    const state = after(60, { each: 3, from: withShare(newGroup(), 20, RULES.target) });
    expect(state.share).toBe(100);
  });

  it('is judged with other rare groups', () => {
    const group = (labels: number) => ({ state: { ...newGroup(), evidence: evidenceFor(labels, 0) } });
    const groups = [group(2_000), group(50), group(40), group(55)];
    expect(rareGroups(groups)).toHaveLength(3);
    expect(rareGroups(groups.slice(1))).toHaveLength(0);
    expect(lookAtRare(NO_RARE_GROUPS, groups, RULES)).toMatchObject({ lookedAt: 145, proposal: { labels: 145 } });
  });
});

describe('the threshold of a gate', () => {
  const labels = (confidence: number, count: number, wrong: number) =>
    Array.from({ length: count }, (_, index) => ({ confidence, wrong: index < wrong, probability: 1 }));
  const classes = [...labels(0.95, 300, 1), ...labels(0.8, 300, 3), ...labels(0.6, 300, 60)].reduce(withConfidence, [] as never);

  it('is the lowest whose bound is within the target', () => {
    const curve = curveOf(classes);
    expect(curve.map(({ threshold }) => threshold)).toEqual([0.94, 0.8, 0.6]);
    expect(curve.map(({ sent }) => sent)).toEqual([1 / 3, 2 / 3, 1].map((share) => expect.closeTo(share, 6)));
    expect(proposedThreshold(curve, 0.05)).toMatchObject({ threshold: 0.8 });
    expect(proposedThreshold(curve, 0.001)).toBeUndefined();
    expect(proposedThreshold([], 0.05)).toBeUndefined();
  });
});

it('ignores formatting in changes', () => {
  expect(isRealChange('Dear **Ada**,\n\nthanks', 'Dear Ada, thanks')).toBe(false);
  expect(isRealChange('“Yes” – 5', '"Yes" - 5')).toBe(false);
  expect(isRealChange('You get 5 EUR', 'You get 50 EUR')).toBe(true);
  expect(isRealChange(5, 5)).toBe(false);
  expect(isRealChange({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(false);
  expect(isRealChange(true, false)).toBe(true);
});

it.each(['\n', '\r', ' ', '\t', '- ', '*', '\u2028'])('compares 1 MB of %j in linear time', (part) => {
  const text = part.repeat(1_000_000 / part.length);
  expect(cpuMsOf(() => isRealChange(text, `${text}x`))).toBeLessThan(patience(2_000));
});

it('counts labels of the last eight weeks, from Monday to Sunday', () => {
  const at = (day: string) => ({ at: `${day}T12:00:00.000Z`, wrong: true, late: false });
  const weeks = [at('2026-11-22'), at('2026-11-23'), { ...at('2026-11-29'), late: true }].reduce(withWeek, [] as never);
  expect(weeks).toEqual([
    { week: '2026-11-16', labels: 1, wrong: 1 },
    { week: '2026-11-23', labels: 1, wrong: 2 },
  ]);
});
