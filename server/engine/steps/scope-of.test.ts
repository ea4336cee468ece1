import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { compileCel } from '@switchyard/shared/expression/cel.ts';
import type { RunEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { roundOf } from '@switchyard/shared/run/state.ts';
import { describe, expect, it } from 'vitest';
import { planOf } from '../plan.ts';
import type { AcceptedRun } from '../ports.ts';
import { readableSteps, scopeOf } from './scope-of.ts';

const node = (key: string, type: string, params: Record<string, unknown>) => ({
  id: key,
  type,
  position: { x: 0, y: 0 },
  data: { key, title: key, typeVersion: 1, params },
});
const plan = planOf(
  {
    nodes: [
      node('start', 'input', {}),
      node('draft', 'transform', { fields: [] }),
      node('judge', 'transform', { fields: [{ name: 'all', value: '[steps, previous]' }] }),
      node('ask', 'callback', {}),
    ],
    edges: [
      { id: 'a', source: 'start', target: 'draft' },
      { id: 'b', source: 'draft', target: 'judge' },
    ],
  },
  definitionOf,
);
const run = { runId: 'run', workflowId: 'w', version: 1, labels: {}, trigger: { kind: 'api', body: {} } } as unknown as AcceptedRun;
const at = '2026-01-01T00:00:00.000Z';
const begun = (stepId: string): RunEvent => {
  const [nodeKey = '', round] = stepId.split('#');
  return { type: 'step-started', at, stepId, nodeKey, nodeType: 'transform', round: Number(round), attempt: 1, effect: 'pure', input: null };
};
const done = (stepId: string, output = stepId): RunEvent[] => [begun(stepId), { type: 'step-finished', at, stepId, output, port: null }];
const members = (round: number) => ['draft', 'judge'].map((nodeKey) => ({ nodeKey, round }));
const again = (round: number): RunEvent => ({
  type: 'round-started',
  at,
  edgeId: 'back',
  sourceStepId: `judge#${round - 1}`,
  targetKey: 'draft',
  members: members(round),
});

/** The value of an expression in `judge` after these events. */
function evaluateAfter(events: readonly RunEvent[], expression: string): unknown {
  const state = fold(events.map((event, index) => ({ ...event, seq: index + 1 })));
  const judge = plan.byKey.get('judge');
  const reading = { plan, state, frame: state, inScope: judge?.inScope ?? [], step: 'judge#1', round: roundOf(state, 'judge'), original: undefined };
  return (
    judge &&
    compileCel(expression).evaluate(scopeOf(run, reading, { outputOf: (step) => step.output, itemOf: () => null, callbackUrl: (step) => `url of ${step}` }))
  );
}

const first = [...done('start#1'), ...done('draft#1'), ...done('judge#1')];

describe('the URL of a callback', () => {
  it('is that of the round that the callback node is in, or will be', () => {
    expect(evaluateAfter(first, 'run.callbacks.ask')).toBe('url of ask#1');
    const again: RunEvent = { type: 'round-started', at, edgeId: 'back', sourceStepId: 'ask#1', targetKey: 'ask', members: [{ nodeKey: 'ask', round: 2 }] };
    expect(evaluateAfter([...first, again], 'run.callbacks.ask')).toBe('url of ask#2');
  });
});

describe('expressions in a round (S8)', () => {
  const third = [...first, again(2), ...done('draft#2'), ...done('judge#2'), again(3)];

  it('see the outputs of this round, absent until the step has finished, and of the round before', () => {
    expect(evaluateAfter(third, 'has(steps.draft)')).toBe(false);
    expect(evaluateAfter([...third, begun('draft#3')], 'has(steps.draft)')).toBe(false);
    expect(evaluateAfter([...third, ...done('draft#3')], '[steps.draft, previous.draft, previous.judge, steps.start]')).toEqual([
      'draft#3',
      'draft#2',
      'judge#2',
      'start#1',
    ]);
  });

  it('count rounds from 1, with nothing before the first', () => {
    expect(evaluateAfter(first, 'round')).toBe(1);
    expect(evaluateAfter(first, 'has(previous.draft)')).toBe(false);
    expect(evaluateAfter(third, 'round')).toBe(3);
  });
});

it('needs the outputs that expressions name and those that arrive, of this round and the one before', () => {
  const state = fold(
    [...first, again(2), ...done('draft#2'), ...done('judge#2'), again(3), ...done('draft#3')].map((event, index) => ({ ...event, seq: index + 1 })),
  );
  const needed = (key: string) => {
    const node = plan.byKey.get(key);
    return node && readableSteps(plan, state, state, node.needs).map(({ id }) => id);
  };
  expect(needed('start')).toEqual([]);
  expect(needed('draft')).toEqual(['start#1']);
  expect(needed('judge')).toEqual(['start#1', 'draft#3', 'draft#2', 'judge#2']);
});
