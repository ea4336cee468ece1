import { describe, expect, it } from 'vitest';
import { packJson, unpackJson } from './packed-json.ts';

describe('packed JSON', () => {
  it('leaves short text unchanged', () => {
    expect(packJson('{"a":1}')).toBe('{"a":1}');
    expect(unpackJson('{"a":1}')).toBe('{"a":1}');
  });

  it.each<[string, string]>([
    [
      'many equal values',
      JSON.stringify(Array.from({ length: 200 }, (_, index) => ({ type: 'step-finished', stepId: `step_${index}#1`, output: { total: 12 } }))),
    ],
    ['characters of several bytes', JSON.stringify('Grüße 👋 ы'.repeat(500))],
    ['half a character', JSON.stringify(`${'x'.repeat(600)}\ud800`)],
    ['a value of 2 MB', JSON.stringify('0123456789'.repeat(200_000))],
  ])('is restored exactly: %s', (_, json) => {
    const stored = packJson(json);
    expect(stored.length).toBeLessThan(Buffer.byteLength(json) / 2);
    expect(unpackJson(stored)).toBe(json);
  });

  it('stores the journal of a short run in a quarter of its size', () => {
    const order = { id: 'order-1001', customer: 'Grace Hopper', items: [{ sku: 'C-3', quantity: 1 }], note: 'leave at the door' };
    const at = '2026-03-01T10:00:00.000Z';
    const events = ['start', 'reckon', 'reply'].flatMap((nodeKey) => [
      { type: 'step-started', stepId: `${nodeKey}#1`, nodeKey, nodeType: 'transform', round: 1, attempt: 1, effect: 'pure', input: order, at },
      { type: 'step-finished', stepId: `${nodeKey}#1`, output: { order, cents: 12_050 }, port: null, at },
    ]);
    const json = JSON.stringify(events);
    expect(packJson(json).length).toBeLessThan(json.length / 4);
  });

  it('rejects an unknown format', () => {
    expect(() => unpackJson(Uint8Array.of(9, 1, 2))).toThrow('Unknown format of stored JSON: 9');
  });
});
