import { expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import type { TestWorld } from '../sdk/test-context.fixture.ts';
import { humanReview } from './human-review.ts';

const fields = [{ name: 'reply', value: '{{ input.text }}', required: true }];
const world = (position: number, { share = null as number | null, counts = true, ...more } = {}): TestWorld => ({
  body: { text: 'Dear Ada', topic: 'billing', sure: 0.9 },
  authority: async (group) => ({ group, share, position, counts }),
  ...more,
});
const review = async (authority: object, given: TestWorld) => {
  const { result } = await runNode(humanReview, { title: 'Check', fields, authority: { group: '{{ input.topic }}', ...authority } } as never, given);
  if (result.kind === 'wait') return result.wait.kind === 'review' ? { drawn: result.wait.task.drawn } : {};
  return result.kind === 'done' ? { output: result.output, port: result.port } : {};
};

it('asks a person about all reviews until less was accepted', async () => {
  expect(await review({ confidence: '{{ input.sure }}' }, world(99))).toEqual({ drawn: { group: 'billing', probability: 1, confidence: 0.9 } });
  expect(await review({}, world(29, { share: 30 }))).toEqual({ drawn: { group: 'billing', probability: 0.3 } });
});

it('takes the first decision with the draft as it is if the review was not drawn', async () => {
  expect(await review({}, world(30, { share: 30 }))).toMatchObject({
    output: { decision: 'approve', values: { reply: 'Dear Ada' }, reviewer: null, changes: [], unreviewed: true },
    port: 'approve',
  });
});

it('asks a person whatever was accepted: below the floor, in a locked group, about an incomplete draft, and in a run that isn’t live', async () => {
  expect(await review({ floor: 20 }, world(19, { share: 10 }))).toEqual({ drawn: { group: 'billing', probability: 0.2 } });
  expect(await review({ locked: ['billing'] }, world(99, { share: 10 }))).toEqual({ drawn: { group: 'billing', probability: 1 } });
  expect(await review({}, { ...world(99, { share: 10 }), body: { text: ' ', topic: 'billing' } })).toEqual({});
  expect(await review({}, world(99, { share: 10, counts: false }))).toEqual({});
});

it('samples, or asks about exceptions and the floor', async () => {
  expect(await review({ mode: 'sample', percent: 40 }, world(39))).toEqual({ drawn: { group: 'billing', probability: 0.4 } });
  expect(await review({ mode: 'sample', percent: 40 }, world(40))).toMatchObject({ port: 'approve' });
  const exceptions = { mode: 'exceptions', exceptions: 'input.sure < 0.8' };
  expect(await review(exceptions, world(4))).toEqual({ drawn: { group: 'billing', probability: 0.05 } });
  expect(await review(exceptions, world(5))).toMatchObject({ port: 'approve' });
  // A person sees all exceptions, so they are no evidence about the rest.
  expect(await review(exceptions, { ...world(5), body: { text: 'Dear Ada', topic: 'billing', sure: 0.5 } })).toEqual({});
});

it('reports an exception without an expression, and a field that does not exist', () => {
  const issues = humanReview.check({ title: 'Check', fields, authority: { mode: 'exceptions', matters: ['reply', 'amount'] } });
  expect(issues.map(({ path }) => path.join('.'))).toEqual(['authority.exceptions', 'authority.matters.1']);
});
