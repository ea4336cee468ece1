import { expect, test } from 'vitest';
import { type BudgetQuestion, budgetTask, readBudgetDecision } from './budget-review.ts';

const question: BudgetQuestion = {
  budgetId: 'bdg_1',
  revision: 1,
  hardMicros: 500_000,
  callId: 'draft#1/model:1',
  name: 'Acme',
  settledMicros: 490_000,
  reservedMicros: 0,
  callMicros: 20_000,
  period: 'run',
  model: 'gpt-5',
  route: 'careful',
};

test('the review says what was spent, and by when the run continues without a decision', () => {
  const facts = ({ context }: ReturnType<typeof budgetTask>) => Object.fromEntries(context.map(({ label, value }) => [label, value]));
  const ofRun = budgetTask('Draft', question);
  expect(facts(ofRun)).toEqual({
    Budget: 'Acme',
    Period: 'this run',
    Spent: '$0.49',
    'Hard limit': '$0.50',
    Call: 'Draft, gpt-5 by route careful',
    'Cost of the call': 'up to $0.02',
  });
  expect(ofRun.instructions).not.toContain('next period');
  const ofDay = budgetTask('Draft', { ...question, period: 'day', endsAt: '2026-12-01T00:00:00.000Z', reservedMicros: 5_000 });
  expect(facts(ofDay)).toMatchObject({ Period: 'day, until 2026-12-01 00:00 UTC', 'Reserved by other calls': '$0.005' });
  expect(ofDay.instructions).toContain('when the next period begins');
});

test('only raising sets a new limit, in micro-dollars, with a reason', () => {
  const sent = { decision: 'raise', values: { limit: 1.25 }, comment: ' Busy week ', reviewer: 'Ada' };
  expect(readBudgetDecision(sent)).toEqual({ decision: 'raise', reviewer: 'Ada', raisedTo: 1_250_000, reason: 'Busy week' });
  expect(readBudgetDecision({ ...sent, comment: '' })).toMatchObject({ reason: 'Raised in a review by Ada' });
  expect(readBudgetDecision({ ...sent, comment: 'x'.repeat(5_000) })?.reason).toHaveLength(1_000);
  expect(readBudgetDecision({ ...sent, decision: 'allow_once' })).not.toHaveProperty('raisedTo');
  expect(readBudgetDecision(null)).toBeUndefined();
});
