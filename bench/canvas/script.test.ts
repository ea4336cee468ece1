import { expect, test } from 'vitest';
import { script } from './script.ts';

test('the script that every page starts with stays within its limit', async () => {
  const [figure] = await script();
  expect(figure?.value).toBeGreaterThan(100);
  expect(figure?.value).toBeLessThanOrEqual(figure?.goal ?? 0);
});
