import { expect, test } from 'vitest';
import { createHookGate } from './hook-gate.ts';

const refusal = expect.objectContaining({ code: 'overloaded', retryAfterMs: expect.any(Number) });

test('admits as many as there are places, and reuses a returned place', () => {
  const gate = createHookGate(2, () => 0);
  const leave = gate.enter('one', '10.0.0.1');
  gate.enter('two', '10.0.0.2');
  expect(() => gate.enter('three', '10.0.0.3')).toThrow(refusal);
  expect(() => gate.refuseWhenFull()).toThrow(refusal);
  leave();
  expect(() => gate.refuseWhenFull()).not.toThrow();
  gate.enter('three', '10.0.0.3');
  expect(() => gate.enter('one', '10.0.0.1')).toThrow(refusal);
});

test('admits nothing while that many runs are driven', () => {
  let load = 5;
  const gate = createHookGate(5, () => load);
  expect(() => gate.enter('one', '10.0.0.1')).toThrow(refusal);
  load = 4;
  expect(() => gate.enter('one', '10.0.0.1')).not.toThrow();
});

test('never gives one webhook all places, even from one address', () => {
  const gate = createHookGate(100, () => 0);
  for (let place = 0; place < 75; place++) gate.enter('one', '10.0.0.1');
  expect(() => gate.enter('one', '10.0.0.1')).toThrow(refusal);
  expect(() => gate.enter('one', '10.0.0.2')).toThrow(refusal);
  for (let place = 75; place < 90; place++) gate.enter('two', '10.0.0.1');
  expect(() => gate.enter('two', '10.0.0.1')).toThrow(refusal);
  for (let place = 90; place < 100; place++) gate.enter('two', '10.0.0.2');
  expect(() => gate.enter('two', '10.0.0.2')).toThrow(refusal);
});
