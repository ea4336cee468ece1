import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { JournalEvent, RunEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { describe, expect, it } from 'vitest';
import { nextKeys } from './run-facts.ts';

const node = (key: string) => ({ id: `id-${key}`, type: 'prompt', position: { x: 0, y: 0 }, data: { key, title: key, typeVersion: 1, params: {} } });
const edge = (source: string, target: string, port = 'out', back = false) => ({
  id: `${source}-${target}`,
  source: `id-${source}`,
  target: `id-${target}`,
  sourceHandle: port,
  data: { back },
});
const at = '2026-11-20T10:00:00.000Z';
const start = (nodeKey: string): RunEvent => ({
  type: 'step-started',
  at,
  stepId: `${nodeKey}#1`,
  nodeKey,
  nodeType: 'prompt',
  round: 1,
  attempt: 1,
  effect: 'pure',
  input: {},
});
const begin: RunEvent = { type: 'run-started', at, workflowId: 'w', version: 'draft', trigger: 'canvas', labels: {}, graphHash: '' };
const run = (...events: RunEvent[]) => fold([begin, ...events].map((event, index) => ({ ...event, seq: index + 1 }) as JournalEvent));

describe('what comes next in a run', () => {
  const graph: Graph = {
    nodes: ['a', 'b', 'c', 'd'].map(node),
    edges: [edge('a', 'b'), edge('a', 'c'), edge('b', 'd', 'yes'), edge('b', 'c', 'no'), edge('b', 'a', 'back', true)],
  };

  it('is what the running steps lead to', () => {
    expect(nextKeys(graph, run(start('a')))).toEqual(['b', 'c']);
  });

  it('is not guessed after a step with branches', () => {
    expect(nextKeys(graph, run(start('b')))).toEqual([]);
  });

  it('is nothing once the run has ended', () => {
    expect(nextKeys(graph, run(start('a'), { type: 'run-finished', at, status: 'failed' }))).toEqual([]);
  });
});
