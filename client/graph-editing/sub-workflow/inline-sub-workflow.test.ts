import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { checkGraph } from '@switchyard/shared/graph/check.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { renameKey } from '@switchyard/shared/graph/rename-key.ts';
import { describe, expect, it } from 'vitest';
import { edge, node, prompt } from '../test-editor.fixture.ts';
import { inlineSubWorkflow } from './inline-sub-workflow.ts';
import { makeSubWorkflow } from './make-sub-workflow.ts';

const tools = { definitions: definitionOf, rename: renameKey };
const set = (key: string, fields: Record<string, string>, x = 0): GraphNode =>
  node(key, 'transform', { fields: Object.entries(fields).map(([name, value]) => ({ name, value })) }, x);
const input = (): GraphNode =>
  node('start', 'input', { schema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] }, samples: [] });
const call = (params: Record<string, unknown>): GraphNode => node('sub', 'workflow', { workflowId: 'wf', version: 'live', wait: true, ...params }, 400);

const outer = (sub: GraphNode, value: unknown = '{{ steps.sub.reply }}'): Graph => ({
  nodes: [input(), set('facts', { tone: '"warm"' }, 200), sub, node('end', 'output', { value }, 600)],
  edges: [edge('start', 'facts'), edge('facts', 'sub'), edge('sub', 'end')],
  vars: {},
});
const inner = (value: unknown = { reply: '{{ steps.draft.text }}' }): Graph => ({
  nodes: [input(), node('draft', 'prompt', prompt('{{ input.message }}'), 280), node('end', 'output', { value }, 560)],
  edges: [edge('start', 'draft'), edge('draft', 'end')],
  vars: {},
});

const inlined = (graph: Graph, child: Graph): Graph => {
  const result = inlineSubWorkflow(graph, 'sub', child, tools);
  if ('refused' in result) throw new Error(result.refused);
  expect(checkGraph(result.graph, definitionOf).filter(({ severity }) => severity === 'error')).toEqual([]);
  return result.graph;
};
const refusal = (graph: Graph, child: Graph): string => {
  const result = inlineSubWorkflow(graph, 'sub', child, tools);
  return 'refused' in result ? result.refused : 'inlined';
};
const params = (graph: Graph, key: string) => graph.nodes.find(({ data }) => data.key === key)?.data.params;
const wires = (graph: Graph): string[] => {
  const key = (id: string) => graph.nodes.find((one) => one.id === id)?.data.key;
  return graph.edges.map(({ source, target }) => `${key(source)}>${key(target)}`).sort();
};

describe('putting the steps of a sub-workflow inline', () => {
  it('leaves no trace where values are only passed on', () => {
    const graph = inlined(outer(call({ input: { message: '{{ steps.facts.tone }}' } })), inner());
    expect(wires(graph)).toEqual(['draft>end', 'facts>draft', 'start>facts']);
    expect(params(graph, 'draft')?.message).toBe('{{ steps.facts.tone }}');
    expect(params(graph, 'end')?.value).toBe('{{ steps.draft.text }}');
  });

  it('computes the other values in a Transform', () => {
    const graph = inlined(outer(call({ input: { message: 'Hi {{ input.message }}!', n: 1 } })), inner({ reply: '{{ steps.draft.text }} 👋' }));
    expect(wires(graph)).toEqual(['draft>sub', 'facts>start_2', 'start>facts', 'start_2>draft', 'sub>end']);
    expect(params(graph, 'start_2')).toEqual({
      fields: [
        { name: 'message', value: '["Hi ", (input.message), "!"].join()' },
        { name: 'n', value: '1' },
      ],
    });
    expect(params(graph, 'draft')?.message).toBe('{{ steps.start_2.message }}');
    expect(params(graph, 'sub')).toEqual({ fields: [{ name: 'reply', value: '[(steps.draft.text), " 👋"].join()' }] });
    expect(params(graph, 'end')?.value).toBe('{{ steps.sub.reply }}');
  });

  it('takes keys that are free, and the variables along', () => {
    const child = { ...inner(), vars: { brand: 'Acme' } };
    const graph = outer(call({ input: { message: '{{ input.message }}' } }));
    const clash = {
      ...graph,
      nodes: graph.nodes.map((one) => (one.id === 'facts' ? set('draft', { tone: '"x"' }) : one)),
      edges: [edge('start', 'facts'), edge('facts', 'sub'), edge('sub', 'end')],
    };
    const renamed = { ...clash, nodes: clash.nodes.map((one) => (one.id === 'draft' ? { ...one, id: 'facts' } : one)) };
    const after = inlined(renamed, child);
    expect(params(after, 'end')?.value).toBe('{{ steps.draft_2.text }}');
    expect(after.vars).toEqual({ brand: 'Acme' });
    expect(refusal({ ...renamed, vars: { brand: 'Other' } }, child)).toContain('a variable “brand” with different values');
  });

  it('gives back the graph that a sub-workflow was made of', () => {
    const graph: Graph = {
      nodes: [
        input(),
        set('facts', { tone: '"warm"' }, 200),
        node('draft', 'prompt', prompt('{{ steps.facts.tone }}: {{ input.message }}'), 400),
        set('check', { text: 'steps.draft.text', n: 'steps.?draft.?text.orValue("")' }, 600),
        node('end', 'output', { value: { a: '{{ steps.check.text }}', b: '{{ steps.draft.text }}' } }, 800),
      ],
      edges: [edge('start', 'facts'), edge('facts', 'draft'), edge('draft', 'check'), edge('check', 'end')],
      vars: {},
    };
    const made = makeSubWorkflow(graph, ['draft', 'check'], definitionOf);
    if ('refused' in made) throw new Error(made.refused);
    const { graph: called, nodeId } = made.replaced({ id: 'wf', name: 'Sub' });
    const back = inlineSubWorkflow(called, nodeId, made.child, tools);
    if ('refused' in back) throw new Error(back.refused);
    expect(wires(back.graph)).toEqual(wires(graph));
    for (const { data } of graph.nodes) expect(params(back.graph, data.key)).toEqual(data.params);
  });
});

describe('putting steps inline is refused', () => {
  const fine = { input: { message: '{{ input.message }}' } };
  const withPolicy = (policy: GraphNode['data']['policy']): GraphNode => {
    const sub = call(fine);
    return { ...sub, data: { ...sub.data, ...(policy && { policy }) } };
  };

  it('where the run would differ', () => {
    expect(refusal(outer(call({ ...fine, wait: false }), ''), inner())).toContain('doesn’t wait');
    expect(refusal(outer(withPolicy({ onError: 'continue-with', continueWith: {} })), inner())).toContain('handles errors of all of its steps');
    expect(refusal(outer(call(fine)), { ...inner(), nodes: inner().nodes.filter(({ type }) => type !== 'output') })).toContain('has no output');
    const reading = (message: string): Graph => ({
      ...inner(),
      nodes: inner().nodes.map((one) => (one.id === 'draft' ? node('draft', 'prompt', prompt(message)) : one)),
    });
    expect(refusal(outer(call(fine)), reading('{{ trigger.body }}'))).toContain('reads trigger');
    expect(refusal(outer(call(fine)), reading('{{ run.id }}'))).toContain('reads run.id');
  });

  it('if it may end without its output', () => {
    const branch = node('which', 'condition', { branches: [{ id: 'yes', name: 'yes', by: 'expression', expression: 'true' }] });
    const child: Graph = {
      ...inner(),
      nodes: [...inner().nodes, branch],
      edges: [edge('start', 'which'), { ...edge('which', 'draft'), sourceHandle: 'yes' }, edge('draft', 'end')],
    };
    expect(refusal(outer(call(fine)), child)).toContain('can end without reaching its output');
  });
});
