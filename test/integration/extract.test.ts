import { bytes, INVOICE, pdfOf, xlsxOf } from '@switchyard/server/documents/documents.fixture.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { filesOf } from '@switchyard/shared/files/stored-value.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { edge, graphOf, node } from '../kit/graph.ts';
import { formOf } from '../kit/multipart.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { journalOf, readRun, stepOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/* Extract and Make a file in runs. What is read out of which file is in server/documents/. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const fileInput = () => node('input', 'start', { schema: { type: 'object', properties: { file: { type: 'object', format: 'file' } }, required: ['file'] } });
const extractNode = (params: object = {}, data: Partial<GraphNode['data']> = {}) => node('extract', 'read', { file: '{{ input.file }}', ...params }, data);

const replying = (value: unknown, params: object = {}): Graph =>
  graphOf([fileInput(), extractNode(params), node('output', 'reply', { value })], [edge('start', 'read'), edge('read', 'reply')]);

async function send(url: string, content: Uint8Array, name: string) {
  const { status, json, text, headers } = await server.send('POST', url, formOf(['file', content, name]));
  return { status, json, text, runId: headers.get('x-run-id') ?? '' };
}

test('a webhook gets the text of the PDF it is sent, line by line', async () => {
  const { url } = await publishedWorkflow(server, replying('{{ steps.read.text }}'));
  const { status, text, runId } = await send(url, pdfOf([INVOICE]), 'invoice.bin');
  expect([status, text.split('\n').slice(3, 6)]).toEqual([200, ['Item\tQuantity\tPrice', 'Desk lamp\t2\t39.90', 'Shelf, oak\t1\t120.00']]);
  expect(stepOf(await readRun(server, runId), 'read')).toMatchObject({
    status: 'succeeded',
    calls: [{ id: 'read#1/step:read%20text:1', status: 'succeeded' }],
  });
  const types = (await journalOf(server, runId)).filter((event) => 'stepId' in event && event.stepId === 'read#1').map(({ type }) => type);
  expect(types).toEqual(['step-started', 'call-started', 'call-finished', 'step-finished']);
});

test('the rows of a workbook go through a For-each into a new file', async () => {
  const graph = graphOf(
    [
      fileInput(),
      extractNode({ as: 'rows' }),
      node('for-each', 'each', { items: '{{ steps.read.rows }}', result: '{{ steps.line }}' }),
      {
        ...node('transform', 'line', {
          fields: [
            { name: 'id', value: 'item.id' },
            { name: 'sum', value: 'item.count * item.price' },
          ],
        }),
        parentId: 'each',
      },
      node('make-file', 'report', { format: 'csv', name: 'sums', rows: '{{ steps.each.items }}', separator: 'semicolon' }),
      node('output', 'reply', { value: { name: '{{ steps.report.file.name }}', type: '{{ steps.report.file.type }}', sheet: '{{ steps.read.sheet }}' } }),
    ],
    [edge('start', 'read'), edge('read', 'each'), edge('each', 'report'), edge('report', 'reply')],
  );
  const { url } = await publishedWorkflow(server, graph);
  const workbook = xlsxOf({
    Orders: [
      ['id', 'count', 'price'],
      ['A 1', 2, 1.5],
      ['A 2', 1, 20],
    ],
  });
  const { json, runId } = await send(url, workbook, 'orders.xlsx');
  expect(json).toEqual({ name: 'sums.csv', type: 'text/csv', sheet: 'Orders' });
  const [file] = filesOf(stepOf(await readRun(server, runId), 'report').output);
  const made = await fetch(`${server.base}/api/runs/${runId}/files/${file?.$file}`);
  expect(await made.text()).toBe('id;sum\r\nA 1;3\r\nA 2;20\r\n');
});

test('a scan takes the error branch, and the error says which file it is', async () => {
  const graph = graphOf(
    [
      fileInput(),
      extractNode({}, { policy: { onError: 'branch' } }),
      node('output', 'reply', { value: 'read' }),
      node('output', 'failed', { value: '{{ steps.read.error }}' }),
    ],
    [edge('start', 'read'), edge('read', 'reply'), edge('read.error', 'failed')],
  );
  const { url } = await publishedWorkflow(server, graph);
  const { json } = await send(url, pdfOf([[]]), 'scan.pdf');
  expect(json).toMatchObject({ code: 'no-text', message: expect.stringMatching(/^“scan.pdf”: The PDF has no text\./) });
});

test('what is read enters the run as the data policy leaves it', async () => {
  const { id, url } = await publishedWorkflow(server, replying('{{ steps.read.rows }}', { as: 'rows' }));
  await server.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
  const { json, runId } = await send(url, bytes('name,mail\nAda,ada@example.com\n'), 'people.csv');
  expect(json).toEqual([{ name: 'Ada', mail: '[email]' }]);
  expect(JSON.stringify(await journalOf(server, runId))).not.toContain('ada@example.com');
});
