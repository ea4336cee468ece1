import { expect, test } from 'vitest';
import { branchesTaken, type SampleRun, sampleFailures } from './sample-run.ts';

const run = (part: Partial<SampleRun>): SampleRun => ({ status: 'succeeded', output: { team: 'care' }, error: null, steps: [], ...part });

test('a sample passes if its run succeeded and its output is as expected', () => {
  expect(sampleFailures({ name: 'A', value: 1 }, run({}))).toEqual([]);
  expect(sampleFailures({ name: 'A', value: 1, expect: { team: 'care' } }, run({}))).toEqual([]);
  expect(sampleFailures({ name: 'A', value: 1, expect: { team: 'support' } }, run({}))).toEqual(['output.team: expected "support", got "care"']);
});

test('a run that failed or waits for a person fails its sample', () => {
  const error = { code: 'timeout', message: 'Too late.', nodeKey: 'draft' } as const;
  expect(sampleFailures({ name: 'A', value: 1 }, run({ status: 'failed', error }))).toEqual(['failed at draft: Too late.']);
  expect(sampleFailures({ name: 'A', value: 1 }, run({ status: 'waiting' }))).toEqual(['waits for a review']);
  expect(sampleFailures({ name: 'A', value: 1, ends: 'failed' }, run({ status: 'failed', error }))).toEqual([]);
  expect(sampleFailures({ name: 'A', value: 1, ends: 'rejected' }, { rejected: 'No.' })).toEqual([]);
  expect(sampleFailures({ name: 'A', value: 1 }, { rejected: 'No.' })).toEqual(['rejected: No.']);
  expect(sampleFailures({ name: 'A', value: 1, ends: 'rejected' }, run({}))).toEqual(['expected to be rejected, but succeeded']);
});

test('the branches are those of nodes with several', () => {
  const steps = [
    { nodeKey: 'start', port: 'out' },
    { nodeKey: 'classify', port: 'billing' },
    { nodeKey: 'reply', port: null },
  ];
  expect(branchesTaken({ steps })).toEqual(['classify: billing']);
});
