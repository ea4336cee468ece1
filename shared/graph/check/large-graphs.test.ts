import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../../../test/kit/cpu-ms.ts';
import { checkGraph, MOST_PROBLEMS } from '../check.ts';
import type { Graph } from '../graph.ts';
import type { NodeCatalog } from '../node-kind.ts';
import type { Problem } from '../problem.ts';
import { fakeCatalog, graphOf, node } from './fake-catalog.fixture.ts';

/* Graphs of the largest stored size, crafted to take forever to check. Each of these once took seconds to hours. */

const LIMIT_MS = 1_500;

function checkQuickly(graph: Graph, catalog: NodeCatalog = fakeCatalog): Problem[] {
  let problems: Problem[] = [];
  const checking = cpuMsOf(() => {
    problems = checkGraph(graph, catalog);
  });
  expect(checking).toBeLessThan(LIMIT_MS);
  return problems;
}

const times = <T>(count: number, of: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => of(index));
const start = node('start', 'input');
const end = node('end', 'output');
const chain = (count: number): string[] => ['start>n0', ...times(count - 1, (at) => `n${at}>n${at + 1}`), `n${count - 1}>end`];
const prompts = (count: number, text: (index: number) => string) => times(count, (at) => node(`n${at}`, 'prompt', { text: text(at) }));

const withContainers: NodeCatalog = (type) => {
  const prompt = fakeCatalog('prompt');
  return type === 'each' && prompt ? { ...prompt, type, role: 'container', expressions: () => [], check: () => [] } : fakeCatalog(type);
};

describe('the largest graphs are checked quickly if', () => {
  it('thousands of loop edges overlap', () => {
    const loops = times(8_000, (at) => `n${1_899 - (at % 50)}<n${at % 1_000}`);
    const problems = checkQuickly(
      graphOf(
        [start, ...prompts(1_900, (at) => (at % 10 === 0 ? `{{ previous.n${(at + 1) % 1_000}.text }}` : 'x')), end],
        [...chain(1_900), ...new Set(loops)],
      ),
    );
    expect(problems).toContainEqual(expect.objectContaining({ code: 'cycle', message: expect.stringContaining('never ends') }));
  });

  it('cycles are dense', () => {
    const edges = times(10_000, (at) => `n${at % 1_900}>n${(at * 7 + 1) % 1_900}`);
    expect(checkQuickly(graphOf([start, ...prompts(1_900, () => 'x'), end], [...new Set(edges)])).some(({ code }) => code === 'cycle')).toBe(true);
  });

  it('each node reads a step that does not exist, with a long name', () => {
    const named = times(1_000, (at) =>
      node(`k${at}`.padEnd(90, 'abcdefghij'), 'prompt', { text: `{{ steps.${`k${at}x`.padEnd(91, 'abcdefghji')}.text }} {{ steps.other${at} }}` }),
    );
    expect(checkQuickly(graphOf([start, ...named, end], []))[0]?.code).toBe('unknown-step');
  });

  it('each edge names a port that does not exist, among many with long names', () => {
    const ports = times(50, (at) => ({ id: `port${at}`.padEnd(10_000, 'x') }));
    const catalog: NodeCatalog = (type) => {
      const kind = fakeCatalog(type);
      return kind && type === 'classify' ? { ...kind, ports: () => ({ inputs: [{ id: 'in' }], outputs: ports }) } : kind;
    };
    const problems = checkQuickly(
      graphOf(
        [start, node('sort', 'classify'), end],
        times(9_900, (at) => `sort.prt${at}>end`),
      ),
      catalog,
    );
    expect(problems.every(({ message, suggestion = '' }) => message.length + suggestion.length < 12_000)).toBe(true);
    expect(problems.find(({ code }) => code === 'unknown-port')?.suggestion).toMatch(/^Connect it to “port0x+…”, .*, or another port, or delete it\.$/);
  });

  it('thousands of references refer to thousands of variables', () => {
    const vars = Object.fromEntries(times(40_000, (at) => [`v${at}`, at]));
    const text = (name: string) => times(4_000, (at) => `{{vars.${name}${at}}}`).join('');
    for (const name of ['v', 'w']) checkQuickly(graphOf([start, node('n0', 'prompt', { text: text(name) }), end], chain(1), vars));
  });

  it('thousands of references refer to a schema with thousands of alternatives', () => {
    const choices = times(3_000, (at) => ({ type: 'object', properties: { [`k${at}`]: { type: 'string' } }, required: times(20, (name) => `r${name}`) }));
    const catalog: NodeCatalog = (type) => {
      const kind = fakeCatalog(type);
      return kind && type === 'input' ? { ...kind, output: () => ({ anyOf: choices }) } : kind;
    };
    const text = times(4_000, (at) => `{{input.k${at}}}`).join('');
    const problems = checkQuickly(graphOf([start, node('n0', 'prompt', { text }), end], chain(1)), catalog);
    expect(problems).toContainEqual(expect.objectContaining({ code: 'bad-expression', message: expect.stringContaining('too many or too long') }));
  });

  it('an expression has thousands of references that may all be missing', () => {
    const list = (of: (index: number) => string) => `[${times(4, () => `[${times(900, of)}]`)}]`;
    const loop = ['n899<n0'];
    const texts = [list((at) => `previous.n${at}.text`), list((at) => `previous.?n${at}.?text`), list((at) => `input.?a${at}.b`)];
    checkQuickly(graphOf([start, ...prompts(900, (at) => `{{ ${texts[at] ?? '1'} }}`), end], [...chain(900), ...loop]));
  });

  it('IDs and keys are repeated thousands of times', () => {
    const same = times(1_000, (at) => node(`x${at}`, 'prompt', { key: 'same', text: 'x' }));
    const taken = times(990, (at) => node(`same_${at + 2}`, 'prompt', { text: 'x' }));
    const problems = checkQuickly(
      graphOf(
        [start, ...same, ...taken, end],
        times(10_000, () => 'start>end'),
      ),
    );
    expect(problems).toContainEqual(expect.objectContaining({ code: 'duplicate-key', suggestion: expect.stringContaining('“same_992”') }));
  });

  it('a container has hundreds of nodes before it, and hundreds of first nodes inside', () => {
    const inside = times(900, (at) => ({ ...node(`q${at}`, 'prompt', { text: '{{ steps.n0.text }}' }), parentId: 'each' }));
    const edges = times(900, (at) => [`start>n${at}`, `n${at}>each`]).flat();
    const graph = graphOf([start, ...prompts(900, () => 'x'), node('each', 'each'), ...inside, end], [...edges, 'each>end']);
    expect(checkQuickly(graph, withContainers).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('containers nest thousands of levels deep', () => {
    const nested = times(1_900, (at) => ({ ...node(`n${at}`, 'each'), ...(at > 0 && { parentId: `n${at - 1}` }) }));
    expect(checkQuickly(graphOf([start, ...nested, end], ['start>n0', 'n0>end']), withContainers).some(({ code }) => code === 'too-deep')).toBe(true);
  });
});

it('lists at most a thousand problems, and no warning before the last error', () => {
  const problems = checkGraph(graphOf([start, ...prompts(900, (at) => `{{ a${at} }}`), end], []), fakeCatalog);
  expect(problems).toHaveLength(MOST_PROBLEMS);
  expect(problems.filter(({ severity }) => severity === 'error')).toHaveLength(900);
  expect(problems.findLastIndex(({ severity }) => severity === 'error')).toBe(899);
});
