import type { Replay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { expect, test } from 'vitest';
import { costChange, differing, marksOf, replayedWords } from './replay-words.ts';

const counts = { total: 206, done: 206, same: 182, words: 11, different: 0, person: 5, effect: 0, 'over-cost': 0, failed: 2, 'not-replayable': 6 };
const replay = { counts, cost: { before: 1_000, after: 880, spent: 0, max: 0 } } as unknown as Replay;

test('the runs that differ are all but the same ones and those that can’t be replayed', () => {
  expect(differing(replay)).toBe(18);
  expect(replayedWords(replay)).toBe('200 of 206 replayed, 6 not replayable');
});

test('the change of the cost is unknown if runs cost nothing before', () => {
  expect(costChange(replay)).toBe(-12);
  expect(costChange({ cost: { before: 0, after: 5, spent: 0, max: 0 } })).toBeUndefined();
});

test('a branch that more runs take marks its edge', () => {
  const node = (id: string) => ({ id, type: 'condition', position: { x: 0, y: 0 }, data: { key: id, title: id, typeVersion: 1, params: {} } });
  const edge = (id: string, sourceHandle: string) => ({ id, source: 'gate', target: 'review', sourceHandle });
  const graph = { nodes: [node('gate'), node('review')], edges: [edge('yes', 'yes'), edge('no', 'no')] };
  const marks = marksOf({ nodes: [{ nodeKey: 'gate', before: 9, after: 9, marks: [] }], paths: [{ path: 'gate → no', runs: 5 }] }, graph);
  expect([...marks.edges]).toEqual([['no', 5]]);
  expect([...marks.nodes.keys()]).toEqual(['gate']);
});
