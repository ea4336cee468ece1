import { describe, expect, it } from 'vitest';
import { withinTime } from './deadline.ts';
import { isCutOff } from './mongo-errors.ts';

describe('an operation with a deadline', () => {
  it('resolves or rejects as the operation does', async () => {
    expect(await withinTime(1_000, Promise.resolve('answer'))).toBe('answer');
    await expect(withinTime(1_000, Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  });

  it('fails like a broken connection if it never ends', async () => {
    const failure = await withinTime(20, new Promise(() => undefined)).catch((thrown: unknown) => thrown);
    expect(isCutOff(failure)).toBe(true);
    expect(String(failure)).toContain('no response within 0.02 s');
  });
});
