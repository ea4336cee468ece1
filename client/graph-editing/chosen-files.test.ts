import { isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { expect, it } from 'vitest';
import { inputErrors } from './check-input.ts';
import { chooseFiles, chosenFiles, fileFields, filesToSend, inputWithFiles, NO_FILES } from './chosen-files.ts';
import { emptyInput } from './samples.ts';

const FILE = { type: 'object', format: 'file' };
const schema = {
  type: 'object',
  properties: { invoice: { ...FILE, contentMediaType: 'application/pdf' }, more: { type: 'array', items: FILE }, note: { type: 'string' } },
  required: ['invoice'],
};

it('chosen files are sent for the fields that take files, and checked with the sample', () => {
  expect(fileFields(schema)).toEqual([
    { name: 'invoice', isList: false, accepts: ['application/pdf'] },
    { name: 'more', isList: true, accepts: [] },
  ]);
  const sample = emptyInput(schema);
  expect(sample).toEqual({ more: [], note: '' });
  expect(inputErrors({ schema }, sample)).toMatchObject([{ path: 'invoice' }]);
  const pdf = new File(['%PDF'], 'a.pdf', { type: 'application/pdf' });
  chooseFiles('w', 'invoice', [pdf]);
  chooseFiles('w', 'gone', [pdf]);
  chooseFiles('w', 'more', [pdf, pdf]);
  chooseFiles('w', 'more', []);
  expect(filesToSend('w', schema)).toEqual([['invoice', pdf]]);
  expect(filesToSend('other', schema)).toEqual([]);
  const filled = inputWithFiles(sample, schema, chosenFiles.getState().w ?? NO_FILES) as { invoice: unknown };
  expect(isFileHandle(filled.invoice)).toBe(true);
  expect(inputErrors({ schema }, filled)).toEqual([]);
  expect(inputWithFiles(sample, schema, NO_FILES)).toBe(sample);
});
