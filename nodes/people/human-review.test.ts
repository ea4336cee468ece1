import { describe, expect, it } from 'vitest';
import { resumeNode, runNode } from '../sdk/run-node.fixture.ts';
import { humanReview } from './human-review.ts';

const params = {
  title: 'Reply to {{ input.name }}',
  instructions: 'Check the amount.',
  assignee: 'Support',
  dueInMinutes: 240,
  context: [
    { name: 'Message', value: '{{ input.message }}' },
    { name: 'Case', value: '{{ input }}' },
  ],
  fields: [
    { name: 'reply', label: 'Reply', kind: 'long-text' as const, value: '{{ steps.draft.text }}', required: true },
    { name: 'amount', kind: 'number' as const, value: '{{ steps.draft.amount }}' },
  ],
};
const body = { name: 'Ada', message: 'Refund me' };
const world = { body, now: '2026-01-05T10:00:00.000Z', scope: { steps: { draft: { text: 'Dear Ada', amount: '12' } } } };

async function waiting(over: Partial<typeof humanReview.defaults> = {}) {
  const { result } = await runNode(humanReview, { ...params, ...over }, world);
  if (result.kind !== 'wait' || result.wait.kind !== 'review') throw new Error('it does not wait for a review');
  return { id: 'wait_1', reviewId: 'review_1', ...result.wait };
}

describe('human review', () => {
  it('waits with a review that shows the context and the draft', async () => {
    expect(await waiting()).toMatchObject({
      kind: 'review',
      dueAt: '2026-01-05T14:00:00.000Z',
      task: {
        title: 'Reply to Ada',
        instructions: 'Check the amount.',
        assignee: 'Support',
        decisions: [{ id: 'approve' }, { id: 'reject' }, { id: 'send_back' }],
        fields: [
          { name: 'reply', label: 'Reply', kind: 'long-text', value: 'Dear Ada', required: true },
          { name: 'amount', label: 'amount', kind: 'number', value: 12 },
        ],
        context: [
          { label: 'Message', value: 'Refund me' },
          { label: 'Case', value: body },
        ],
      },
    });
  });

  it('waits forever without a due time', async () => {
    const { dueInMinutes: _due, ...rest } = params;
    const { result } = await runNode(humanReview, rest, world);
    expect(result.kind === 'wait' && result.wait).not.toHaveProperty('dueAt');
  });

  it('continues on the decision, with the reviewer’s changes', async () => {
    const wait = await waiting();
    const value = { decision: 'send_back', values: { reply: 'Dear Ada, sorry' }, comment: 'Name the order.', reasons: ['tone'], reviewer: 'owner' };
    const { result } = await resumeNode(humanReview, params, { wait, by: 'decision', value }, world);
    expect(result).toEqual({
      kind: 'done',
      port: 'send_back',
      output: {
        decision: 'send_back',
        values: { reply: 'Dear Ada, sorry', amount: 12 },
        comment: 'Name the order.',
        reasons: ['tone'],
        reviewer: 'owner',
        changes: [{ field: 'reply', kind: 'long-text', before: 'Dear Ada', after: 'Dear Ada, sorry' }],
      },
    });
  });

  it('compares changes with the draft that the reviewer saw, not with a newer one', async () => {
    const wait = await waiting();
    const later = { ...world, scope: { steps: { draft: { text: 'Another draft', amount: 1 } } } };
    const { result } = await resumeNode(humanReview, params, { wait, by: 'decision', value: { decision: 'approve' } }, later);
    expect(result).toMatchObject({ output: { values: { reply: 'Dear Ada' }, changes: [] } });
  });

  it('rejects a decision that its review does not have', async () => {
    const wait = await waiting();
    const decided = resumeNode(humanReview, params, { wait, by: 'decision', value: { decision: 'pay' } }, world);
    await expect(decided).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('“Reply to Ada”') });
  });

  it('fails when overdue, or decides automatically if set to', async () => {
    const wait = await waiting();
    await expect(resumeNode(humanReview, params, { wait, by: 'timer' }, world)).rejects.toMatchObject({ code: 'timeout' });
    const self = { ...params, whenDue: 'decide' as const, dueDecision: 'reject' };
    const { result } = await resumeNode(humanReview, self, { wait, by: 'timer' }, world);
    expect(result).toMatchObject({ port: 'reject', output: { decision: 'reject', comment: 'Decided automatically: overdue.' } });
  });

  it('decides automatically even if a required field is empty', async () => {
    const self = { ...params, fields: [{ name: 'reply', required: true }], whenDue: 'decide' as const, dueDecision: 'reject' };
    const { result } = await resumeNode(humanReview, self, { wait: await waiting(self), by: 'timer' }, world);
    expect(result).toMatchObject({ port: 'reject', output: { values: { reply: '' } } });
  });

  it('reassigns the review when overdue, under the same ID and without a due time', async () => {
    const handOver = { ...params, whenDue: 'assign' as const, dueAssignee: 'Lead of {{ input.name }}' };
    const wait = await waiting(handOver);
    expect(wait.task.whenDue).toEqual({ action: 'assign', assignee: 'Lead of Ada' });
    const { result } = await resumeNode(humanReview, handOver, { wait, by: 'timer' }, world);
    expect(result).toMatchObject({ kind: 'wait', wait: { kind: 'review', continues: 'review_1', task: { title: 'Reply to Ada', assignee: 'Lead of Ada' } } });
    expect(result.kind === 'wait' && result.wait).not.toHaveProperty('dueAt');
    expect(result.kind === 'wait' && result.wait.kind === 'review' && result.wait.task).not.toHaveProperty('whenDue');
  });

  it('includes the reason for review, how each value is shown, and the unit of a number', async () => {
    const { task } = await waiting({
      why: 'Refunds of {{ input.name }} always wait.',
      context: [{ name: 'Message', value: '{{ input.message }}', show: 'quote' }],
      fields: [{ name: 'amount', kind: 'number', value: '12', unit: 'EUR' }],
    });
    expect(task).toMatchObject({
      why: 'Refunds of Ada always wait.',
      context: [{ label: 'Message', value: 'Refund me', show: 'quote' }],
      fields: [{ value: 12, unit: 'EUR' }],
      whenDue: { action: 'error' },
    });
  });

  it('treats __proto__ as an ordinary field', async () => {
    const odd = { title: 'Odd', fields: [{ name: '__proto__', value: 'draft' }] };
    const { result } = await runNode(humanReview, odd, world);
    if (result.kind !== 'wait' || result.wait.kind !== 'review') throw new Error('it does not wait for a review');
    const wait = { id: 'wait_1', reviewId: 'review_1', ...result.wait };
    const decided = await resumeNode(humanReview, odd, { wait, by: 'decision', value: { decision: 'approve' } }, world);
    const { values } = (decided.result as { output: { values: object } }).output;
    expect(Object.entries(values)).toEqual([['__proto__', 'draft']]);
  });
});

describe('the settings of a human review', () => {
  it('have a port for each decision, all of which must be connected', () => {
    expect(humanReview.ports(params).outputs).toEqual([
      { id: 'approve', label: 'approve', mustConnect: true },
      { id: 'reject', label: 'reject', mustConnect: true },
      { id: 'send_back', label: 'send back', mustConnect: true },
    ]);
  });

  it('report what is missing or duplicated', () => {
    const paths = (more: object) => humanReview.check({ ...params, ...more }).map(({ path }) => path.join('.'));
    expect(paths({ title: ' ', whenDue: 'decide', dueDecision: 'pay' })).toEqual(['title', 'dueDecision']);
    expect(
      paths({
        decisions: [
          { id: 'a', title: 'A' },
          { id: 'a', title: 'B' },
          { id: '', title: 'C' },
        ],
      }),
    ).toEqual(['decisions.2.id', 'decisions.1.title']);
    expect(paths({ whenDue: 'assign', dueAssignee: ' ' })).toEqual(['dueAssignee']);
    expect(paths({ decisions: [] })).toEqual(['decisions']);
    expect(paths({ fields: [{ name: 'a', kind: 'choice' }, { name: 'a' }, { name: '' }] })).toEqual(['fields.0.choices', 'fields.1.name', 'fields.2.name']);
  });
});
