import { expect, it } from 'vitest';
import { keepsWords, removedWords } from './storage-labels.ts';

it('says what a pass of retention removed', () => {
  const none = { payloads: 0, journals: 0, summaries: 0, done: true };
  expect(removedWords(none)).toBe('Nothing was old enough to remove');
  expect(removedWords({ ...none, payloads: 1, journals: 2_000 })).toBe('Removed payloads of 1 run and journals of 2,000 runs');
  expect(removedWords({ ...none, summaries: 3, done: false })).toBe('Removed everything of 3 runs. There is more: apply it again');
});

it('says how long a workflow keeps its data', () => {
  const workflow = { workflowId: 'wf_1', name: 'A', bytes: 1 };
  expect(keepsWords({ ...workflow, payloadDays: 30, journalDays: null })).toBe('payloads 30 days, journals forever');
});
