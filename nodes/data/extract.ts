import { AppError } from '@switchyard/shared/errors.ts';
import type { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { mapFiles } from '@switchyard/shared/files/stored-value.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { z } from 'zod';
import type { NodeContext } from '../sdk/context.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { MOST_CHARACTERS, MOST_PAGES, MOST_ROWS, type ReadRows, type ReadText, type RowOptions } from '../sdk/documents.ts';
import { field } from '../sdk/field.ts';
import { demandFile, fileParam } from '../sdk/file-param.ts';

const AS = ['text', 'rows'] as const;

const params = z.object({
  file: field(fileParam, { label: 'File', control: 'text', expression: 'template', placeholder: '{{ input.invoice }}' }),
  as: field(z.enum(AS).default('text'), {
    label: 'Extract',
    control: 'segmented',
    choices: { text: 'Text', rows: 'Rows' },
    help: 'Rows are read from CSV, Excel, JSON, XML, and tables in Word and HTML.',
  }),
  hasHeader: field(z.boolean().default(true), {
    label: 'First row has column names',
    control: 'switch',
    when: { field: 'as', is: ['rows'] },
    help: 'Otherwise, columns are named column_1, column_2, and so on.',
  }),
  sheet: field(z.string().default(''), {
    label: 'Sheet',
    control: 'text',
    expression: 'template',
    placeholder: 'Orders',
    when: { field: 'as', is: ['rows'] },
    help: 'For Excel workbooks. If empty, the first sheet with content is read.',
  }),
});

const help = `Reads what is in a file: PDF, Word (.docx), Excel (.xlsx), CSV, HTML, JSON, XML, or text. The type is found from the content, whatever the file is called.

- **Text**: later nodes read \`steps.<key>.text\`. A PDF is read in lines from top to bottom, with a tab between the columns of a table. \`.pages\` is how many pages it has.
- **Rows**: later nodes read \`steps.<key>.rows\`, a list of objects with a field per column, for example for a For-each. \`.columns\` has the names. Values of a CSV file are text. Excel keeps numbers and booleans, and dates become \`2026-01-05\`.

\`.truncated\` says whether the file exceeded the limits: ${MOST_PAGES} pages of a PDF, ${MOST_ROWS.toLocaleString('en-US')} rows, and ${MOST_CHARACTERS / 1_000_000} million characters.

A file without text, such as a scan, fails the step with \`no-text\`. One that is damaged, encrypted, or of another type fails it with \`unreadable-file\`. To let a model look at images and scans, add the file to a Prompt node.`;

const TEXT_OUTPUT: JsonSchema = {
  type: 'object',
  properties: { text: { type: 'string' }, pages: { type: 'integer' }, truncated: { type: 'boolean' } },
  required: ['text', 'truncated'],
  additionalProperties: false,
};
const ROWS_OUTPUT: JsonSchema = {
  type: 'object',
  properties: {
    columns: { type: 'array', items: { type: 'string' } },
    rows: { type: 'array', items: { type: 'object' } },
    sheet: { type: 'string' },
    truncated: { type: 'boolean' },
  },
  required: ['columns', 'rows', 'truncated'],
  additionalProperties: false,
};

/** An expression without its braces. */
const bare = (template: string): string => template.trim().replace(/^\{\{\s*(.*?)\s*\}\}$/, '$1');

export const extract = defineNode({
  type: 'extract',
  version: 1,
  title: 'Extract',
  icon: 'IconFileSearch',
  category: 'data',
  summary: 'Read text or rows from a file',
  keywords: ['pdf', 'excel', 'xlsx', 'csv', 'word', 'docx', 'html', 'xml', 'json', 'parse', 'read', 'file', 'document', 'spreadsheet', 'invoice', 'import'],
  help,
  params,
  defaults: { file: '{{ input.file }}' },
  example: { file: '{{ input.file }}', as: 'text' },
  line: ({ file, as }) => `reads the **${as}** of **${typeof file === 'string' && file.trim() !== '' ? bare(file) : 'a file'}**`,
  output: ({ as }) => (as === 'text' ? TEXT_OUTPUT : ROWS_OUTPUT),
  check: ({ file }) =>
    typeof file === 'string' && !file.includes('{{')
      ? [{ path: ['file'], message: 'Enter an expression in {{ }} that gives a file', suggestion: '{{ input.file }}' }]
      : [],
  async run({ params: { file: given, as, hasHeader, sheet }, context }) {
    const file = demandFile(given, 'File');
    const content = await context.files.read(file);
    const options: RowOptions = { hasHeader, sheet: sheet.trim() === '' ? undefined : sheet.trim() };
    const reading: Promise<ReadText | ReadRows> = as === 'text' ? context.documents.readText(content) : context.documents.readRows(content, options);
    return done(await naming(file, context, reading));
  },
});

/** Errors say which file it is: a step in a for-each has several. What is wrong with a file that the caller sent, the caller learns (S23). */
async function naming<T>({ name, id }: FileHandle, { trigger }: Pick<NodeContext, 'trigger'>, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !['no-text', 'unreadable-file', 'too-large'].includes(thrown.code)) throw thrown;
    const message = `“${name}”: ${thrown.message}`;
    const isSent = trigger.kind !== 'workflow' && hasFile(trigger.body, id);
    throw new AppError(thrown.code, message, { details: { file: name, ...(isSent && { sentFile: message }) }, cause: thrown });
  }
}

function hasFile(value: unknown, id: string): boolean {
  let found = false;
  mapFiles(value, (file) => {
    found ||= file.id === id;
    return file;
  });
  return found;
}
