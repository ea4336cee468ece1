import { expect, test } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { redact } from './redact.ts';

const seen = async (params: Parameters<typeof runNode<typeof redact.params>>[1]) => {
  const calls: unknown[] = [];
  const note =
    (what: string) =>
    async (value: unknown, rules?: unknown): Promise<never> => {
      calls.push({ what, value, ...(rules !== undefined && { rules }) });
      return (what === 'redact' ? { value: 'done', found: { email: 1 } } : 'done') as never;
    };
  const { result } = await runNode(redact, params, { body: { message: 'hi' }, redact: note('redact'), restore: note('restore') });
  return { calls, output: result.kind === 'done' && result.output };
};

test('uses the policy of the workflow by default', async () => {
  expect(await seen({ text: '{{ input.message }}' })).toEqual({ calls: [{ what: 'redact', value: 'hi' }], output: { text: 'done', found: { email: 1 } } });
});

test('uses its own detectors, and masks what a name finds', async () => {
  const { calls } = await seen({ text: '{{ input }}', detectors: ['email', { detector: 'card', action: 'hash' }] });
  expect(calls).toEqual([
    {
      what: 'redact',
      value: { message: 'hi' },
      rules: [
        { detector: 'email', action: 'mask' },
        { detector: 'card', action: 'hash' },
      ],
    },
  ]);
});

test('restores tokens', async () => {
  expect(await seen({ action: 'restore', text: '{{ input.message }}' })).toEqual({
    calls: [{ what: 'restore', value: 'hi' }],
    output: { text: 'done', found: {} },
  });
});

test.each([
  ['an unknown detector', ['emails']],
  ['no list', 'email'],
  ['an empty list', []],
  ['a broken pattern', [{ detector: 'pattern', name: 'own', pattern: '(', action: 'mask' }]],
])('has an issue with %s', (_, detectors) => {
  expect(redact.check({ text: 'x', policy: 'own', detectors })[0]?.path[0]).toBe('detectors');
});
