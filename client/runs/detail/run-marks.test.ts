import { expect, it } from 'vitest';
import { runMarks } from './run-marks.ts';

const node = (id: string) => ({ id, type: 'prompt', position: { x: 0, y: 0 }, data: { key: id, title: id, typeVersion: 1, params: {} } });
const edge = (source: string, target: string, sourceHandle = 'out', back = false) => ({
  id: `${source}.${sourceHandle}-${target}`,
  source,
  target,
  sourceHandle,
  data: { back },
});
const step = (
  nodeKey: string,
  status: 'succeeded' | 'failed' | 'skipped' | 'waiting',
  more: { port?: string; round?: number; repliedAsFailure?: boolean } = {},
) => ({
  nodeKey,
  status,
  round: 1,
  ...more,
});

it('marks the taken path, but not the other branch or unreached nodes', () => {
  const graph = {
    nodes: ['start', 'sort', 'yes', 'no', 'end'].map(node),
    edges: [edge('start', 'sort'), edge('sort', 'yes', 'yes'), edge('sort', 'no', 'no'), edge('yes', 'end'), edge('no', 'end')],
  };
  const { nodes, taken } = runMarks(graph, [
    step('start', 'succeeded'),
    step('sort', 'succeeded', { port: 'yes' }),
    step('yes', 'waiting'),
    step('no', 'skipped'),
  ]);
  expect([...taken]).toEqual(['start.out-sort', 'sort.yes-yes']);
  expect([...nodes]).toEqual([
    ['start', 'succeeded'],
    ['sort', 'succeeded'],
    ['yes', 'waiting'],
    ['no', 'skipped'],
  ]);
});

it('marks a loop edge once its target is in a later round, and shows each node in its last round', () => {
  const graph = { nodes: ['draft', 'check'].map(node), edges: [edge('draft', 'check'), edge('check', 'draft', 'send_back', true)] };
  const first = [step('draft', 'succeeded'), step('check', 'succeeded', { port: 'send_back' })];
  expect([...runMarks(graph, first).taken]).toEqual(['draft.out-check']);
  const second = runMarks(graph, [...first, step('draft', 'succeeded', { round: 2 }), step('check', 'waiting', { round: 2 })]);
  expect([...second.taken]).toEqual(['draft.out-check', 'check.send_back-draft']);
  expect(second.nodes.get('check')).toBe('waiting');
});

it('marks only the error branch of a failed step that uses one', () => {
  const graph = { nodes: ['call', 'next', 'sorry'].map(node), edges: [edge('call', 'next'), edge('call', 'sorry', 'error')] };
  const { taken } = runMarks(graph, [step('call', 'failed'), step('next', 'skipped'), step('sorry', 'succeeded')]);
  expect([...taken]).toEqual(['call.error-sorry']);
});

it('marks a step whose response marked the run failed as failed', () => {
  const graph = { nodes: ['start', 'end'].map(node), edges: [edge('start', 'end')] };
  const { nodes, taken } = runMarks(graph, [step('start', 'succeeded'), step('end', 'succeeded', { repliedAsFailure: true })]);
  expect([...nodes.values()]).toEqual(['succeeded', 'failed']);
  expect([...taken]).toEqual(['start.out-end']);
});
