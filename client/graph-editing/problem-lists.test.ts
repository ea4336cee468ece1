import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { expect, it } from 'vitest';
import { problemsOf, shareProblems } from './problem-lists.ts';

const problem = (nodeId: string, message: string): Problem => ({ nodeId, severity: 'warning', code: 'bad-params', message, range: { start: 0, end: 2 } });

it('keeps the list if a new check finds the same', () => {
  const before = [problem('a', 'One'), problem('b', 'Two')];
  expect(shareProblems(before, structuredClone(before))).toBe(before);
});

it('keeps the objects of nodes whose problems did not change', () => {
  const before = [problem('a', 'One'), problem('b', 'Two'), problem('b', 'Three')];
  const after = shareProblems(before, [problem('a', 'Another'), problem('b', 'Two'), problem('b', 'Three')]);
  expect(problemsOf(after, 'a')).toEqual([problem('a', 'Another')]);
  expect(problemsOf(after, 'b')[0]).toBe(before[1]);
  expect(problemsOf(after, 'b')[1]).toBe(before[2]);
});

it('drops resolved problems', () => {
  const before = [problem('a', 'One'), problem('b', 'Two')];
  expect(shareProblems(before, [problem('b', 'Two')])).toEqual([problem('b', 'Two')]);
  expect(shareProblems(before, [])).toEqual([]);
});
