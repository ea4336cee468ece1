import { AppError } from '@switchyard/shared/errors.ts';
import { expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { testFile } from '../sdk/test-context.fixture.ts';
import { extract } from './extract.ts';

const files = new Map<string, Uint8Array>();
const file = testFile(files, 'orders.csv', 'id\n7\n');

it('reads the text of a file, or its rows with their options', async () => {
  const asked: unknown[] = [];
  const documents = {
    readText: async (content: Uint8Array) => ({ text: new TextDecoder().decode(content), truncated: false }),
    readRows: async (...given: unknown[]) => {
      asked.push(given[1]);
      return { columns: ['id'], rows: [{ id: '7' }], truncated: false };
    },
  };
  const world = { body: { file }, files, documents };
  expect((await runNode(extract, { file: '{{ input.file }}' }, world)).result).toMatchObject({ output: { text: 'id\n7\n' } });
  expect((await runNode(extract, { file: '{{ input.file }}', as: 'rows', sheet: ' Orders ' }, world)).result).toMatchObject({
    output: { rows: [{ id: '7' }] },
  });
  expect(asked).toEqual([{ hasHeader: true, sheet: 'Orders' }]);
});

it('says which file can’t be read', async () => {
  const readText = () => Promise.reject(new AppError('no-text', 'The PDF has no text.'));
  const reading = runNode(extract, { file: '{{ input.file }}' }, { body: { file }, files, documents: { readText } });
  await expect(reading).rejects.toMatchObject({ code: 'no-text', message: '“orders.csv”: The PDF has no text.', details: { file: 'orders.csv' } });
  await expect(reading).rejects.toMatchObject({ details: { sentFile: '“orders.csv”: The PDF has no text.' } });
});

it('needs a file, not its name', async () => {
  await expect(runNode(extract, { file: '{{ input.name }}' }, { body: { name: 'orders.csv' }, files })).rejects.toMatchObject({ code: 'node-failed' });
  expect(extract.check({ file: 'orders.csv' })).toMatchObject([{ path: ['file'], message: expect.stringContaining('gives a file') }]);
});
