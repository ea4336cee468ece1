import { describe, expect, it } from 'vitest';
import { Meter } from '../json-schema/meter.ts';
import { fakeCatalog, graphOf, node } from './check/fake-catalog.fixture.ts';
import type { NodeCatalog } from './node-kind.ts';
import { memberOf } from './schema-member.ts';
import { scopeSchemaFor } from './scope-schema.ts';

const graph = graphOf(
  [node('start', 'input'), node('sort', 'classify'), node('draft', 'prompt'), node('review', 'human-review'), node('end', 'output'), node('memo', 'note')],
  ['start>sort', 'sort.billing>draft', 'draft>review', 'review.approve>end', 'review.back<draft', 'sort.unsure>end'],
  { brand: 'Acme', limits: { words: 3 } },
);
const names = (value: unknown): string[] => Object.keys(value as object);

describe('the names available to a node', () => {
  it('are the steps before it, and those in a loop with it', () => {
    const scope = scopeSchemaFor(graph, fakeCatalog, 'draft');
    expect(names(scope.steps)).toEqual(['start', 'sort']);
    expect(names(scope.previous)).toEqual(['draft', 'review', 'end']);
    expect(scope.steps.sort).toEqual(fakeCatalog('classify')?.output({}));
    expect(scope.input).toEqual(fakeCatalog('input')?.output({}));
  });

  it('have the output schema of the registry prompt that a node names, where it is known', () => {
    const nodes = graph.nodes.map((one) =>
      one.id === 'draft' ? { ...one, data: { ...one.data, params: { prompt: { name: 'greet', label: 'live' } } } } : one,
    );
    const catalog: NodeCatalog = (type) => {
      const kind = fakeCatalog(type);
      return kind && { ...kind, output: (params, promptSchema) => promptSchema ?? kind.output(params) };
    };
    const greeting = { type: 'string' };
    const scope = scopeSchemaFor({ ...graph, nodes }, catalog, 'review', ({ name, label }) => (name === 'greet' && label === 'live' ? greeting : undefined));
    expect(scope.steps.draft).toEqual(greeting);
    expect(scopeSchemaFor({ ...graph, nodes }, catalog, 'review').steps.draft).toEqual(fakeCatalog('prompt')?.output({}));
  });

  it('include no previous outside a loop', () => {
    expect(names(scopeSchemaFor(graph, fakeCatalog, 'sort').previous)).toEqual([]);
  });

  it('include the variables with their schemas', () => {
    expect(scopeSchemaFor(graph, fakeCatalog, 'sort').vars).toMatchObject({
      properties: { brand: { type: 'string' }, limits: { properties: { words: { type: 'number' } } } },
    });
  });

  it('exist for a node that is not in the graph', () => {
    expect(names(scopeSchemaFor(graph, fakeCatalog, 'missing').steps)).toEqual([]);
  });
});

describe('a member of a schema', () => {
  const member = (schema: Record<string, unknown>, name: string) => memberOf(schema, name, { root: schema, meter: new Meter() });
  const text = { type: 'string' };

  it.each([
    ['nothing is known', {}, 'open'],
    ['any object is valid', { type: 'object' }, 'open'],
    ['it is named', { properties: { x: text } }, 'known'],
    ['others are named', { properties: { y: text } }, 'unknown'],
    ['all members have a schema', { type: 'object', additionalProperties: text }, 'known'],
    ['names follow a pattern', { patternProperties: { '^y': text }, properties: { z: text } }, 'open'],
    ['it is a list', { type: ['array', 'null'] }, 'no-object'],
    ['one of several schemas names it', { anyOf: [{ type: 'null' }, { properties: { x: text }, additionalProperties: false }] }, 'known'],
    ['none of several names it', { oneOf: [{ type: 'null' }, { properties: { y: text } }] }, 'unknown'],
    ['one of all schemas names it', { properties: { y: text }, allOf: [{ properties: { x: text } }] }, 'known'],
    ['a reference points to it', { $ref: '#/$defs/a~1b', $defs: { 'a/b': { properties: { x: text } } } }, 'known'],
    ['a reference is broken', { $ref: 'https://example.org/schema' }, 'open'],
    ['references form a cycle', { $ref: '#' }, 'open'],
  ])('is looked up where %s', (_what, schema, kind) => {
    expect(member(schema, 'x').kind).toBe(kind);
  });

  it('is certainly missing only in a closed schema', () => {
    expect(member({ properties: { y: text } }, 'x')).toEqual({ kind: 'unknown', closed: false, names: ['y'] });
    expect(member({ properties: { y: text }, additionalProperties: false }, 'x')).toMatchObject({ closed: true });
    expect(member({ properties: { y: text } }, 'constructor')).toMatchObject({ kind: 'unknown' });
  });
});
