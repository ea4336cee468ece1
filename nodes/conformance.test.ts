import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definitionOf, nodeTypes } from './catalog.ts';
import { promises } from './conformance.ts';
import { defineNode, done } from './sdk/define-node.ts';
import { field } from './sdk/field.ts';

describe.each(nodeTypes.map((definition) => [definition.type, definition] as const))('the node type %s', (_type, definition) => {
  it.each(promises.map((promise) => [promise.title, promise] as const))('%s', async (_title, promise) => {
    expect(await promise.faults(definition)).toEqual([]);
  });
});

describe('the catalog', () => {
  it('knows each type once, by its ID', () => {
    expect(new Set(nodeTypes.map(({ type }) => type)).size).toBe(nodeTypes.length);
    for (const definition of nodeTypes) expect(definitionOf(definition.type)).toBe(definition);
    expect(definitionOf('constructor')).toBeUndefined();
  });

  it('has exactly one start and one end', () => {
    expect(nodeTypes.filter(({ role }) => role === 'start').map(({ type }) => type)).toEqual(['input']);
    expect(nodeTypes.filter(({ role }) => role === 'end').map(({ type }) => type)).toEqual(['output']);
  });
});

describe('the conformance suite', () => {
  const careless = defineNode({
    type: 'careless',
    version: 1,
    title: 'Careless',
    icon: 'IconNote',
    category: 'flow',
    summary: 'Careless.',
    help: '',
    params: z.object({ text: z.string(), other: field(z.string(), { label: 'Other', control: 'slider' }) }),
    defaults: { text: '', other: '' },
    example: { text: '{{ input.message }}', other: '' },
    line: () => 'Careless',
    ports: () => ({ inputs: [{ id: 'in' }], outputs: [{ id: 'a' }, { id: 'a' }] }),
    check: () => [{ path: ['text'], message: 'never content' }],
    run: async ({ context }) => {
      const answer = await context.chat({ route: 'fast', messages: [] }).catch(() => undefined);
      return done({ at: Math.random(), answer }, { port: 'b' });
    },
  });

  it('finds every fault of a broken node', async () => {
    const broken = await Promise.all(
      promises.map(async (promise) => {
        const faults = await Promise.resolve()
          .then(() => promise.faults(careless))
          .catch((error: unknown) => [String(error)]);
        return faults.length > 0 ? promise.title : undefined;
      }),
    );
    expect(promises.map(({ title }) => title).filter((title) => !broken.includes(title))).toEqual(['preserves its params through JSON']);
  });
});
