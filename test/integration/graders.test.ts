import { tryGrader } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { expect, test } from 'vitest';
import { startTestServer } from '../kit/server.ts';

test('graders can be tried on one output, with code in the sandbox and a model as judge', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '0' } });
  const expected = { label: 'billing' };
  const tried = (grader: object, output: unknown) => server.send('POST', '/api/graders/try', { body: { grader, expected, output } });
  expect((await tried({ kind: 'exact', path: 'label' }, { label: 'technical' })).json).toEqual({
    score: 0,
    verdict: 'fail',
    reason: 'Expected “billing”, got “technical”',
  });
  const source = 'return { score: input.output.label === input.expected.label ? 1 : 0, reason: typeof fetch };';
  expect((await tried({ kind: 'code', source }, expected)).json).toMatchObject({ score: 1, reason: 'undefined' });
  expect((await tried({ kind: 'code', source: 'throw new Error("no");' }, expected)).json).toMatchObject({
    code: 'code-failed',
    error: expect.stringContaining('no'),
  });
  expect((await tried({ kind: 'model', rubric: 'Is it about money?', route: 'missing' }, expected)).json).toMatchObject({ code: 'unknown-route' });
  const judged = await server.call(tryGrader, { body: { grader: { kind: 'model', rubric: 'Is it about money?', route: 'fast' }, output: 'Your invoice' } });
  expect(judged).toMatchObject({ score: expect.any(Number), reason: expect.stringMatching(/./), costMicros: 0 });
  expect(await tried({ kind: 'exact', hue: 'red' }, 1)).toMatchObject({ status: 400, json: { errors: [{ path: 'grader.hue' }] } });
});
