import { expect, it } from 'vitest';
import type { Span } from './span.ts';
import { createSpanQueue } from './span-queue.ts';

const spans = (count: number): Span[] => Array.from({ length: count }, () => ({}) as Span);

it('keeps a bounded number of spans while the receiver is silent, and counts the rest as dropped', async () => {
  const release = Promise.withResolvers<void>();
  const sizes: number[] = [];
  const queue = createSpanQueue(async (batch) => {
    sizes.push(batch.length);
    await release.promise;
    return true;
  });
  for (let index = 0; index < 20; index++) queue.add(spans(1_000));
  const { dropped } = queue.counts();
  expect(dropped).toBeGreaterThan(11_000);
  release.resolve();
  await queue.close(1_000);
  expect(queue.counts()).toEqual({ exported: 20_000 - dropped, dropped });
  expect(Math.max(...sizes)).toBe(512);
});

it('doesn’t wait for a receiver that never answers when it closes', async () => {
  const queue = createSpanQueue(() => new Promise(() => {}));
  queue.add(spans(600));
  await queue.close(10);
  expect(queue.counts()).toEqual({ exported: 0, dropped: 88 });
});
