import { expect, test } from 'vitest';
import { createHookGate } from './hook-gate.ts';

test('as many enter as there are places, and a place that is given back is free again', () => {
  const gate = createHookGate(2, () => 0);
  const leave = gate.enter();
  gate.enter();
  expect(() => gate.enter()).toThrow(expect.objectContaining({ code: 'overloaded', retryAfterMs: expect.any(Number) }));
  leave();
  expect(() => gate.enter()).not.toThrow();
  expect(() => gate.enter()).toThrow();
});

test('while as many runs are being driven nobody enters', () => {
  let load = 5;
  const gate = createHookGate(5, () => load);
  expect(() => gate.enter()).toThrow(expect.objectContaining({ code: 'overloaded' }));
  load = 4;
  expect(() => gate.enter()).not.toThrow();
});
