import { describe, expect, it } from 'vitest';
import { type GradedTrial, resultOf } from './item-result.ts';
import { createTally } from './tally.ts';

const grade = (score: number, verdict: 'pass' | 'fail' = score === 1 ? 'pass' : 'fail') => ({ score, verdict, reason: `scored ${score}` });
const trial = (...scores: number[]): GradedTrial => ({ runId: 'run', costMicros: 100, durationMs: 50, grades: scores.map((score) => grade(score)) });

describe('the result of an item', () => {
  it('is the mean of its graders over its trials, and passes if most trials pass every grader', () => {
    const result = resultOf([trial(1, 1), trial(1, 0.5), trial(1, 1)], 2);
    expect(result).toMatchObject({ status: 'graded', passed: true, costMicros: 100, reason: 'scored 0.5', rank: result.score });
    expect(result.graderScores).toEqual([1, expect.closeTo(2.5 / 3, 10)]);
    expect(result.score).toBeCloseTo((1 + 2.5 / 3) / 2, 10);
    expect(resultOf([trial(1), trial(0)], 1)).toMatchObject({ passed: false, score: 0.5 });
  });

  it('is left out if a run failed or stopped, never 0', () => {
    const fault = { kind: 'errored', code: 'provider-unavailable', reason: 'The provider is down' } as const;
    const errored = resultOf([trial(1), { ...trial(), fault }], 1);
    expect(errored).toMatchObject({ status: 'errored', score: null, passed: null, code: 'provider-unavailable', mayPass: 1, rank: 3 });
    const stopped = resultOf([{ ...trial(), fault: { kind: 'stopped', reason: 'Needs a person' } }], 1);
    expect(stopped).toMatchObject({ status: 'stopped', score: null, code: null, mayPass: 0, rank: 2, reason: 'Needs a person' });
    expect(resultOf([{ ...trial(), fault: { kind: 'errored', code: 'bad-input', reason: '' } }], 1).mayPass).toBe(0);
  });

  it('is left out if a grader failed, and says why', () => {
    const graded = { ...trial(1), grades: [grade(1), { error: 'The item has no expected value' }] };
    expect(resultOf([graded], 2)).toMatchObject({ status: 'errored', score: null, reason: 'Grader error: The item has no expected value', mayPass: 0 });
  });

  it('has an unknown cost if one of its trials has', () => {
    expect(resultOf([trial(1), { ...trial(1), costMicros: null }], 1).costMicros).toBeNull();
  });
});

describe('a tally', () => {
  const stored = (index: number, ...trials: GradedTrial[]) => ({ index, ...resultOf(trials, 1) });

  it('counts only graded items in scores, and each item once', () => {
    const tally = createTally(1);
    const fault = { kind: 'stopped', reason: 'Needs a person' } as const;
    for (const result of [stored(0, trial(1)), stored(1, trial(0)), stored(2, { ...trial(), fault }), stored(0, trial(1))]) tally.add(result);
    expect(tally.summary()).toEqual({
      counts: { graded: 2, passed: 1, errored: 0, stopped: 1, retryable: 0 },
      score: 0.5,
      graderScores: [{ score: 0.5, passed: 1 }],
      costMicros: 300,
      unknownPrice: 0,
      medianMs: 50,
    });
  });

  it('has no figures without results', () => {
    expect(createTally(1).summary()).toMatchObject({ score: null, medianMs: null, graderScores: [{ score: null, passed: 0 }] });
  });
});
