import { beforeEach, expect, test } from 'vitest';
import { type Circuits, createCircuits } from './circuits.ts';

let now = 0;
let circuits: Circuits;
beforeEach(() => {
  now = 0;
  circuits = createCircuits(() => now);
});

const call = (outcome: 'ok' | 'down' | 'refused', model = 'm'): boolean => {
  if (!circuits.enter('con', model)) return false;
  if (outcome === 'ok') circuits.succeeded('con', model);
  else circuits.failed('con', model, outcome === 'down' ? 'provider-unavailable' : 'provider-refused');
  return true;
};

test('opens after five failures in a row, for this model only', () => {
  for (let count = 0; count < 5; count++) expect(call('down')).toBe(true);
  expect(call('ok')).toBe(false);
  expect(circuits.stateOf('con', 'm')).toEqual({ state: 'open', retryInMs: 30_000 });
  expect(call('ok', 'other')).toBe(true);
});

test('opens when half of twenty calls failed', () => {
  for (let count = 0; count < 10; count++) {
    call('ok');
    expect(circuits.stateOf('con', 'm').state).toBe('closed');
    call('down');
  }
  expect(circuits.stateOf('con', 'm').state).toBe('open');
});

test('allows one trial after 30 s, which decides', () => {
  for (let count = 0; count < 5; count++) call('down');
  now = 30_000;
  expect(circuits.stateOf('con', 'm').state).toBe('half-open');
  expect(circuits.enter('con', 'm')).toBe(true);
  expect(circuits.enter('con', 'm')).toBe(false);
  circuits.failed('con', 'm', 'provider-timeout');
  expect(call('ok')).toBe(false);
  now = 60_000;
  expect(call('ok')).toBe(true);
  expect(circuits.stateOf('con', 'm').state).toBe('closed');
  expect(call('down')).toBe(true);
  expect(call('ok')).toBe(true);
});

test('a caller who gave up during the trial does not block the next one', () => {
  for (let count = 0; count < 5; count++) call('down');
  now = 30_000;
  expect(circuits.enter('con', 'm')).toBe(true);
  circuits.left('con', 'm');
  expect(call('ok')).toBe(true);
});

test('a request that the model rejects is a response', () => {
  for (let count = 0; count < 20; count++) call('refused');
  expect(circuits.stateOf('con', 'm').state).toBe('closed');
});
