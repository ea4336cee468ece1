import { expect, test } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { dedupe } from './dedupe.ts';
import { state } from './state.ts';

const output = async (params: Parameters<typeof runNode<typeof state.params>>[1], stored: Record<string, unknown> = {}) => {
  const { result } = await runNode(state, params, { body: { id: 7, by: '2', text: 'x' }, state: stored });
  return result.kind === 'done' && result.output;
};

test('reads a value under a key with values of the run', async () => {
  expect(await output({ operation: 'get', key: 'n/{{ input.id }}' }, { 'n/7': { a: 1 } })).toEqual({ value: { a: 1 }, found: true, changed: false });
  expect(await output({ operation: 'get', key: 'other' })).toEqual({ value: null, found: false, changed: false });
});

test('takes a number as the key, and a numeric text as the amount', async () => {
  expect(await output({ operation: 'increment', key: '{{ input.id }}', by: '{{ input.by }}' }, { 7: 1 })).toEqual({ value: 3, found: true, changed: true });
});

test('rejects an amount that is no number, before anything is changed', async () => {
  await expect(output({ operation: 'increment', key: 'n', by: '{{ input.text }}' })).rejects.toMatchObject({
    code: 'bad-request',
    message: '“By” evaluated to “x”. It must be a number.',
  });
  expect(state.check({ operation: 'increment', key: 'n', by: 'x' })).toMatchObject([{ path: ['by'] }]);
});

test('sets, compares, appends, and deletes', async () => {
  expect(await output({ operation: 'set', key: 'a', value: { id: '{{ input.id }}' } })).toMatchObject({ value: { id: 7 }, changed: true });
  expect(await output({ operation: 'compare-and-set', key: 'a', expected: 1, value: 2 }, { a: 3 })).toEqual({ value: 3, found: true, changed: false });
  expect(await output({ operation: 'append', key: 'a', value: 2, keep: 1 }, { a: [1] })).toMatchObject({ value: [2] });
  expect(await output({ operation: 'delete', key: 'a' }, { a: [1] })).toEqual({ value: null, found: true, changed: true });
});

test('a value that was seen takes its own port, and an empty one fails', async () => {
  const seen = (body: unknown, stored: Record<string, unknown> = {}) =>
    runNode(dedupe, { value: '{{ input }}', amount: 1, unit: 'hours' }, { body, state: stored }).then(({ result }) => result);
  expect(await seen('a')).toMatchObject({ port: 'new', output: { seen: false, firstAt: '2026-01-05T10:00:00.000Z' } });
  expect(await seen('a', { 'node a': '2026-01-05T09:00:00.000Z' })).toMatchObject({
    port: 'seen',
    output: { seen: true, firstAt: '2026-01-05T09:00:00.000Z' },
  });
  await expect(seen('')).rejects.toMatchObject({ code: 'bad-request' });
});
