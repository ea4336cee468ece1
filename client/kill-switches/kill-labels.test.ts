import { expect, test } from 'vitest';
import { concernsWorkflow, killEffect, killTitle, mayAffectWorkflow, openRunsText } from './kill-labels.ts';

test('a switch is named by its scope and mode', () => {
  expect(killTitle({ scope: { kind: 'tenant', id: 'globex', name: 'globex' }, mode: 'refuse' })).toBe('Tenant “globex” rejects new runs');
  expect(killTitle({ scope: { kind: 'workspace', id: 'default', name: 'default' }, mode: 'drain' })).toBe('The whole workspace finishes open runs, then stops');
  expect(killTitle({ scope: { kind: 'route', id: 'fast', name: 'fast' }, mode: 'refuse' })).toBe('Route “fast” rejects new calls');
});

test('its effect counts runs, calls, and the progress of an abort', () => {
  const none = { refusedRuns: 0, refusedCalls: 0, abort: null };
  expect(killEffect(none)).toBe('Nothing rejected yet.');
  expect(killEffect({ ...none, refusedRuns: 1_212, refusedCalls: 1 })).toBe('1,212 new runs and 1 call rejected.');
  expect(killEffect({ ...none, abort: { asked: 0, left: 0, endedAt: null } })).toBe('Looking for open runs.');
  expect(killEffect({ ...none, abort: { asked: 14, left: 4, endedAt: null } })).toBe('Canceling runs: 10 of 14 done.');
  expect(killEffect({ ...none, refusedRuns: 2, abort: { asked: 1, left: 0, endedAt: '2026-03-01T12:00:00.000Z' } })).toBe(
    '2 new runs rejected. 1 run canceled.',
  );
});

test('before it is set, it says how many runs it would cancel', () => {
  expect(openRunsText({ runs: 0, complete: true })).toBe('No runs are open now.');
  expect(openRunsText({ runs: 1, complete: true })).toBe('1 run is open now and would be canceled.');
  expect(openRunsText({ runs: 1_400, complete: true })).toBe('1,400 runs are open now and would be canceled.');
  expect(openRunsText({ runs: 5_000, complete: false })).toBe('More than 5,000 runs are open now and would be canceled.');
  expect(openRunsText({ runs: 0, complete: false })).toBe('There are too many open runs to count.');
});

test('a workflow is affected by switches on the workspace, on it, and on its versions', () => {
  const scope = (kind: 'workspace' | 'workflow' | 'version' | 'tenant', id: string) => ({ scope: { kind, id, name: id } });
  expect(concernsWorkflow(scope('workspace', 'default'), 'wfl_1')).toBe(true);
  expect(concernsWorkflow(scope('version', 'wfl_1:3'), 'wfl_1')).toBe(true);
  expect(concernsWorkflow(scope('workflow', 'wfl_2'), 'wfl_1')).toBe(false);
  expect(concernsWorkflow(scope('tenant', 'wfl_1'), 'wfl_1')).toBe(false);
});

test('only switches on other workflows can’t affect a workflow', () => {
  const scope = (kind: 'workflow' | 'version' | 'tenant' | 'model', id: string) => ({ scope: { kind, id, name: id } });
  expect(
    [scope('tenant', 'globex'), scope('model', 'm'), scope('workflow', 'wfl_1'), scope('version', 'wfl_1:2')].every((one) => mayAffectWorkflow(one, 'wfl_1')),
  ).toBe(true);
  expect(mayAffectWorkflow(scope('workflow', 'wfl_2'), 'wfl_1')).toBe(false);
  expect(mayAffectWorkflow(scope('version', 'wfl_2:1'), 'wfl_1')).toBe(false);
});
