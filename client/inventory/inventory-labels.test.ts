import { expect, test } from 'vitest';
import { accessWords, keptWords, loggingWords, retentionWords, runsWords } from './inventory-labels.ts';

test('says how long something is kept, and who may see it', () => {
  expect(keptWords({ until: 'fixed', days: 7 })).toBe('7 days');
  expect(keptWords({ until: 'workflow', days: null })).toBe('set per workflow');
  expect(accessWords(['read', 'review-link'])).toContain('; reviewers with a link');
});

test('says what a workflow keeps', () => {
  expect(loggingWords({ logging: 'redacted', redacted: ['email', 'card'] })).toBe('selected fields once a run has ended; replaced on entry: email, card');
  expect(retentionWords({ payloadDays: 1, journalDays: 400, summaryDays: null })).toBe('payloads 1 day, journals 400 days, runs always');
  expect(runsWords(10_000, 10_000)).toBe('At least 10,000 runs');
});
