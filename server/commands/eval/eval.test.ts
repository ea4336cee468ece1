import type { Experiment, ExperimentResult } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { expect, it } from 'vitest';
import { judge } from './judge.ts';
import { junit } from './junit.ts';

const experiment = (counts: Partial<Experiment['counts']>, more: Partial<Experiment> = {}): Experiment =>
  ({
    status: 'finished',
    pause: null,
    error: null,
    items: 40,
    score: 0.9,
    passInterval: { low: 0.76, high: 0.97 },
    counts: { open: 0, graded: 40, passed: 36, errored: 0, stopped: 0, ...counts },
    ...more,
  }) as Experiment;
const limits = { bound: 'point', errored: 0, stopped: 0, noRegression: true } as const;
const failing = (...given: Parameters<typeof judge>) => judge(...given).flatMap(({ holds, name }) => (holds ? [] : [name]));

it('judges by the thresholds, and without any demands that every item passes', () => {
  expect(failing(experiment({}), undefined, { ...limits, passed: 0.9, score: 0.9 })).toEqual([]);
  expect(failing(experiment({}), undefined, { ...limits, passed: 0.91 })).toEqual(['passed']);
  expect(failing(experiment({}), undefined, { ...limits, passed: 0.9, bound: 'lower' })).toEqual(['passed (lower bound)']);
  expect(failing(experiment({}), undefined, limits)).toEqual(['passed']);
  expect(failing(experiment({ passed: 40 }), undefined, limits)).toEqual([]);
});

it('fails if items are missing, errored, or stopped beyond what is allowed', () => {
  const wanted = { ...limits, passed: 0.5 };
  expect(failing(experiment({ open: 3, graded: 37 }, { status: 'paused' }), undefined, wanted)).toEqual(['every item has a result']);
  expect(failing(experiment({ graded: 38, errored: 1, stopped: 1 }), undefined, wanted)).toEqual(['errored', 'stopped']);
  expect(failing(experiment({ graded: 39, errored: 1 }), undefined, { ...wanted, errored: 0.05 })).toEqual([]);
  expect(failing(experiment({ graded: 0, passed: 0 }, { score: null, passInterval: null }), undefined, { ...limits, score: 0.1 })).toEqual(['score']);
});

it('fails on a regression only if the baseline is better for sure', () => {
  const compared = (verdict: 'worse' | 'none') => ({ verdict, headline: 'said' }) as Parameters<typeof judge>[1];
  expect(failing(experiment({}), compared('worse'), { ...limits, passed: 0.5 })).toEqual(['no regression']);
  expect(failing(experiment({}), compared('none'), { ...limits, passed: 0.5 })).toEqual([]);
});

it('writes each item as a JUnit test case, with text that XML can’t break', () => {
  const result = (index: number, status: ExperimentResult['status'], passed: boolean | null) =>
    ({ index, title: `<"Hi" & \u0000bye>`, status, passed, reason: 'too\nlong', durationMs: 1_500 }) as ExperimentResult;
  const report = junit(
    'Mine',
    [{ name: 'score', holds: false, said: '0.1' }],
    [result(0, 'graded', true), result(1, 'graded', false), result(2, 'errored', null), result(3, 'stopped', null)],
  );
  expect(report).toContain('<testsuite name="Mine" tests="4" failures="1" errors="1" skipped="1">');
  expect(report).toContain('name="1: &lt;&quot;Hi&quot; &amp; bye&gt;" time="1.500"/>');
  expect(report).toContain('<failure message="too&#10;long"/>');
  expect(report).toContain('<failure message="0.1"/>');
});
