import { expect, it } from 'vitest';
import { labelOptions } from './run-label-options.ts';

it('offers each label of the runs once, sorted', () => {
  const runs = [{ labels: { tenant: 'b', channel: 'chat' } }, { labels: { tenant: 'a' } }, { labels: { tenant: 'b' } }, { labels: {} }];
  expect(labelOptions(runs, undefined).map(({ value }) => value)).toEqual(['channel:chat', 'tenant:a', 'tenant:b']);
});

it('keeps the selected one even if no run has it, in readable form', () => {
  expect(labelOptions([], 'tenant:x:y')).toEqual([{ value: 'tenant:x:y', label: 'tenant: x:y' }]);
});
