import type { Budget, PeriodUsage } from '@switchyard/shared/contracts/money.ts';
import { expect, test } from 'vitest';
import { budgetState, budgetSubtitle, budgetTitle, ruleOf, settledText, shownPeriod, shownSubject } from './budget-labels.ts';

const NAMES = new Map([['wf_1', 'Invoice intake']]);
const budget = (more: Partial<Budget>): Budget => ({ id: 'bdg_1', scope: { kind: 'workspace' }, period: 'day', createdAt: '', updatedAt: '', ...more });
const period = (more: Partial<PeriodUsage>): PeriodUsage => ({
  period: '2026-11-30',
  current: true,
  endsAt: '2026-11-30T23:00:00.000Z',
  of: null,
  settledMicros: 0,
  reservedMicros: 0,
  calls: 1,
  unknownPrice: 0,
  overrunMicros: 0,
  state: 'within',
  ...more,
});

test('a budget is named by its scope unless it has a name', () => {
  expect(budgetTitle(budget({}), NAMES)).toBe('Everything');
  expect(budgetTitle(budget({ scope: { kind: 'tenant' } }), NAMES)).toBe('Each tenant');
  expect(budgetTitle(budget({ scope: { kind: 'node', id: 'wf_1/draft' } }), NAMES)).toBe('Invoice intake / draft');
  expect(budgetTitle(budget({ name: 'Nightly', scope: { kind: 'workflow', id: 'wf_1' } }), NAMES)).toBe('Nightly');
  expect(budgetSubtitle(budget({ name: 'Nightly', scope: { kind: 'workflow', id: 'wf_1' } }), NAMES)).toBe('workflow Invoice intake · day, UTC');
  expect(budgetSubtitle(budget({ scope: { kind: 'tenant', id: 'acme' }, timeZone: 'Europe/Berlin' }), NAMES)).toBe('tenant · day, Europe/Berlin');
  expect(budgetSubtitle(budget({ scope: { kind: 'run' }, period: 'run' }), NAMES)).toBe('run · one run');
});

test('the rule says what happens at which amount', () => {
  expect(ruleOf(budget({ softMicros: 400_000, onSoft: 'route', route: 'fast', hardMicros: 500_000, onHard: 'stop' }))).toEqual({
    soft: { from: '$0.40', route: 'fast' },
    hard: { at: '$0.50', action: 'Calls stop' },
  });
  expect(ruleOf(budget({ softMicros: 6e7, onSoft: 'notify' }))).toEqual({ soft: { from: '$60' } });
  expect(ruleOf(budget({ period: 'run', hardMicros: 50_000 }))).toEqual({ hard: { at: '$0.05', action: 'The run stops' } });
});

test('of several periods, the current one with the most spending is shown', () => {
  const usage = [
    period({ of: 'acme', settledMicros: 5 }),
    period({ of: 'globex', settledMicros: 3, reservedMicros: 4 }),
    period({ current: false, settledMicros: 99 }),
  ];
  const each = budget({ scope: { kind: 'tenant' } });
  const shown = shownPeriod(each, usage);
  expect(shown?.of).toBe('globex');
  expect(shownSubject(each, shown, usage, NAMES)).toBe('globex, highest of 2');
  expect(shownPeriod(each, [period({ current: false })])).toBeUndefined();
  const perRun = budget({ period: 'run' });
  expect(shownSubject(perRun, shownPeriod(perRun, [period({ period: 'run_01KB51D7', current: false })]), [], NAMES)).toBe('in run 51d7');
});

test('what was settled is an amount, or says why it is none', () => {
  expect(settledText(period({ calls: 0 }))).toBe('–');
  expect(settledText(period({ calls: 2 }))).toBe('free');
  expect(settledText(period({ calls: 2, unknownPrice: 1 }))).toBe('free');
  expect(settledText(period({ calls: 2, unknownPrice: 2 }))).toBe('unknown');
  expect(settledText(period({ calls: 2, settledMicros: 5e6 }))).toBe('$5');
});

test('the state is one tag', () => {
  const route = budget({ onSoft: 'route', route: 'fast', hardMicros: 1, timeZone: 'Europe/Berlin' });
  expect(budgetState(route, undefined)).toEqual({ tone: 'idle', label: 'No calls today' });
  expect(budgetState(route, period({}))).toEqual({ tone: 'good', label: 'Within limits' });
  expect(budgetState(route, period({ state: 'soft' }))).toEqual({ tone: 'soft', label: 'Degraded to fast' });
  expect(budgetState(route, period({ state: 'hard' }))).toEqual({ tone: 'hard', label: 'Stopped until 1 Dec, 00:00' });
  expect(budgetState({ ...route, onHard: 'wait' }, period({ state: 'hard' })).label).toBe('Calls wait until 1 Dec, 00:00');
  expect(budgetState(budget({ period: 'run' }), period({ state: 'hard', endsAt: null })).label).toBe('Run stopped');
  expect(budgetState({ ...route, onHard: 'ask' }, period({ state: 'hard' })).label).toBe('A person decides until 1 Dec, 00:00');
  expect(budgetState(budget({ period: 'run', onHard: 'ask' }), period({ state: 'hard', endsAt: null })).label).toBe('A person decides');
});
