import { AppError } from '@switchyard/shared/errors.ts';
import { FILE_SCHEMA } from '@switchyard/shared/files/file-schema.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { z } from 'zod';
import { asText } from '../sdk/as-value.ts';
import type { NodeContext } from '../sdk/context.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { MOST_ROWS, type WriteRequest } from '../sdk/documents.ts';
import { field } from '../sdk/field.ts';
import { textInsteadOfJson } from '../sdk/json-issue.ts';

/** The ending of the file name for each format. */
const ENDINGS = { csv: '.csv', json: '.json', html: '.html', text: '.txt' } as const;

const params = z.object({
  format: field(z.enum(['csv', 'json', 'html', 'text']).default('csv'), {
    label: 'Format',
    control: 'segmented',
    choices: { csv: 'CSV', json: 'JSON', html: 'HTML', text: 'Text' },
  }),
  name: field(z.string(), {
    label: 'File name',
    control: 'text',
    expression: 'template',
    placeholder: 'orders-{{ run.id }}',
    help: 'If it has no extension, the format’s extension is added.',
  }),
  rows: field(z.string().default(''), {
    label: 'Rows',
    control: 'text',
    expression: 'template',
    placeholder: '{{ steps.extract.rows }}',
    when: { field: 'format', is: ['csv'] },
    help: 'A list of objects, with a field per column.',
  }),
  columns: field(z.string().default(''), {
    label: 'Columns',
    control: 'text',
    expression: 'template',
    placeholder: 'id, name, total',
    when: { field: 'format', is: ['csv'] },
    help: 'Comma-separated, in order. If empty, all fields are written.',
  }),
  separator: field(z.enum(['comma', 'semicolon', 'tab']).default('comma'), {
    label: 'Separator',
    control: 'select',
    choices: { comma: 'Comma', semicolon: 'Semicolon', tab: 'Tab' },
    when: { field: 'format', is: ['csv'] },
    help: 'Excel expects semicolons where numbers have a decimal comma.',
  }),
  value: field(z.unknown().optional(), {
    label: 'Value',
    control: 'json',
    expression: 'tree',
    placeholder: '{"id": "{{ input.orderId }}"}',
    when: { field: 'format', is: ['json'] },
  }),
  markdown: field(z.string().default(''), {
    label: 'Markdown',
    control: 'long-text',
    expression: 'template',
    when: { field: 'format', is: ['html'] },
    help: 'Becomes a page: headings, lists, tables, links. HTML in it is shown as text.',
  }),
  text: field(z.string().default(''), { label: 'Text', control: 'long-text', expression: 'template', when: { field: 'format', is: ['text'] } }),
});
type Params = z.output<typeof params>;

const help = `Makes a file. Later nodes read it as \`steps.<key>.file\`, for example to send it in an HTTP request or as the response.

- **CSV** from a list of objects: each is a row, and each field a column. Excel opens it as UTF-8. Lists and objects in cells are JSON. Text that a spreadsheet would run as a formula starts with an apostrophe. At most ${MOST_ROWS.toLocaleString('en-US')} rows.
- **JSON** from any value.
- **HTML** from Markdown: a page to read or print. It contains no scripts.
- **Text** as it is.`;

/** The param with the contents, by format. */
const CONTENTS = { csv: 'rows', json: 'value', html: 'markdown', text: 'text' } as const;
const MISSING: Readonly<Record<Params['format'], Pick<ParamIssue, 'message' | 'suggestion'>>> = {
  csv: { message: 'Enter an expression in {{ }} that gives a list', suggestion: '{{ steps.extract.rows }}' },
  json: { message: 'Enter the value' },
  html: { message: 'Enter the Markdown' },
  text: { message: 'Enter the text' },
};

const isMissing = ({ format, rows, value, markdown, text }: Params): boolean =>
  ({ csv: !rows.includes('{{'), json: value === undefined, html: markdown.trim() === '', text: text.trim() === '' })[format];

export const makeFile = defineNode({
  type: 'make-file',
  version: 1,
  title: 'Make a file',
  icon: 'IconFilePlus',
  category: 'data',
  summary: 'Write CSV, JSON, HTML, or text to a file',
  keywords: ['csv', 'excel', 'json', 'html', 'markdown', 'export', 'report', 'document', 'file', 'write', 'create', 'download', 'attachment', 'convert'],
  help,
  params,
  defaults: { format: 'csv', name: 'report', rows: '{{ input.rows }}' },
  example: { format: 'csv', name: 'orders-{{ run.id }}', rows: '{{ [{"id": 1, "total": 9.5}] }}', columns: 'id, total' },
  line: ({ format, name }) => `makes **${name.trim() === '' ? `a ${format.toUpperCase()} file` : withEnding(name.trim(), format)}**`,
  output: () => ({ type: 'object', properties: { file: FILE_SCHEMA }, required: ['file'], additionalProperties: false }),
  check: (given) => [
    ...(given.name.trim() === '' ? [{ path: ['name'], message: 'Enter a file name', suggestion: 'report' }] : []),
    ...(isMissing(given) ? [{ path: [CONTENTS[given.format]], ...MISSING[given.format] }] : []),
    ...(given.format === 'json' ? textInsteadOfJson(['value'], given.value, 'choose the format Text') : []),
  ],
  async run({ params: given, context }) {
    const name = withEnding(asText(given.name).trim() || 'file', given.format);
    return done({ file: await context.files.create({ name, content: await contentOf(given, name, context) }) });
  },
});

const withEnding = (name: string, format: Params['format']): string => (/\.[a-z\d]{1,8}$/i.test(name) ? name : `${name}${ENDINGS[format]}`);

async function contentOf(given: Params, name: string, { documents }: NodeContext): Promise<Uint8Array> {
  if (given.format === 'text') return new TextEncoder().encode(asText(given.text));
  return documents.write(requestOf(given, given.format, name));
}

function requestOf({ rows, columns, separator, value, markdown }: Params, format: WriteRequest['format'], name: string): WriteRequest {
  if (format === 'json') return { format, value: value ?? null };
  if (format === 'html') return { format, markdown: asText(markdown), title: name.replace(/\.[^.]*$/, '') };
  return { format, rows: listOf(rows), columns: columnsOf(columns), separator };
}

function listOf(given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given;
  throw new AppError('not-a-list', 'The rows are not a list. Use an expression that gives one, for example {{ steps.extract.rows }}.');
}

/** An expression may give a list of names. */
function columnsOf(given: unknown): string[] {
  const names = Array.isArray(given) ? given.map(asText) : asText(given).split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}
