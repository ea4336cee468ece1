import { expect, it } from 'vitest';
import { createCancellation } from './cancellation.ts';

it('aborts its signal, whether it was asked for before or after', () => {
  const cancellation = createCancellation();
  expect(cancellation.isRequested()).toBe(false);
  cancellation.request('too late');
  expect(cancellation.isRequested()).toBe(true);
  expect(cancellation.signal()).toMatchObject({ aborted: true, reason: 'too late' });

  const asked = createCancellation();
  const signal = asked.signal();
  expect(signal.aborted).toBe(false);
  asked.request('stopped');
  expect(signal).toMatchObject({ aborted: true, reason: 'stopped' });
  expect(asked.reason()).toBe('stopped');
});
