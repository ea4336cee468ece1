import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { expect, test } from 'vitest';
import { announcements } from '../workbench/announcements.ts';
import { replaySpeed, seqAt, stateAt, timeOf } from './replay.ts';

const at = (ms: number) => new Date(1_700_000_000_000 + ms).toISOString();
const step = { stepId: 'a#1', nodeKey: 'a', nodeType: 'prompt', round: 1 } as const;
const journal: JournalEvent[] = [
  { seq: 1, at: at(0), type: 'run-started', workflowId: 'wf', version: 'draft', trigger: 'canvas', labels: {}, graphHash: '' },
  { seq: 2, at: at(10), type: 'step-started', ...step, attempt: 1, effect: 'pure', input: {} },
  { seq: 3, at: at(1_500), type: 'step-finished', stepId: 'a#1', output: 'x', port: null },
  { seq: 4, at: at(1_500), type: 'run-finished', status: 'succeeded' },
];

test('A run can be shown after each of its events', () => {
  expect(stateAt(journal, 0).steps.size).toBe(0);
  expect(stateAt(journal, 2).steps.get('a#1')?.status).toBe('running');
  expect(stateAt(journal, 3).status).toBe('running');
  expect(stateAt(journal, 4).status).toBe('succeeded');
});

test('Positions in time and events map to each other', () => {
  expect([0, 9, 10, 1_499, 1_500, 9_999].map((ms) => seqAt(journal, ms))).toEqual([1, 1, 2, 2, 4, 4]);
  expect([0, 1, 2, 4].map((seq) => timeOf(journal, seq))).toEqual([0, 0, 10, 1_500]);
  expect(seqAt([], 0)).toBe(0);
});

test('A replay lasts between two and twelve seconds', () => {
  expect(500 / replaySpeed(500)).toBe(2_000);
  expect(5_000 / replaySpeed(5_000)).toBe(5_000);
  expect(3_600_000 / replaySpeed(3_600_000)).toBe(12_000);
});

test('A screen reader announces each change once, by the titles on the canvas', () => {
  const graph = { nodes: [{ id: 'a', type: 'prompt', position: { x: 0, y: 0 }, data: { key: 'a', title: 'Draft', typeVersion: 1, params: {} } }], edges: [] };
  expect(announcements(stateAt(journal, 1), stateAt(journal, 2), graph)).toBe('');
  expect(announcements(stateAt(journal, 2), stateAt(journal, 4), graph)).toBe('Draft succeeded. Run succeeded');
  expect(announcements(stateAt(journal, 4), stateAt(journal, 4), graph)).toBe('');
});
