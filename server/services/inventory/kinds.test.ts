import { expect, test } from 'vitest';
import { z } from 'zod';
import { allCollections } from '../../store/collections.ts';
import { KINDS } from './kinds.ts';

const listed = KINDS.flatMap(({ collections }) => collections);

test('the inventory lists each collection once, and only those that exist', () => {
  const known = new Set(['journal', ...allCollections.map(({ name }) => name)]);
  expect(listed.filter((name) => !known.has(name))).toEqual([]);
  expect(listed.length).toBe(new Set(listed).size);
});

test('the inventory lists every collection whose records belong to a run', () => {
  const ofRuns = allCollections.filter(({ schema }) => schema instanceof z.ZodObject && 'runId' in schema.shape).map(({ name }) => name);
  expect(ofRuns.length).toBeGreaterThan(5);
  expect(ofRuns.filter((name) => !listed.includes(name))).toEqual([]);
});
