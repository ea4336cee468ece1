import { expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { placeholder } from './placeholder.ts';

const original = { type: 'n8n-nodes-base.ftp', name: 'Upload' };

it('can’t run without an output, and says what to do', async () => {
  expect(placeholder.check({ original, why: 'No node here does this.' })).toEqual([
    { path: ['output'], message: 'It has no counterpart here. No node here does this.', suggestion: expect.stringContaining('Replace it') },
  ]);
  await expect(runNode(placeholder, { original })).rejects.toThrow('Replace it with another node');
});

it('returns the output entered in the meantime', async () => {
  expect(placeholder.check({ original, output: { id: 1 } })).toEqual([]);
  const { result } = await runNode(placeholder, { original, output: { id: '{{ input.id }}' } }, { body: { id: 7 } });
  expect(result).toMatchObject({ kind: 'done', output: { id: 7 }, port: 'out' });
});

it('shows the kind of the original on its card', () => {
  expect(placeholder.line({ original })).toBe('ftp');
});
