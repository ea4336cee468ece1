import { type ErrorData, messageForCaller } from '@switchyard/shared/errors.ts';
import { expect, it } from 'vitest';
import { failureRetryMs, failureStatus } from './failure-for-caller.ts';

const inside = (code: 'item-failed' | 'child-failed', cause: ErrorData): ErrorData => ({ code, message: `Outside: ${cause.message}`, details: { cause } });
const budget: ErrorData = { code: 'budget-exceeded', message: 'Budget used up', details: { until: '2027-01-01T00:00:10.000Z' } };
const file: ErrorData = { code: 'no-text', message: '“a.pdf”: The PDF has no text.', details: { sentFile: '“a.pdf”: The PDF has no text.' } };
const now = new Date('2027-01-01T00:00:00Z');

it('answers a used-up budget with its status and time, also in an item or a child run', () => {
  for (const error of [budget, inside('item-failed', budget), inside('child-failed', inside('item-failed', budget))]) {
    expect(failureStatus(error)).toBe(429);
    expect(failureRetryMs(error, now)).toBe(10_000);
  }
  expect(failureStatus(inside('item-failed', { code: 'node-failed', message: 'No' }))).toBe(500);
  expect(failureStatus(inside('item-failed', { code: 'timeout', message: 'No' }))).toBe(504);
});

it('says why a file of the caller can’t be read, but nothing about other files', () => {
  for (const error of [file, inside('item-failed', file)]) {
    expect(failureStatus(error)).toBe(422);
    expect(messageForCaller(error)).toBe('The file has no text: “a.pdf”: The PDF has no text.');
  }
  expect(failureStatus(inside('child-failed', file))).toBe(500);
  expect(messageForCaller({ code: 'no-text', details: { file: 'inside.pdf' } })).toBe('The file has no text');
});
