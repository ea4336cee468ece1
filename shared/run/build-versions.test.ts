import { expect, test } from 'vitest';
import { nodesText, readerOf } from './build-versions.ts';

const nodes = nodesText([
  { type: 'input', version: 1 },
  { type: 'human-review', version: 3 },
]);
const reads = readerOf({ event: 2, nodes });
const needs = (type: string, version: number, event = 2) => ({ event, nodes: [{ type, version }] });

test('a build reads the node types and events up to its own versions', () => {
  expect([reads(needs('input', 1)), reads(needs('human-review', 2, 1)), reads({ event: 0, nodes: [] })]).toEqual([true, true, true]);
});

test('a build does not read newer events, newer versions of a node type, or other types', () => {
  expect([reads(needs('input', 1, 3)), reads(needs('human-review', 4)), reads(needs('reshape', 1)), reads(needs('human', 1))]).toEqual(Array(4).fill(false));
});
