import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { JournalEvent, RunEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { describe, expect, it } from 'vitest';
import { scopeOfRun, scopeOfSample } from '../../expressions/run-scope.ts';
import { usedValues } from './used-values.ts';

const node = (type: string, key: string) => ({ id: key, type, position: { x: 0, y: 0 }, data: { key, title: key, typeVersion: 1, params: {} } });
const graph: Graph = { nodes: [node('input', 'start'), node('classify', 'classify'), node('prompt', 'draft')], edges: [], vars: { brand: 'Nordlicht' } };
const at = '2026-11-20T10:00:00.000Z';
const step = (nodeKey: string, output: unknown, round = 1): RunEvent[] => [
  { type: 'step-started', at, stepId: `${nodeKey}#${round}`, nodeKey, nodeType: 'x', round, attempt: 1, effect: 'pure', input: {} },
  { type: 'step-finished', at, stepId: `${nodeKey}#${round}`, output, port: null },
];
const runOf = (...events: RunEvent[]) =>
  fold(
    [{ type: 'run-started' as const, at, workflowId: 'w', version: 'draft' as const, trigger: 'canvas' as const, labels: {}, graphHash: '' }, ...events].map(
      (event, index) => ({ ...event, seq: index + 1 }) as JournalEvent,
    ),
  );
const template = (source: string) => [{ path: ['message'], kind: 'template' as const, source }];

describe('values in this run', () => {
  it('lists each name once, with its value', () => {
    const scope = scopeOfRun(graph, runOf(...step('start', { message: 'Hi', customer: { name: 'Ada' } }), ...step('classify', { label: 'refund' })), {
      id: 'r',
      nodeKey: 'draft',
      keyOf: (key) => key,
    });
    const values = usedValues(template('{{ vars.brand }} {{ input.customer.name }} {{ steps.classify.label }} {{ input.customer.name }}'), scope);
    expect(values.map(({ name, value }) => [name, value])).toEqual([
      ['vars.brand', 'Nordlicht'],
      ['input.customer.name', 'Ada'],
      ['steps.classify.label', 'refund'],
    ]);
  });

  it('marks those not known yet', () => {
    const values = usedValues(template('{{ input.message }} {{ steps.classify.label }}'), scopeOfSample(graph, { message: 'Hi' }));
    expect(values.map(({ name, known }) => [name, known])).toEqual([
      ['input.message', true],
      ['steps.classify.label', false],
    ]);
  });

  it('reads the previous round from previous, and this one from steps', () => {
    const rounds: RunEvent = {
      type: 'round-started',
      at,
      edgeId: 'e',
      sourceStepId: 'draft#1',
      targetKey: 'classify',
      members: [{ nodeKey: 'classify', round: 2 }],
    };
    const scope = scopeOfRun(graph, runOf(...step('start', {}), ...step('classify', 'first'), rounds, ...step('classify', 'second', 2)), {
      id: 'r',
      nodeKey: 'classify',
      keyOf: (key) => key,
    });
    expect(usedValues(template('{{ previous.classify }} {{ steps.classify }} {{ round }}'), scope).map(({ value }) => value)).toEqual(['first', 'second', 2]);
  });

  it('skips what can’t be read and keeps the rest', () => {
    const fields = [
      ...template('{{ input.message }} {{ 1 + }}'),
      { path: ['x'], kind: 'cel' as const, source: 'vars.brand ==' },
      { path: ['y'], kind: 'cel' as const, source: 'vars.brand' },
    ];
    expect(usedValues(fields, scopeOfSample(graph, { message: 'Hi' })).map(({ name }) => name)).toEqual(['input.message', 'vars.brand']);
  });
});
