import { expect, test } from 'vitest';
import { EVENT_VERSION, sinceOf, versionWrittenBy } from './event-versions.ts';

const added = {
  'step-waiting': { since: 3, by: ['for-each', 'workflow'] },
  'step-reused': { since: 4, by: ['for-each'] },
};

test('an event has the version that added it', () => {
  expect((['run-started', 'step-waiting', 'step-reused'] as const).map((type) => sinceOf(type, added))).toEqual([2, 3, 4]);
});

test('a run needs the newest event that its nodes may write', () => {
  expect([['input'], ['input', 'workflow'], ['workflow', 'for-each']].map((nodeTypes) => versionWrittenBy(nodeTypes, added))).toEqual([0, 3, 4]);
});

test('this build knows its own events', () => {
  expect([sinceOf('run-started'), sinceOf('frame-finished'), versionWrittenBy(['for-each'])].every((version) => version <= EVENT_VERSION)).toBe(true);
});
