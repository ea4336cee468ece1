import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { describe, expect, it } from 'vitest';
import { describeWhenDue, dueOf, findReviews, gist, mostUrgentFirst } from './urgency.ts';

const review = (more: Partial<Review>): Review => ({
  id: 'r',
  runId: 'run',
  workflowId: 'w',
  workflowName: 'Support',
  version: 1,
  stepId: 'check#1',
  title: 'Refund',
  instructions: null,
  why: null,
  status: 'open',
  decisions: [{ id: 'reject', title: 'Turn down' }],
  fields: [],
  context: [],
  assignee: null,
  dueAt: null,
  whenDue: null,
  createdAt: '2026-01-05T10:00:00.000Z',
  decidedAt: null,
  decidedBy: null,
  decision: null,
  link: null,
  ...more,
});
const now = Date.parse('2026-01-05T12:00:00.000Z');

describe('due times', () => {
  it.each([
    ['2026-01-05T11:48:00.000Z', 'late', 'overdue by 12 min'],
    ['2026-01-05T15:56:00.000Z', 'soon', 'due in 3 h 56 min'],
    ['2026-01-05T16:00:00.000Z', 'soon', 'due in 4 h'],
    ['2026-01-05T12:00:10.000Z', 'soon', 'due in 1 min'],
    ['2026-01-07T16:00:00.000Z', 'later', 'due in 2 d 4 h'],
  ])('%s is %s: %s', (dueAt, tone, words) => {
    expect(dueOf({ dueAt }, now)).toEqual({ tone, words });
  });

  it('say what happens when overdue', () => {
    expect(describeWhenDue(review({ whenDue: { action: 'assign', assignee: 'Lead' } }))).toBe('reassigned to Lead');
    expect(describeWhenDue(review({ whenDue: { action: 'decide', decision: 'reject' } }))).toContain('Turn down');
    expect(describeWhenDue(review({ whenDue: { action: 'error' } }))).toBe('the step fails');
  });
});

it('the most urgent review comes first: by due time, then by age', () => {
  const old = review({ id: 'old', createdAt: '2026-01-01T00:00:00.000Z' });
  const fresh = review({ id: 'fresh', createdAt: '2026-01-05T00:00:00.000Z' });
  const due = review({ id: 'due', dueAt: '2026-01-06T00:00:00.000Z' });
  const late = review({ id: 'late', dueAt: '2026-01-05T00:00:00.000Z' });
  expect(mostUrgentFirst([fresh, due, old, late]).map(({ id }) => id)).toEqual(['late', 'due', 'old', 'fresh']);
});

it('a search covers title, workflow, context, and draft', () => {
  const one = review({ context: [{ label: 'Customer', value: { name: 'Ada' } }], fields: [{ name: 'a', label: 'A', kind: 'text', value: 'Kind regards' }] });
  for (const search of ['REFUND', 'support ada', 'regards', '']) expect(findReviews([one], search)).toEqual([one]);
  expect(findReviews([one], 'refund bob')).toEqual([]);
});

it('the gist is what a person wrote, else the first context, else the draft', () => {
  expect(
    gist(
      review({
        context: [
          { label: 'Tier', value: 'gold' },
          { label: 'Message', value: ' Hello ', show: 'quote' },
        ],
      }),
    ),
  ).toBe('“Hello”');
  expect(gist(review({ context: [{ label: 'Tier', value: 'gold' }] }))).toBe('gold');
  expect(gist(review({ instructions: 'Look' }))).toBe('Look');
});
