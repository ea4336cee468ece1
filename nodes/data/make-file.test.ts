import { expect, it } from 'vitest';
import type { WriteRequest } from '../sdk/documents.ts';
import { runNode } from '../sdk/run-node.fixture.ts';
import { makeFile } from './make-file.ts';

/** Runs the node. Returns the file, and what it asked for. */
async function made(params: Parameters<typeof runNode<typeof makeFile.params>>[1], body: unknown = {}) {
  const asked: WriteRequest[] = [];
  const write = async (request: WriteRequest) => {
    asked.push(request);
    return new Uint8Array(3);
  };
  const { result } = await runNode(makeFile, params, { body, documents: { write } });
  if (result.kind !== 'done') throw new Error('It waits.');
  return { file: (result.output as { file: { name: string; bytes: number } }).file, asked };
}

it('writes the rows of a list, with the columns asked for', async () => {
  const rows = [{ id: 1 }];
  const { file, asked } = await made(
    { format: 'csv', name: 'orders {{ input.day }}', rows: '{{ input.rows }}', columns: ' id , total,', separator: 'tab' },
    { rows, day: 'Mon' },
  );
  expect(file).toMatchObject({ name: 'orders Mon.csv', bytes: 3 });
  expect(asked).toEqual([{ format: 'csv', rows, columns: ['id', 'total'], separator: 'tab' }]);
});

it('takes the names of columns from a list', async () => {
  const { asked } = await made({ name: 'a.tsv', rows: '{{ input.rows }}', columns: '{{ input.names }}' }, { rows: [], names: ['b', 'a'] });
  expect(asked).toMatchObject([{ columns: ['b', 'a'] }]);
});

it('writes a value, a page, or text', async () => {
  expect((await made({ format: 'json', name: 'a', value: { id: '{{ input.id }}' } }, { id: 7 })).asked).toEqual([{ format: 'json', value: { id: 7 } }]);
  expect((await made({ format: 'html', name: 'Report.html', markdown: '# {{ input.id }}' }, { id: 7 })).asked).toEqual([
    { format: 'html', markdown: '# 7', title: 'Report' },
  ]);
  expect((await made({ format: 'text', name: 'note', text: 'Grüße {{ input.id }}' }, { id: 7 })).file).toMatchObject({ name: 'note.txt', bytes: 9 });
});

it('fails if the rows are not a list', async () => {
  await expect(made({ name: 'a', rows: '{{ input }}' }, { rows: 1 })).rejects.toMatchObject({ code: 'not-a-list' });
});

it('asks for what its format needs', () => {
  expect(makeFile.check({ format: 'csv', name: ' ', rows: 'no list' })).toMatchObject([{ path: ['name'] }, { path: ['rows'] }]);
  expect(makeFile.check({ format: 'json', name: 'a' })).toMatchObject([{ path: ['value'], message: 'Enter the value' }]);
  expect(makeFile.check({ format: 'html', name: 'a' })).toMatchObject([{ path: ['markdown'] }]);
});
