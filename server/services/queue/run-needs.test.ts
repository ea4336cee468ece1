import type { RunNeeds } from '@switchyard/shared/run/build-versions.ts';
import { expect, test } from 'vitest';
import { isAheadOf } from './run-needs.ts';

const known = (event: number) => ({ versions: { app: '1', event, nodes: '' } });
const needs = (event: number, writes: number): RunNeeds => ({ event, writes, nodes: [] });

test('a run that would get events that a live process doesn’t know waits for it to stop', () => {
  expect(isAheadOf(needs(2, 3), [known(3), known(2)])).toBe(true);
  expect(isAheadOf(needs(0, 3), [known(3), {}])).toBe(true);
  expect(isAheadOf(needs(2, 3), [known(3), known(4)])).toBe(false);
});

test('a run that has these events, or gets none, doesn’t wait', () => {
  expect(isAheadOf(needs(3, 3), [known(2)])).toBe(false);
  expect(isAheadOf(needs(0, 0), [{}])).toBe(false);
});
