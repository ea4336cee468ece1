import { describe, expect, it } from 'vitest';
import { withinTime } from './deadline.ts';
import { isCutOff } from './mongo-errors.ts';

describe('an operation with a deadline', () => {
  it('answers or fails as it does', async () => {
    expect(await withinTime(1_000, Promise.resolve('answer'))).toBe('answer');
    await expect(withinTime(1_000, Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  });

  it('that never ends fails like one that was cut off', async () => {
    const failure = await withinTime(20, new Promise(() => undefined)).catch((thrown: unknown) => thrown);
    expect(isCutOff(failure)).toBe(true);
    expect(String(failure)).toContain('no answer within 0.02 s');
  });
});
