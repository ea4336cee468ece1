import { expect, it } from 'vitest';
import { createRandom } from '../statistics/random.ts';
import { includesText } from './includes-text.ts';

it('finds what the built-in search finds, however often a text repeats itself', () => {
  const random = createRandom(11);
  const some = (length: number): string => Array.from({ length }, () => 'ab'[random(2)]).join('');
  let found = 0;
  for (let sample = 0; sample < 2_000; sample++) {
    const text = some(20 + random(60));
    const start = random(text.length);
    const wanted = random(2) === 0 ? text.slice(start, start + 17 + random(20)) : some(17 + random(4));
    expect(includesText(text, wanted), `${wanted} in ${text}`).toBe(text.includes(wanted));
    if (includesText(text, wanted)) found++;
  }
  expect(found).toBeGreaterThan(500);
  expect(found).toBeLessThan(1_900);
  expect(includesText('abc', '')).toBe(true);
});
