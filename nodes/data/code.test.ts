import { expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { code } from './code.ts';

it('returns what its code returns, within its time limit', async () => {
  const asked: unknown[] = [];
  const { result } = await runNode(
    code,
    { source: 'return 1;', seconds: 0.5 },
    {
      code: async (source, options) => {
        asked.push(source, options);
        return { total: 1 };
      },
    },
  );
  expect(result).toEqual({ kind: 'done', output: { total: 1 } });
  expect(asked).toEqual(['return 1;', { timeoutMs: 500 }]);
});

it('fails if its output doesn’t match the schema, and names the fields', async () => {
  const schema = { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] };
  const failing = runNode(code, { source: 'return 1;', schema }, { code: async () => ({ total: 'x' }) });
  await expect(failing).rejects.toMatchObject({ code: 'bad-output', fields: [{ path: 'total', message: expect.any(String) }] });
});

it('shows its first line that does something', () => {
  expect(code.line({ source: '// Adds up\n/*\n * more\n */\n\n  const total = 2 ** 3;\nreturn total;' })).toBe('const total = 2 ∗∗ 3;');
  expect(code.line({ source: '  ' })).toBe('no code yet');
});

it('asks for code, and for a schema that is one', () => {
  expect(code.check({ source: ' ' })).toMatchObject([{ path: ['source'], message: 'Enter the code' }]);
  expect(code.check({ source: 'return 1;', schema: { type: 'nonsense' } })).toMatchObject([{ path: ['schema', 'type'] }]);
});

it('finds its code as a script', () => {
  expect(code.expressions({ source: 'return steps.a;' })).toEqual([{ path: ['source'], kind: 'script', source: 'return steps.a;' }]);
});
