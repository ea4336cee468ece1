import { expect, test } from 'vitest';
import { leafHash, PAGE_LEAVES, pathOf, rootFrom, rootOf } from './day-chain.ts';

const leavesOf = (count: number): string[] => Array.from({ length: count }, (_, index) => leafHash({ runId: `run_${index}`, seq: 3, head: 'ab' }));

test('leads from every leaf to the root, and from no other leaf or place', () => {
  for (const count of [1, 2, 3, 5, 8, 13]) {
    const leaves = leavesOf(count);
    const root = rootOf(leaves);
    for (const [index, leaf] of leaves.entries()) {
      const path = pathOf(leaves, index);
      expect(rootFrom(leaf, index, count, path)).toBe(root);
      expect(rootFrom(leafHash({ runId: `run_${index}`, seq: 3, head: 'cd' }), index, count, path)).not.toBe(root);
      expect(rootFrom(leaf, index, count, [...path, root])).not.toBe(root);
      if (count > 1) expect(rootFrom(leaf, (index + 1) % count, count, path)).not.toBe(root);
    }
  }
});

test('has the roots of pages as nodes', () => {
  const leaves = leavesOf(2 * PAGE_LEAVES + 100);
  const pages = [0, 1, 2].map((page) => leaves.slice(page * PAGE_LEAVES, (page + 1) * PAGE_LEAVES));
  expect(rootOf(pages.map(rootOf))).toBe(rootOf(leaves));
  const place = 2 * PAGE_LEAVES + 42;
  expect([...pathOf(pages[2] ?? [], 42), ...pathOf(pages.map(rootOf), 2)]).toEqual(pathOf(leaves, place));
});

test('gives the root of RFC 6962 for no leaf', () => {
  expect(rootOf([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
