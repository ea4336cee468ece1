import { expect, it } from 'vitest';
import { createKeyReader } from './key-reader.ts';

/** A reader of these keys, and the ranges that it read. */
function readerOf(keys: readonly string[]) {
  const reads: string[] = [];
  const reader = createKeyReader(async ({ from, to }, limit) => {
    reads.push(`${from}-${to}`);
    return keys.filter((key) => key >= from && key < to).slice(0, limit);
  });
  return { reader, reads };
}
const numbered = Array.from({ length: 100 }, (_, number) => `b${String(number).padStart(2, '0')}`);

it('answers from what it has read, also that there is nothing', async () => {
  const { reader, reads } = readerOf(['b1', 'd1']);
  expect(await reader.first({ from: 'a', to: 'z' })).toBe('b1');
  expect(await reader.first({ from: 'c', to: 'z' })).toBe('d1');
  expect(await reader.first({ from: 'e', to: 'z' })).toBeUndefined();
  expect(reads).toEqual(['a-z']);
});

it('reads on where a full page ends', async () => {
  const { reader, reads } = readerOf(numbered);
  for (const key of numbered) expect(await reader.first({ from: key, to: 'z' })).toBe(key);
  expect(reads).toEqual(['b00-z', 'b32-z', 'b64-z', 'b96-z']);
});

it('leaves out what was dropped, and reads again what it forgot', async () => {
  const { reader, reads } = readerOf(['b1', 'b2']);
  await reader.first({ from: 'a', to: 'z' });
  reader.drop('b1');
  expect(await reader.first({ from: 'a', to: 'z' })).toBe('b2');
  reader.forget();
  expect(await reader.first({ from: 'a', to: 'z' })).toBe('b1');
  expect(reads).toHaveLength(2);
});
