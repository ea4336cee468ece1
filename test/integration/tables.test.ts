import { createErasure } from '@switchyard/shared/contracts/policies.ts';
import * as tables from '@switchyard/shared/contracts/state/tables.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { runOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const ORDERS = {
  name: 'Orders',
  columns: [
    { name: 'Number', type: 'text' as const, isKey: true },
    { name: 'Total', type: 'number' as const },
    { name: 'Paid', type: 'boolean' as const },
    { name: 'At', type: 'date' as const },
    { name: 'More', type: 'json' as const },
  ],
};

/** Runs one operation on the table of the test. */
const doing = (params: Record<string, unknown>): Graph =>
  graphOf(
    [messageInput(), node('state', 'rows', { table: 'orders', key: '', ...params }), node('output', 'reply', { value: '{{ steps.rows }}' })],
    [edge('start', 'rows'), edge('rows', 'reply')],
  );

const add = async (server: TestServer, id: string, ...rows: Record<string, unknown>[]) => {
  for (const cells of rows) await server.call(tables.addTableRow, { params: { id }, body: { cells } });
};
const numbersOf = async (server: TestServer, id: string, body: Record<string, unknown> = {}) =>
  (await server.call(tables.findTableRows, { params: { id }, body })).items.map(({ cells }) => cells.Number);

test('runs add, update, find, count, and delete rows, and draft runs have rows of their own', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(tables.createTable, { body: ORDERS });
  const upsert = doing({
    operation: 'upsert-row',
    cells: [
      { name: 'Number', value: '{{ input.message }}' },
      { name: 'Total', value: '{{ input.message.size() * 10 }}' },
      { name: 'More', value: '{{ [1, 2] }}' },
    ],
  });
  const { url, testUrl } = await publishedWorkflow(server, upsert);
  const send = async (to: string, message: string) => (await server.send('POST', to, { body: { message } })).json;
  expect(await send(url, 'a')).toMatchObject({ added: true, count: 1, row: { Number: 'a', Total: 10, Paid: null, More: [1, 2] } });
  expect(await send(url, 'a')).toMatchObject({ added: false });
  await send(url, 'bbb');
  await send(testUrl, 'draft');
  const odd: { cells: Record<string, unknown> } = JSON.parse('{"cells": {"Number": "odd", "__proto__": 1}}');
  expect(await server.refused(tables.addTableRow, { params: { id }, body: odd })).toMatchObject({
    code: 'bad-request',
    detail: expect.stringContaining('__proto__'),
  });
  const names = [{ name: '__proto__', type: 'text' as const }];
  expect(await server.refused(tables.createTable, { body: { name: 'Odd', columns: names } })).toMatchObject({ code: 'bad-request' });
  expect([await numbersOf(server, id), await numbersOf(server, id, { space: 'draft' })]).toEqual([['a', 'bbb'], ['draft']]);
  const condition = { column: 'total', is: 'above', value: '{{ input.message.size() }}' };
  const sorted = { conditions: [condition], sortBy: 'Total', order: 'descending', limit: 1 };
  expect(await send((await publishedWorkflow(server, doing({ operation: 'find-rows', ...sorted }))).url, 'x')).toMatchObject({
    row: { Number: 'bbb' },
    rows: [{ Number: 'bbb' }],
    count: 1,
    more: true,
  });
  expect(await send((await publishedWorkflow(server, doing({ operation: 'count-rows', conditions: [condition] }))).url, 'x')).toMatchObject({ count: 2 });
  const paid = doing({ operation: 'update-rows', conditions: [condition], cells: [{ name: 'Paid', value: 'yes' }] });
  expect(await send((await publishedWorkflow(server, paid)).url, 'x'.repeat(15))).toMatchObject({ count: 1, more: false });
  const remove = doing({ operation: 'delete-rows', conditions: [{ column: 'Paid', is: 'not-equal', value: 'true' }] });
  expect(await send((await publishedWorkflow(server, remove)).url, 'x')).toMatchObject({ count: 1 });
  expect(await numbersOf(server, id)).toEqual(['bbb']);
  const { usedBy, rows } = await server.call(tables.getTable, { params: { id } });
  expect([usedBy.length, rows]).toEqual([5, { live: 1, draft: 1 }]);
});

test('a run fails with what is wrong: the table, a column, a cell, or a taken key', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(tables.createTable, { body: ORDERS });
  await server.call(tables.addTableRow, { params: { id }, body: { space: 'draft', cells: { Number: 'hello' } } });
  const failure = async (params: Record<string, unknown>) => (await runOf(server, doing({ operation: 'add-row', ...params }))).error;
  const cells = (name: string, value: string) => ({ cells: [{ name, value }] });
  expect(await failure({ ...cells('Number', 'x'), table: 'Nothing' })).toMatchObject({ code: 'not-found', message: expect.stringContaining('“Nothing”') });
  expect(await failure(cells('Sum', '1'))).toMatchObject({ code: 'bad-request', message: expect.stringContaining('no column “Sum”') });
  expect(await failure(cells('Total', '{{ input.message }}'))).toMatchObject({ message: expect.stringContaining('“Total” is') });
  expect(await failure(cells('Number', 'hello'))).toMatchObject({ code: 'already-exists' });
});

test('people edit tables: columns, cells, rows, filters, pages, and settings', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(tables.createTable, { body: ORDERS });
  expect(await server.refused(tables.createTable, { body: { name: 'orders' } })).toMatchObject({ code: 'already-exists' });
  await add(server, id, { Number: 'a', Total: 1 }, { Number: 'b', Total: 2, At: '2027-01-31' }, { Number: 'c' });
  const first = await server.call(tables.findTableRows, { params: { id }, body: { sort: { column: 'Total', descending: true }, limit: 2 } });
  expect(first.items.map(({ cells }) => cells)).toEqual([
    { Number: 'b', Total: 2, At: '2027-01-31' },
    { Number: 'a', Total: 1 },
  ]);
  const rest = await server.call(tables.findTableRows, {
    params: { id },
    body: { sort: { column: 'Total', descending: true }, cursor: first.nextCursor ?? '' },
  });
  expect([rest.items.map(({ cells }) => cells.Number), rest.nextCursor]).toEqual([['c'], null]);
  const [b, a] = first.items;
  const edit = (cells: Record<string, unknown>) => server.call(tables.updateTableRow, { params: { id, row: a?.id ?? '' }, body: { cells } });
  expect((await edit({ Total: '', Paid: true })).cells).toEqual({ Number: 'a', Paid: true });
  const rejected = (cells: Record<string, unknown>) => server.refused(tables.updateTableRow, { params: { id, row: a?.id ?? '' }, body: { cells } });
  expect([(await rejected({ Number: 'b' })).code, (await rejected({ At: 'tomorrow' })).code]).toEqual(['already-exists', 'bad-request']);
  expect(await server.call(tables.deleteTableRows, { params: { id }, body: { ids: [b?.id ?? '', 'other'] } })).toEqual({ deleted: 1 });
  const { columns } = await server.call(tables.addColumn, { params: { id }, body: { name: 'Note', type: 'text' } });
  const column = columns.at(-1)?.id ?? '';
  await server.call(tables.renameColumn, { params: { id, column }, body: { name: 'Remark' } });
  expect((await edit({ remark: 'x' })).cells).toEqual({ Number: 'a', Paid: true, Remark: 'x' });
  await server.call(tables.removeColumn, { params: { id, column } });
  expect((await edit({ Paid: null })).cells).toEqual({ Number: 'a' });
  expect(await server.refused(tables.removeColumn, { params: { id, column: columns[0]?.id ?? '' } })).toMatchObject({ code: 'bad-request' });
  expect(await server.refused(tables.addColumn, { params: { id }, body: { name: 'updatedat', type: 'text' } })).toMatchObject({ code: 'bad-request' });
  expect(await server.call(tables.updateTable, { params: { id }, body: { name: 'Bills', keepDays: 30 } })).toMatchObject({ name: 'Bills', keepDays: 30 });
  expect(await server.call(tables.clearTable, { params: { id }, body: { space: 'live' } })).toEqual({ deleted: 2 });
  await server.call(tables.deleteTable, { params: { id } });
  expect(await server.call(tables.listTables, {})).toEqual({ items: [] });
  expect(await server.refused(tables.getTable, { params: { id } })).toMatchObject({ code: 'not-found' });
});

test('rows are imported with the errors of each line, and exported as CSV that no spreadsheet runs', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(tables.createTable, { body: ORDERS });
  const load = (onTaken: 'reject' | 'update' | 'skip', ...rows: Record<string, unknown>[]) =>
    server.call(tables.importTableRows, { params: { id }, body: { onTaken, rows: rows.map((cells, index) => ({ line: index + 2, cells })) } });
  const loaded = await load('reject', { Number: '=1+1', Total: '-5' }, { Number: 'b', Total: 'x' }, { Number: 'a,"b"\nc', Paid: 'no' });
  expect(loaded).toEqual({ added: 2, updated: 0, skipped: 0, errors: [{ line: 3, message: '“Total” is “x”, but must be a number.' }] });
  expect(await load('reject', { Number: '=1+1' })).toMatchObject({ added: 0, errors: [{ line: 2 }] });
  expect(await load('skip', { Number: '=1+1', Total: 1 })).toMatchObject({ skipped: 1 });
  expect(await load('update', { Number: '=1+1', Total: 7 }, { Number: 'new' })).toMatchObject({ added: 1, updated: 1 });
  const csv = await server.send('GET', `/api/tables/${id}/rows.csv`);
  expect(csv.headers.get('content-disposition')).toContain('Orders.csv');
  expect(csv.text).toBe(['Number,Total,Paid,At,More', "'=1+1,7,,,", '"a,""b""\nc",,false,,', 'new,,,,', ''].join('\r\n'));
});

test('erasing a label deletes the rows that its runs wrote last', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(tables.createTable, { body: ORDERS });
  const graph = doing({ operation: 'upsert-row', cells: [{ name: 'Number', value: '{{ input.message }}' }] });
  const { url } = await publishedWorkflow(server, graph, { labels: { customer: '{{ trigger.body.message }}' } });
  for (const message of ['ada', 'bob']) await server.send('POST', url, { body: { message } });
  const erase = (dryRun: boolean) => server.call(createErasure, { body: { label: 'customer', value: 'ada', dryRun } });
  expect(await erase(true)).toMatchObject({ rows: 1 });
  expect(await numbersOf(server, id)).toEqual(['ada', 'bob']);
  expect(await erase(false)).toMatchObject({ rows: 1 });
  expect(await numbersOf(server, id)).toEqual(['bob']);
});
