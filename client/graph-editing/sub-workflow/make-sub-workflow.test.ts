import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { checkGraph } from '@switchyard/shared/graph/check.ts';
import type { Graph, GraphEdge, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { describe, expect, it } from 'vitest';
import { node, prompt } from '../test-editor.fixture.ts';
import { makeSubWorkflow, type SubWorkflow } from './make-sub-workflow.ts';

const input = (required: readonly string[] = ['message']): GraphNode =>
  node('start', 'input', { schema: { type: 'object', properties: { message: { type: 'string' }, tier: { type: 'string' } }, required }, samples: [] });
const set = (key: string, fields: Record<string, string>, x = 0): GraphNode =>
  node(key, 'transform', { fields: Object.entries(fields).map(([name, value]) => ({ name, value })) }, x);
const output = (value: unknown, key = 'end'): GraphNode => node(key, 'output', { value });

/** Edges as `a>b`, `a.port>b`, and `a<b` for a loop edge from b to a. */
function edges(...lines: string[]): GraphEdge[] {
  return lines.map((line) => {
    const back = line.includes('<');
    const [left = '', right = ''] = line.split(back ? '<' : '>');
    const [from, target] = back ? [right, left] : [left, right];
    const [source = '', port = 'out'] = from.split('.');
    return { id: line, source, sourceHandle: port, target, targetHandle: 'in', ...(back && { data: { back: true } }) };
  });
}

const graphOf = (nodes: GraphNode[], ...lines: string[]): Graph => ({ nodes, edges: edges(...lines), vars: {} });

const chain = (): Graph =>
  graphOf(
    [
      input(),
      set('facts', { tone: '"warm"', who: 'input.message' }, 200),
      node('draft', 'prompt', prompt('{{ steps.facts.tone }}: {{ input.message }} for {{ vars.brand }}'), 400),
      set('check', { ok: 'steps.draft.text != ""', text: 'steps.draft.text' }, 600),
      output({ reply: '{{ steps.check.text }}', by: '{{ steps.draft.text }}', who: '{{ steps.facts.who }}' }),
    ],
    'start>facts',
    'facts>draft',
    'draft>check',
    'check>end',
  );

const made = (graph: Graph, ids: readonly string[]): SubWorkflow => {
  const result = makeSubWorkflow(graph, ids, definitionOf);
  if ('refused' in result) throw new Error(result.refused);
  return result;
};
const refusal = (graph: Graph, ids: readonly string[]): string => {
  const result = makeSubWorkflow(graph, ids, definitionOf);
  return 'refused' in result ? result.refused : 'made';
};
const errors = (graph: Graph) => checkGraph(graph, definitionOf).filter(({ severity }) => severity === 'error');
const byKey = (graph: Graph, key: string): GraphNode | undefined => graph.nodes.find(({ data }) => data.key === key);
const wires = (graph: Graph): string[] => {
  const key = (id: string) => graph.nodes.find((one) => one.id === id)?.data.key;
  return graph.edges
    .map(({ source, sourceHandle, target, data }) => `${key(source)}${sourceHandle === 'out' ? '' : `.${sourceHandle}`}${data?.back ? '»' : '>'}${key(target)}`)
    .sort();
};

describe('making a sub-workflow', () => {
  it('gives it what its steps read, and returns what is read of them', () => {
    const graph = { ...chain(), vars: { brand: 'Acme', other: 1 } };
    const sub = made(graph, ['draft', 'check']);
    expect(sub).toMatchObject({ title: 'draft to check', inputs: ['message', 'facts'], outputs: ['draft', 'check'] });
    expect(wires(sub.child)).toEqual(['check>output', 'draft>check', 'input>draft']);
    expect(sub.child.vars).toEqual({ brand: 'Acme' });
    expect(byKey(sub.child, 'draft')?.data.params.message).toBe('{{ input.facts.tone }}: {{ input.message }} for {{ vars.brand }}');
    expect(byKey(sub.child, 'check')?.data.params).toEqual(byKey(graph, 'check')?.data.params);
    expect(byKey(sub.child, 'output')?.data.params.value).toEqual({ draft: '{{ steps.draft }}', check: '{{ steps.check }}' });
    expect(byKey(sub.child, 'input')?.data.params.schema).toMatchObject({
      properties: { message: { type: 'string' }, facts: { type: 'object', properties: { tone: {}, who: {} }, required: ['tone', 'who'] } },
      required: ['message', 'facts'],
    });
    expect(errors(sub.child)).toEqual([]);
  });

  it('replaces the steps by one node, which the others read', () => {
    const { graph, nodeId } = made({ ...chain(), vars: { brand: 'Acme' } }, ['draft', 'check']).replaced({ id: 'wf_2', name: 'Draft and check' });
    expect(wires(graph)).toEqual(['draft_and_check>end', 'facts>draft_and_check', 'start>facts']);
    const sub = graph.nodes.find(({ id }) => id === nodeId);
    expect(sub).toMatchObject({ type: 'workflow', position: { x: 400, y: 0 }, data: { title: 'Draft and check' } });
    expect(sub?.data.params).toEqual({
      workflowId: 'wf_2',
      version: 'live',
      wait: true,
      input: { message: '{{ input.message }}', facts: '{{ steps.facts }}' },
    });
    expect(byKey(graph, 'end')?.data.params.value).toEqual({
      reply: '{{ steps.draft_and_check.check.text }}',
      by: '{{ steps.draft_and_check.draft.text }}',
      who: '{{ steps.facts.who }}',
    });
    expect(errors(graph)).toEqual([]);
  });

  it('passes all of the input if a field may be missing, because null is not the same', () => {
    const tier = set('tier', { tier: 'input.?tier.orValue("free")' });
    const only = made(graphOf([input(), tier, output('{{ steps.tier.tier }}')], 'start>tier', 'tier>end'), ['tier']);
    expect(byKey(only.child, 'tier')?.data.params).toEqual(tier.data.params);
    expect(byKey(only.replaced({ id: 'wf', name: 'Tier' }).graph, 'tier')?.data.params.input).toBe('{{ input }}');
    const mixed = set('tier', { tier: 'input.?tier.orValue(steps.facts.who)' });
    const graph = graphOf([input(), set('facts', { who: '"x"' }), mixed, output('{{ steps.tier.tier }}')], 'start>facts', 'facts>tier', 'tier>end');
    const sub = made(graph, ['tier']);
    expect(byKey(sub.child, 'tier')?.data.params).toEqual({ fields: [{ name: 'tier', value: 'input.input.?tier.orValue(input.facts.who)' }] });
    expect(byKey(sub.replaced({ id: 'wf', name: 'Tier' }).graph, 'tier')?.data.params.input).toEqual({ input: '{{ input }}', facts: '{{ steps.facts }}' });
  });

  it('keeps references of every form', () => {
    const forms = { a: 'steps["facts"].who', b: 'steps.?facts.?who.orValue("")', c: 'has(steps.facts.who)', d: '["x"].map(steps, steps)' };
    const graph = graphOf(
      [
        input(),
        set('facts', { who: '"x"' }),
        set('read', forms),
        set('after', { a: 'steps["read"].a', b: "steps.?read.?b.orValue('')", c: 'has(steps.read.c)' }),
        output('{{ steps.after }}'),
      ],
      'start>facts',
      'facts>read',
      'read>after',
      'after>end',
    );
    const sub = made(graph, ['read']);
    const values = (of: Graph, key: string) => ((byKey(of, key)?.data.params.fields ?? []) as { value: string }[]).map(({ value }) => value);
    expect(values(sub.child, 'read')).toEqual(['input["facts"].who', 'input.?facts.?who.orValue("")', 'has(input.facts.who)', '["x"].map(steps, steps)']);
    const { graph: after } = sub.replaced({ id: 'wf', name: 'Sub' });
    expect(values(after, 'after')).toEqual(['steps["sub"]["read"].a', "steps.?sub.?read.?b.orValue('')", 'has(steps.sub.read.c)']);
    expect(errors(after)).toEqual([]);
  });

  it('rewrites code, and takes the helpers along', () => {
    const code = (key: string, source: string) => node(key, 'code', { source });
    const graph = {
      ...graphOf(
        [
          input(),
          set('facts', { who: '"x"' }),
          code('count', 'return { n: helpers.size(steps.facts.who) + input.message.length };'),
          code('twice', 'return steps.count.n * 2 + steps?.["count"].n;'),
          output('{{ steps.twice }}'),
        ],
        'start>facts',
        'facts>count',
        'count>twice',
        'twice>end',
      ),
      helpers: 'export const size = (text) => text.length;',
    };
    const sub = made(graph, ['count']);
    expect(byKey(sub.child, 'count')?.data.params.source).toBe('return { n: helpers.size(input.facts.who) + input.message.length };');
    expect(sub.child.helpers).toBe(graph.helpers);
    expect(byKey(sub.replaced({ id: 'wf', name: 'Sub' }).graph, 'twice')?.data.params.source).toBe(
      'return steps.sub?.count.n * 2 + steps?.["sub"]?.["count"].n;',
    );
  });

  it('ends wherever all branches meet again', () => {
    const branch = node('which', 'condition', { branches: [{ id: 'yes', name: 'yes', by: 'expression', expression: 'input.message == "x"' }] });
    const graph = graphOf(
      [
        input(),
        branch,
        set('a', { v: '1' }),
        set('b', { v: '2' }),
        set('after', { v: 'steps.?a.?v.orValue(0) + steps.?b.?v.orValue(0)' }),
        output('{{ steps.after.v }}'),
      ],
      'start>which',
      'which.yes>a',
      'which.else>b',
      'a>after',
      'b>after',
      'after>end',
    );
    const sub = made(graph, ['which', 'a', 'b']);
    expect(byKey(sub.child, 'output')?.data.params.value).toEqual({ a: '{{ steps.?a }}', b: '{{ steps.?b }}' });
    expect(wires(sub.replaced({ id: 'wf', name: 'Sub' }).graph)).toEqual(['after>end', 'start>sub', 'sub>after']);
    expect(refusal(graph, ['which', 'a'])).toContain('several exits');
    const asking = { ...graph, nodes: graph.nodes.map((one) => (one.id === 'after' ? set('after', { v: 'has(steps.a)' }) : one)) };
    expect(refusal(asking, ['which', 'a', 'b'])).toContain('checks whether steps.a exists');
  });

  it('follows the entries of a Merge', () => {
    const graph = graphOf(
      [input(), set('a', { v: '1' }), set('b', { v: '2' }), node('all', 'merge', {}), output('{{ steps.all.a.v }}')],
      'start>a',
      'start>b',
      'a>all',
      'b>all',
      'all>end',
    );
    expect(byKey(made(graph, ['a']).replaced({ id: 'wf', name: 'Sub' }).graph, 'end')?.data.params.value).toBe('{{ steps.all.sub.a.v }}');
    const whole = { ...graph, nodes: graph.nodes.map((one) => (one.id === 'end' ? output('{{ steps.all }}') : one)) };
    expect(refusal(whole, ['a'])).toContain('has an entry for each step before it');
    expect(refusal(graph, ['all'])).toContain('passes on what leads to it');
  });

  it('works inside a container, with the item as input', () => {
    const inside = (one: GraphNode): GraphNode => ({ ...one, parentId: 'each' });
    const graph = (result: string) =>
      graphOf(
        [
          input(),
          node('each', 'for-each', { items: '{{ [1, 2] }}', result }),
          inside(set('double', { v: 'item * 2 + index' }, 30)),
          inside(set('show', { v: 'string(steps.double.v)' }, 300)),
          output('{{ steps.each.items }}'),
        ],
        'start>each',
        'double>show',
        'each>end',
      );
    const sub = made(graph('{{ steps.show.v }}'), ['double', 'show']);
    expect(byKey(sub.child, 'double')?.data.params).toEqual({ fields: [{ name: 'v', value: 'input.item * 2 + input.index' }] });
    const { graph: after, nodeId } = sub.replaced({ id: 'wf', name: 'Sub' });
    expect(after.nodes.find(({ id }) => id === nodeId)).toMatchObject({
      parentId: 'each',
      position: { x: 30, y: 0 },
      data: { params: { input: { item: '{{ item }}', index: '{{ index }}' } } },
    });
    expect(byKey(after, 'each')?.data.params.result).toBe('{{ steps.sub.show.v }}');
    expect(errors(after)).toEqual([]);
    expect(refusal(graph(''), ['double', 'show'])).toContain('Set “Result of an item” first');
    expect(refusal(graph(''), ['double', 'end'])).toContain('is the output of this workflow');
  });

  it('stays in the group that its steps were in', () => {
    const grouped = (one: GraphNode, x: number): GraphNode => ({ ...one, parentId: 'frame', position: { x, y: 40 } });
    const frame: GraphNode = { ...node('frame', 'group', {}), position: { x: 200, y: 100 } };
    const graph = graphOf(
      [input(), frame, grouped(set('a', { v: '1' }), 30), grouped(set('b', { v: 'steps.a.v' }), 300), output('{{ steps.b.v }}')],
      'start>a',
      'a>b',
      'b>end',
    );
    const { graph: after, nodeId } = made(graph, ['a', 'b']).replaced({ id: 'wf', name: 'Sub' });
    expect(after.nodes.find(({ id }) => id === nodeId)).toMatchObject({ parentId: 'frame', position: { x: 30, y: 40 } });
    expect(made(graph, ['a', 'b']).child.nodes.find(({ id }) => id === 'a')).toMatchObject({ position: { x: 280, y: 0 } });
  });

  it('takes a container with everything in it', () => {
    const graph = graphOf(
      [
        input(),
        node('each', 'for-each', { items: '{{ [input.message] }}', result: '{{ item }}' }),
        { ...set('one', { v: 'item' }), parentId: 'each' },
        output('{{ steps.each.items }}'),
      ],
      'start>each',
      'each>end',
    );
    const sub = made(graph, ['each']);
    expect(sub.inputs).toEqual(['message']);
    expect(sub.child.nodes.find(({ id }) => id === 'one')?.parentId).toBe('each');
    expect(errors(sub.child)).toEqual([]);
    expect(sub.replaced({ id: 'wf', name: 'Sub' }).graph.nodes.map(({ data }) => data.key)).toEqual(['start', 'end', 'sub']);
  });

  it('keeps a loop, inside and around it', () => {
    const review = (key: string) =>
      node(key, 'human-review', {
        title: 'Check',
        decisions: [
          { id: 'approve', title: 'Approve' },
          { id: 'send_back', title: 'Send back' },
        ],
        fields: [],
      });
    const graph = graphOf(
      [
        input(),
        set('draft', { v: 'previous.?review.?comment.orValue("")' }),
        set('polish', { v: 'steps.draft.v' }),
        review('review'),
        output('{{ steps.polish.v }}'),
      ],
      'start>draft',
      'draft>polish',
      'polish>review',
      'review.approve>end',
      'draft<review.send_back',
    );
    const around = made(graph, ['draft', 'polish']);
    expect(around.inputs).toEqual(['previous_review']);
    expect(byKey(around.child, 'draft')?.data.params).toEqual({ fields: [{ name: 'v', value: 'input.?previous_review.?comment.orValue("")' }] });
    const { graph: after } = around.replaced({ id: 'wf', name: 'Sub' });
    expect(wires(after)).toEqual(['review.approve>end', 'review.send_back»sub', 'start>sub', 'sub>review']);
    expect(errors(after)).toEqual([]);
    const whole = made(graph, ['draft', 'polish', 'review']);
    expect(wires(whole.child)).toEqual(['draft>polish', 'input>draft', 'polish>review', 'review.approve>output', 'review.send_back»draft']);
    expect(refusal(graph, ['polish'])).toBe('made');
    expect(refusal(graph, ['polish', 'review'])).toContain('A loop leads from “review” out of the selection');
  });
});

describe('a sub-workflow is refused', () => {
  it.each([
    [[], 'Select the steps to move.'],
    [['start', 'facts'], '“start” starts this workflow'],
    [['check', 'end'], '“end” is the output of this workflow'],
    [['facts', 'check'], 'different edges before them'],
  ])('for %j', (ids, reason) => {
    expect(refusal(chain(), ids)).toContain(reason);
  });

  it('if a path would end that now ends the run', () => {
    const branch = node('which', 'condition', { branches: [{ id: 'yes', name: 'yes', by: 'expression', expression: 'true' }] });
    const graph = graphOf([input(), branch, set('a', { v: '1' }), output('{{ steps.a }}')], 'start>which', 'which.yes>a', 'a>end');
    expect(refusal(graph, ['which', 'a'])).toContain('Some paths from “which” end inside the selection');
  });

  it('for computed names, and for a step with a problem', () => {
    const computed = graphOf([input(), set('a', { v: '1' }), set('b', { v: 'steps[input.message].v' }), output('{{ steps.b }}')], 'start>a', 'a>b', 'b>end');
    expect(refusal(computed, ['b'])).toContain('reads steps by computed names');
    expect(refusal(computed, ['a'])).toContain('reads steps by computed names');
    const broken = graphOf([input(), set('a', { v: 'steps.missing' }), output('{{ steps.a }}')], 'start>a', 'a>end');
    expect(refusal(broken, ['a'])).toContain('which is not a node');
  });
});
