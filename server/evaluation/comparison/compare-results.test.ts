import { describe, expect, it } from 'vitest';
import { measureVariant, settleVariant, type Variant } from './compare-results.ts';
import { headline } from './headline.ts';
import { type ComparedResult, pairResults } from './pair-results.ts';

const result = (index: number, more: Partial<ComparedResult> = {}): ComparedResult => ({
  index,
  itemId: `item-${index}`,
  itemVersion: 1,
  cluster: `item-${index}`,
  tags: [],
  status: 'graded',
  passed: true,
  score: 1,
  graderScores: [1],
  costMicros: 900,
  durationMs: 2_000,
  ...more,
});

const failing = (more: Partial<ComparedResult> = {}): Partial<ComparedResult> => ({ passed: false, score: 0.25, graderScores: [0.25], ...more });

/** Results of which those at these places fail. */
const results = (count: number, fails: (index: number) => boolean, more: Partial<ComparedResult> = {}): ComparedResult[] =>
  Array.from({ length: count }, (_, index) => result(index, { ...more, ...(fails(index) ? failing() : {}) }));

function measure(subject: readonly ComparedResult[], baseline: readonly ComparedResult[], graders = ['Exact']): Variant {
  const work = measureVariant(pairResults(subject, baseline), { graders, seed: 7 });
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const compare = (subject: readonly ComparedResult[], baseline: readonly ComparedResult[]) => settleVariant([measure(subject, baseline)]);

const side = (label: string) => ({ id: label, name: `run of ${label}`, label, open: 0 });
const told = (settled: ReturnType<typeof compare>) => headline({ ...settled, subject: side('Draft'), baseline: side('v7') });

describe('comparing two experiments', () => {
  it('names the better one when the interval leaves 0', () => {
    // Of 64 pairs, 11 are better and 2 worse.
    const settled = compare(
      results(64, (index) => index < 6),
      results(64, (index) => index >= 2 && index < 17),
    );
    expect(settled.outcomes).toEqual({ worse: 2, better: 11, 'both-fail': 4, 'both-pass': 47 });
    const [passed, score] = settled.measures;
    expect(passed).toMatchObject({ baseline: 49 / 64, subject: 58 / 64, verdict: 'better', difference: expect.closeTo(0.1406, 4) });
    expect(passed?.interval).toEqual({ low: expect.closeTo(0.018, 3), high: expect.closeTo(0.195, 3) });
    expect(score).toMatchObject({ key: 'score', verdict: 'better' });
    expect(told(settled)).toEqual({
      headline: 'The draft is better: it passes 9 more of 64 items',
      detail: 'The 95% confidence interval stays above 0, so this is unlikely to be chance. All 64 items are compared.',
      verdict: 'better',
    });
  });

  it('names no winner while the interval holds 0', () => {
    const settled = compare(
      results(64, (index) => index < 6),
      results(64, (index) => index >= 2 && index < 11),
    );
    expect(settled.measures[0]).toMatchObject({ verdict: 'none', difference: expect.closeTo(3 / 64, 10) });
    expect(told(settled).headline).toBe('No difference shown: the draft passes 3 more of 64 items');
  });

  it('is too few to tell under 20 pairs, and when all pairs are equal', () => {
    const few = compare(
      results(19, () => false),
      results(19, () => true),
    );
    expect(few.measures[0]).toMatchObject({ verdict: 'too-few', interval: null, tooFew: { pairs: 19, needed: 20, allEqual: false } });
    expect(told(few).headline).toBe('Too few to tell: 19 of 20 pairs');
    const equal = compare(
      results(64, (index) => index < 5),
      results(64, (index) => index < 5),
    );
    expect(equal.measures.map(({ verdict }) => verdict)).toEqual(Array(4).fill('too-few'));
    expect(told(equal).headline).toBe('Too few to tell: all 64 pairs are equal');
  });

  it('does not take one customer’s many items for many customers', () => {
    const settled = compare(
      results(40, () => false, { cluster: 'one' }),
      results(40, (index) => index % 2 === 0, { cluster: 'one' }),
    );
    expect(settled.measures.find(({ key }) => key === 'score')).toMatchObject({ verdict: 'too-few', tooFew: { pairs: 1, needed: 10 } });
  });

  it('compares cost relative to the baseline, and the median time, where lower is better', () => {
    const settled = compare(
      results(40, () => false).map((one) => ({ ...one, costMicros: 800 + (one.index % 5), durationMs: 2_600 + one.index * 10 })),
      results(40, () => false).map((one) => ({ ...one, costMicros: 1_000 + (one.index % 7), durationMs: 2_000 + one.index * 10 })),
    );
    const measureOf = (key: string) => settled.measures.find((found) => found.key === key);
    expect(measureOf('cost')).toMatchObject({ verdict: 'better', difference: expect.closeTo(802 / 1_002.95 - 1, 3) });
    expect(measureOf('time')).toMatchObject({ verdict: 'worse', difference: 600, baseline: 2_195, subject: 2_795 });
  });

  it('leaves unknown costs out, and free ones without a difference', () => {
    const unknown = compare(
      results(40, () => false, { costMicros: null }),
      results(40, () => false),
    );
    expect(unknown.measures.find(({ key }) => key === 'cost')).toMatchObject({ pairs: 0, verdict: 'too-few', difference: null });
    const free = compare(
      results(40, () => false, { costMicros: 5 }),
      results(40, () => false, { costMicros: 0 }),
    );
    expect(free.measures.find(({ key }) => key === 'cost')).toMatchObject({ verdict: 'too-few', difference: null });
  });

  it('leaves errored, stopped, and changed items out, and never counts them as 0', () => {
    const subject = results(30, () => false).map((one) => (one.index < 3 ? { ...one, status: 'errored' as const, passed: null, score: null } : one));
    const baseline = results(30, () => false).map((one) => (one.index === 4 ? { ...one, itemVersion: 2 } : one));
    const settled = compare(subject, baseline);
    expect(settled).toMatchObject({ pairs: 26, leftOut: { errored: 3, stopped: 0, unpaired: 2 }, outcomes: { 'both-pass': 26, worse: 0 } });
  });

  it('compares each tag with its own pairs', () => {
    const settled = compare(
      results(60, () => false).map((one) => ({ ...one, tags: one.index < 26 ? ['incomplete'] : ['late'] })),
      results(60, (index) => index < 9),
    );
    const untagged = settled.tags.map(({ tag, pairs, verdict }) => [tag, pairs, verdict]);
    expect(untagged).toEqual([
      ['incomplete', 26, 'better'],
      ['late', 34, 'too-few'],
    ]);
  });

  it('needs more evidence when several experiments are compared with one baseline', () => {
    const baseline = results(64, (index) => index < 6);
    // Better by 6 pairs of 6: p = 0.03125.
    const variant = measure(
      results(64, () => false),
      baseline,
    );
    const none = measure(baseline, baseline);
    expect(settleVariant([variant]).measures[0]).toMatchObject({ verdict: 'better', p: expect.closeTo(0.03125, 10) });
    expect(settleVariant([variant, none]).measures[0]).toMatchObject({ verdict: 'none', p: expect.closeTo(0.0625, 10) });
    expect(settleVariant([variant, none]).measures[0]?.interval?.low).toBeLessThanOrEqual(0);
  });

  it('lists the worst pairs first', () => {
    const { pairs } = pairResults(
      [result(0), result(1, failing({ score: 0.5 })), result(2, failing({ score: 0.1 })), result(3, failing())],
      [result(0, failing()), result(1), result(2), result(3, failing())],
    );
    expect(pairs.map(({ subject, outcome }) => [subject.index, outcome])).toEqual([
      [2, 'worse'],
      [1, 'worse'],
      [3, 'both-fail'],
      [0, 'better'],
    ]);
  });
});
