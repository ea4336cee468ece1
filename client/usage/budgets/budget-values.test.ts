import { expect, test } from 'vitest';
import { budgetProblem, changedBudget, newBudget, valuesOf } from './budget-values.ts';

const values = valuesOf(undefined, 'Europe/Berlin');

test('a new budget has only the fields that are set', () => {
  expect(newBudget({ ...values, soft: '0.4' })).toEqual({
    scope: { kind: 'workspace' },
    period: 'day',
    timeZone: 'Europe/Berlin',
    softMicros: 400_000,
    onSoft: 'notify',
  });
  const full = { ...values, name: ' Acme ', kind: 'tenant', id: 'acme', soft: '1', onSoft: 'route', route: 'fast', hard: '2', onHard: 'wait' };
  expect(newBudget({ ...full, assumedInput: '0.2', assumedOutput: '0.4', reason: 'Pilot' })).toEqual({
    name: 'Acme',
    scope: { kind: 'tenant', id: 'acme' },
    period: 'day',
    timeZone: 'Europe/Berlin',
    softMicros: 1_000_000,
    onSoft: 'route',
    route: 'fast',
    hardMicros: 2_000_000,
    onHard: 'wait',
    assumedPrice: { input: 0.2, output: 0.4 },
    reason: 'Pilot',
  });
});

test('a budget of a run has no time zone and nothing to wait for', () => {
  expect(newBudget({ ...values, kind: 'run', hard: '0.05', onHard: 'wait' })).toEqual({
    scope: { kind: 'run' },
    period: 'run',
    hardMicros: 50_000,
    onHard: 'stop',
  });
  expect(newBudget({ ...values, kind: 'run', hard: '0.05', onHard: 'ask' })).toMatchObject({ onHard: 'ask' });
});

test('a change removes emptied fields', () => {
  const before = valuesOf(
    {
      id: 'bdg_1',
      scope: { kind: 'workspace' },
      period: 'month',
      softMicros: 1_500_000,
      onSoft: 'route',
      route: 'fast',
      hardMicros: 2e6,
      createdAt: '',
      updatedAt: '',
    },
    'UTC',
  );
  expect([before.soft, before.hard, before.timeZone]).toEqual(['1.5', '2', 'UTC']);
  expect(changedBudget({ ...before, soft: '' })).toEqual({
    name: null,
    softMicros: null,
    route: null,
    hardMicros: 2_000_000,
    onHard: 'stop',
    assumedPrice: null,
  });
});

test('problems are named before anything is sent', () => {
  expect(budgetProblem(values)).toContain('Enter a soft limit');
  expect(budgetProblem({ ...values, soft: '2', hard: '1' })).toContain('above the hard limit');
  expect(budgetProblem({ ...values, soft: '2', onSoft: 'route' })).toBe('Choose the cheaper route.');
  expect(budgetProblem({ ...values, soft: '2', kind: 'node', id: 'wf_1/' })).toBe('Choose the node.');
  expect(budgetProblem({ ...values, hard: '2', assumedInput: '1' })).toContain('both assumed prices');
  expect(budgetProblem({ ...values, soft: '1', hard: '1' })).toBeUndefined();
});
