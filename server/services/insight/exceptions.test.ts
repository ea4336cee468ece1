import { describe, expect, it } from 'vitest';
import { edge, graphOf, node, reviewGraph } from '../../../test/kit/graph.ts';
import { excerptOf, handledBy } from './exceptions.ts';

describe('the excerpt of an example', () => {
  const of = (body: unknown, more: object = {}) => excerptOf({ triggerData: { kind: 'webhook', body, ...more } });

  it('is the message or first text of the input, shortened', () => {
    expect(of({ name: 'Ada', message: ' Where is\nmy parcel? ' })).toBe('Where is my parcel?');
    expect(of('x'.repeat(500))).toHaveLength(120);
  });

  it('is missing where the data policy keeps nothing, and once it was removed', () => {
    expect(of(null)).toBeUndefined();
    expect(of(null, { sealed: 'encrypted' })).toBeUndefined();
    expect(of({ $removed: { type: 'object', bytes: 20 } })).toBeUndefined();
    expect(of({ $blob: 'a'.repeat(64), bytes: 70_000, preview: '{"message"' })).toBeUndefined();
    expect(excerptOf({ triggerData: { kind: 'webhook', body: 'Hi' }, payloadsRemovedAt: '2026-05-01T00:00:00.000Z' })).toBeUndefined();
  });
});

it('a path is handled by what follows it in the live version', () => {
  const { nodes, edges } = reviewGraph();
  const ask = node('prompt', 'ask', { message: 'Hi' }, { policy: { onError: 'branch' } });
  const graph = graphOf([...nodes, ask, node('output', 'told', { value: 1 })], [...edges, edge('ask', 'told'), edge('ask.error', 'check')]);
  expect(['error', 'out', 'fallback', 'unsure'].map((port) => handledBy(graph, 'ask', port))).toEqual(['person', 'automation', 'automation', 'nothing']);
  expect(handledBy(graph, 'gone', 'error')).toBe('removed');
});
