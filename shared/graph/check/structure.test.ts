import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../../../test/kit/cpu-ms.ts';
import { checkGraph } from '../check.ts';
import type { Graph } from '../graph.ts';
import type { Problem } from '../problem.ts';
import { fakeCatalog, graphOf, node } from './fake-catalog.fixture.ts';

const check = (graph: Graph): Problem[] => checkGraph(graph, fakeCatalog);
/** `code@node` of every problem, with warnings in brackets. */
const brief = (graph: Graph): string[] =>
  check(graph).map(({ code, nodeId, severity }) => (severity === 'warning' ? `(${code}@${nodeId})` : `${code}@${nodeId}`));
const only = (graph: Graph): Problem => {
  const [problem, ...rest] = check(graph);
  expect(rest).toEqual([]);
  if (!problem) throw new Error('nothing was found');
  return problem;
};

const start = node('start', 'input');
const end = node('end', 'output');

describe('a valid graph', () => {
  it('has no problems', () => {
    const nodes = [start, node('sort', 'classify'), node('draft', 'prompt'), node('review', 'human-review'), end, node('memo', 'note')];
    expect(check(graphOf(nodes, ['start>sort', 'sort.billing>draft', 'sort.unsure>end', 'draft>review', 'review.approve>end', 'review.back<draft']))).toEqual(
      [],
    );
  });
});

describe('start and output', () => {
  it('are missing in an empty graph', () => {
    expect(brief(graphOf([], []))).toEqual(['no-start@', '(no-output@)']);
  });

  it('must be one input, and at least one enabled output', () => {
    expect(brief(graphOf([start, node('other', 'input'), end], ['start>end', 'other>end']))).toEqual(['several-starts@start', 'several-starts@other']);
    expect(brief(graphOf([start, node('end', 'output', { disabled: true })], ['start>end']))).toEqual(['(no-output@)']);
  });

  it('must be connected with every node that should run', () => {
    const problem = only(graphOf([start, end, node('memo', 'note'), node('lost', 'prompt', { title: 'Lost one' })], ['start>end', 'lost>end']));
    expect(problem).toMatchObject({
      code: 'unreachable-node',
      severity: 'warning',
      nodeId: 'lost',
      message: 'Prompt “Lost one” can’t be reached from the input, so it never runs.',
    });
  });
});

describe('cycles and loops (S1)', () => {
  it('are invalid without a loop edge, and only the nodes in the cycle are reported', () => {
    const graph = graphOf([start, node('a', 'classify'), node('b', 'prompt'), end], ['start>a', 'a.billing>b', 'b>a', 'a.unsure>end']);
    expect(brief(graph)).toEqual(['cycle@a', 'cycle@b']);
    expect(check(graph)[0]?.suggestion).toContain('a loop');
  });

  it('are invalid if no node in the loop branches', () => {
    const problem = only(graphOf([start, node('a', 'prompt'), node('b', 'prompt'), end], ['start>a', 'a>b', 'b>end', 'b<a']));
    expect(problem).toMatchObject({ code: 'cycle', nodeId: 'b', edgeId: 'b<a' });
    expect(problem.message).toContain('never ends');
  });

  it('are valid if an error port leads out or back', () => {
    const retry = node('b', 'prompt', { policy: { onError: 'branch' } });
    expect(brief(graphOf([start, node('a', 'prompt'), retry, end], ['start>a', 'a>b', 'b>end', 'b.error<a']))).toEqual([]);
  });

  it('are invalid if the loop edge leads sideways or forward', () => {
    const graph = graphOf(
      [start, node('a', 'classify'), node('b', 'prompt'), node('c', 'prompt'), end],
      ['start>a', 'a.billing>b', 'a.unsure>c', 'b>end', 'c>end', 'b<c'],
    );
    expect(only(graph)).toMatchObject({ code: 'way-back-not-ancestor', nodeId: 'b', edgeId: 'b<c' });
  });
});

describe('keys and ids (S2)', () => {
  it.each(['Draft', '2nd', 'a-b', 'in', 'null', ''])('rejects the key %j', (key) => {
    const problem = only(graphOf([start, node('a', 'prompt', { key, title: 'A' }), end], ['start>a', 'a>end']));
    expect(problem).toMatchObject({ code: 'bad-key', nodeId: 'a', field: 'key', severity: 'error' });
  });

  it('suggests a valid key', () => {
    expect(only(graphOf([start, node('a', 'prompt', { key: 'Draft Reply!' }), end], ['start>a', 'a>end'])).suggestion).toContain('“draft_reply”');
  });

  it('must be unique, except for notes', () => {
    const nodes = [start, node('a', 'prompt'), node('b', 'prompt', { key: 'a' }), node('n', 'note', { key: 'a' }), end];
    expect(only(graphOf(nodes, ['start>a', 'a>b', 'b>end']))).toMatchObject({
      code: 'duplicate-key',
      nodeId: 'b',
      field: 'key',
      suggestion: 'Use another key, for example “a_2”.',
    });
  });

  it('must be unique for nodes and edges', () => {
    const graph = graphOf([start, end], ['start>end', 'start>end']);
    expect(only(graph)).toMatchObject({ code: 'duplicate-id', edgeId: 'start>end' });
    expect(brief(graphOf([start, end, node('end', 'output', { key: 'end_2' })], ['start>end']))).toEqual(['duplicate-id@end']);
  });
});

describe('types and params', () => {
  it('of an unknown type are kept and reported', () => {
    const problem = only(graphOf([start, node('x', 'teleport', { title: 'Beam' }), end], ['start>x', 'x.any>end']));
    expect(problem).toMatchObject({ code: 'unknown-node-type', nodeId: 'x', message: 'Node “Beam” has an unknown node type, “teleport”.' });
  });

  it('of a newer version are reported', () => {
    expect(brief(graphOf([start, node('x', 'prompt', { typeVersion: 3 }), end], ['start>x', 'x>end']))).toEqual(['newer-node-type@x']);
  });

  it('of an older version are checked after migration', () => {
    const graph = (old: string) => graphOf([start, node('x', 'transform', { typeVersion: 1, params: { old } }), end], ['start>x', 'x>end']);
    expect(brief(graph('{{ input.message }}'))).toEqual([]);
    expect(brief(graph('{{ input.'))).toEqual(['bad-expression@x']);
  });

  it('are reported at their field if invalid, except on a disabled node', () => {
    const graph = (disabled: boolean) => graphOf([start, node('x', 'prompt', { text: '', title: 'Draft', disabled }), end], ['start>x', 'x>end']);
    expect(only(graph(false))).toEqual({
      nodeId: 'x',
      field: 'text',
      severity: 'error',
      code: 'bad-params',
      message: 'Prompt “Draft”: Enter a value.',
      suggestion: 'For example, {{ input.message }}',
    });
    expect(check(graph(true))).toEqual([]);
  });

  it('may be disabled only with one branch (S4)', () => {
    const graph = graphOf([start, node('x', 'classify', { disabled: true }), end], ['start>x', 'x.billing>end', 'x.unsure>end']);
    expect(brief(graph)).toEqual(['disabled-branch@x']);
  });

  it('need a valid fallback value', () => {
    const graph = (policy: object) => graphOf([start, node('x', 'prompt', { policy: { onError: 'continue-with', ...policy } }), end], ['start>x', 'x>end']);
    expect(only(graph({}))).toMatchObject({ code: 'bad-continue-with', field: 'policy.continueWith' });
    expect(only(graph({ continueWith: 'sorry' })).message).toContain('it must be an object, but is text');
    expect(only(graph({ continueWith: { text: 'sorry' } })).message).toContain('“tags” is missing');
    expect(brief(graph({ continueWith: { text: 'sorry', tags: [] } }))).toEqual([]);
  });

  it('need a value that selects a branch, if there are several', () => {
    const graph = (label: string) => {
      const sort = node('x', 'classify', { policy: { onError: 'continue-with', continueWith: { label, confidence: 0 } } });
      return graphOf([start, sort, end], ['start>x', 'x.billing>end', 'x.unsure>end']);
    };
    expect(brief(graph('billing'))).toEqual([]);
    expect(only(graph('weather'))).toMatchObject({ code: 'bad-continue-with', suggestion: 'Enter one that selects “billing”, “unsure”.' });
  });
});

describe('edges', () => {
  it('that are dangling are reported at the node they are connected to', () => {
    const graph = graphOf([start, end], ['start>end', 'start>gone', 'gone>end', 'here>there']);
    expect(check(graph).map(({ code, nodeId, edgeId }) => [code, nodeId, edgeId])).toEqual([
      ['dangling-edge', 'start', 'start>gone'],
      ['dangling-edge', 'end', 'gone>end'],
      ['dangling-edge', '', 'here>there'],
    ]);
  });

  it('must use existing ports at both ends', () => {
    const sort = node('sort', 'classify', { title: 'Sort' });
    const graph = graphOf([start, sort, end], ['start>sort', 'sort.bililng>end', 'sort.billing>end', 'sort.unsure>end.in2', 'end>sort', 'sort.unsure>start']);
    expect(check(graph).filter(({ code }) => code === 'unknown-port')).toMatchObject([
      {
        nodeId: 'sort',
        edgeId: 'sort.bililng>end',
        message: 'An edge from Classify “Sort” uses port “bililng”, which doesn’t exist.',
        suggestion: 'Did you mean “billing”?',
      },
      { nodeId: 'end', edgeId: 'sort.unsure>end.in2' },
      { nodeId: 'end', edgeId: 'end>sort', message: 'Output “end” has no output port, but an edge starts there.' },
      { nodeId: 'start', edgeId: 'sort.unsure>start', message: 'Input “start” has no input port, but an edge ends there.' },
    ]);
  });

  it('are reported as missing at branches: as a warning, or as an error if required (S13)', () => {
    const branch = graphOf([start, node('sort', 'classify'), end], ['start>sort', 'sort.unsure>end']);
    expect(only(branch)).toMatchObject({
      code: 'unwired-port',
      severity: 'warning',
      nodeId: 'sort',
      message: 'Classify “sort”: branch “Billing” isn’t connected, so the run ends there.',
    });
    const review = graphOf([start, node('review', 'human-review'), end], ['start>review', 'review.approve>end']);
    expect(only(review)).toMatchObject({
      code: 'unwired-port',
      severity: 'error',
      nodeId: 'review',
      message: 'Human review “review”: branch “Send back” isn’t connected.',
    });
  });

  it('from an error port follow the policy', () => {
    const unwired = graphOf([start, node('x', 'prompt', { policy: { onError: 'branch' } }), end], ['start>x', 'x>end']);
    expect(only(unwired)).toMatchObject({ code: 'unwired-error-port', severity: 'error', nodeId: 'x', field: 'policy.onError' });
    expect(only(graphOf([start, node('x', 'prompt'), end], ['start>x', 'x>end', 'x.error>end']))).toMatchObject({
      code: 'unknown-port',
      nodeId: 'x',
      edgeId: 'x.error>end',
    });
  });
});

it('finds the steps that certainly run first quickly, however many paths lead to a node', () => {
  const [layers, width] = [100, 9];
  const names = Array.from({ length: layers }, (_, layer) => Array.from({ length: width }, (_, at) => `n${layer}_${at}`));
  const edges = names.slice(1).flatMap((layer, index) => layer.flatMap((to) => (names[index] ?? []).map((from) => `${from}>${to}`)));
  const ends = [...(names[0] ?? []).map((first) => `start>${first}`), ...(names.at(-1) ?? []).map((last) => `${last}>draft`), 'draft>end'];
  const graph = graphOf(
    [start, ...names.flat().map((name) => node(name, 'merge')), node('draft', 'prompt', { text: '{{ steps.n0_0.a }}' }), end],
    [...edges, ...ends],
  );
  expect(cpuMsOf(() => check(graph))).toBeLessThan(1_500);
});
