import type { Gate } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { describe, expect, it } from 'vitest';
import { type GatedItem, judgeGate } from './judge-gate.ts';

const item = (index: number, score: number | null, more: Partial<GatedItem> = {}): GatedItem => ({
  index,
  itemId: `item${index}`,
  title: `Item ${index}`,
  tags: [],
  status: score === null ? 'errored' : 'graded',
  score,
  passed: score === null ? null : score >= 0.5,
  reason: '',
  runId: null,
  cluster: `item${index}`,
  ...more,
});
const items = (count: number, score: (index: number) => number | null): GatedItem[] => Array.from({ length: count }, (_, index) => item(index, score(index)));

function judged(found: readonly GatedItem[], part: Partial<Gate> = {}, baseline: readonly GatedItem[] = []) {
  const gate: Gate = { datasetId: 'd', graders: [{ kind: 'exact' }], minScore: 0.8, bound: 'point', minItems: 20, noRegression: [], ...part };
  const work = judgeGate({ gate, items: found, baseline });
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

describe('a gate', () => {
  it('passes at its score, and not below it, with the failing items, the worst first', () => {
    expect(judged(items(20, (index) => (index < 16 ? 1 : 0)))).toMatchObject({ passed: true, score: 0.8, lower: null, passedItems: 16 });
    const below = judged(items(20, (index) => (index < 15 ? 1 : index === 19 ? 0.4 : 0)));
    expect(below).toMatchObject({ passed: false, problems: ['The score is 77.0%. The gate needs 80.0%.'] });
    expect(below.failing.map(({ score }) => score)).toEqual([0, 0, 0, 0, 0.4]);
  });

  it('needs enough items, and hardly any without a grade', () => {
    expect(judged(items(19, () => 1)).problems).toEqual(['The dataset has 19 items in the “gate” split. The gate needs at least 20.']);
    expect(judged(items(100, (index) => (index < 98 ? 1 : null))).passed).toBe(true);
    expect(judged(items(100, (index) => (index < 97 ? 1 : null))).problems).toEqual(['3 of 100 items have no grade. At most 2% may have none.']);
    expect(judged([]).passed).toBe(false);
  });

  it('can require the lower bound of the score, exact for right and wrong', () => {
    // Clopper–Pearson, one-sided at 95%, for 58 of 64: 0.8230.
    const result = judged(
      items(64, (index) => (index < 58 ? 1 : 0)),
      { bound: 'lower' },
    );
    expect(result.lower).toBeCloseTo(0.823, 2);
    expect(result.passed).toBe(true);
    expect(
      judged(
        items(20, (index) => (index < 17 ? 1 : 0)),
        { bound: 'lower' },
      ).passed,
    ).toBe(false);
  });

  it('estimates the lower bound of other scores by whole clusters', () => {
    const scores = items(40, (index) => 0.8 + (index % 5) * 0.05);
    const { lower, score } = judged(scores, { bound: 'lower' });
    expect(score).toBeCloseTo(0.9);
    expect(lower).toBeGreaterThan(0.87);
    expect(lower).toBeLessThan(0.9);
    const together = scores.map((one, index) => ({ ...one, cluster: index % 5 === 0 ? 'one' : 'other' }));
    expect(judged(together, { bound: 'lower' }).lower).toBeLessThan(lower ?? 0);
  });

  it('compares tagged items with the stable version', () => {
    const tagged = (score: (index: number) => number) => items(20, score).map((one, index) => ({ ...one, tags: index < 10 ? ['risky'] : [] }));
    const noRegression = [{ tag: 'risky', margin: 0.05 }];
    const before = tagged(() => 1);
    expect(
      judged(
        tagged((index) => (index === 0 ? 0.6 : 1)),
        { noRegression },
        before,
      ),
    ).toMatchObject({ passed: true, regressions: [{ items: 10 }] });
    const worse = judged(
      tagged((index) => (index === 0 ? 0 : 1)),
      { noRegression },
      before,
    );
    expect(worse.problems).toEqual(['Items tagged “risky” lose 10.0 points against the stable version. At most 5.0 points are allowed.']);
    expect(
      judged(
        tagged(() => 1),
        { noRegression: [{ tag: 'other', margin: 0 }] },
        before,
      ).passed,
    ).toBe(false);
  });
});
