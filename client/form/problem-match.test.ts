import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { describe, expect, it } from 'vitest';
import { problemsAt, problemsElsewhere, problemsWithin, replacementFor } from './problem-match.ts';

const problem = (more: Partial<Problem>): Problem => ({ nodeId: 'n', severity: 'error', code: 'bad-params', message: 'wrong', ...more });
const list = problem({ field: 'labels' });
const name = problem({ field: 'labels.0.name' });
const tenth = problem({ field: 'labels.10.name' });
const similar = problem({ field: 'labelsOther' });
const node = problem({ code: 'unreachable-node' });
const all = [list, name, tenth, similar, node];

describe('finding the field of a problem', () => {
  it('distinguishes a field from one whose name starts the same', () => {
    expect(problemsWithin(all, ['labels'])).toEqual([list, name, tenth]);
    expect(problemsWithin(all, ['labels', 1])).toEqual([]);
    expect(problemsAt(all, ['labels'])).toEqual([list]);
  });

  it('assigns problems outside all fields to the node', () => {
    expect(problemsElsewhere(all, [['labels']])).toEqual([similar, node]);
  });
});

describe('fixing with one click', () => {
  const text = 'Hello {{ steps.clasify.label }}';

  it('replaces exactly the wrong name', () => {
    const wrong = problem({ suggestion: 'Did you mean “classify”?', range: { start: 15, end: 22 } });
    expect(replacementFor(wrong, text)).toEqual({ name: 'classify', text: 'Hello {{ steps.classify.label }}' });
  });

  it('offers nothing if the suggestion is advice, or the position is unknown', () => {
    expect(replacementFor(problem({ suggestion: 'Connect it to another node.', range: { start: 0, end: 1 } }), text)).toBeUndefined();
    expect(replacementFor(problem({ suggestion: 'Did you mean “classify”?' }), text)).toBeUndefined();
  });
});
