import { expect, it } from 'vitest';
import { viewAt } from '../view.ts';
import { databaseKinds } from './databases.ts';
import type { At } from './kind.ts';

const notes: string[] = [];
/** Converts a node; expressions are already in our language. */
function convert(kind: string, params: Record<string, unknown>) {
  const template = (value: unknown): string => String(value ?? '').replace(/^=/, '');
  const tree = (value: unknown): unknown => JSON.parse(template(value));
  const texts = { template, tree, cel: template, test: template };
  const node = { name: kind, type: `n8n-nodes-base.${kind}`, typeVersion: 1, parameters: params, credentials: { db: { name: 'Shop' } } };
  const at = { node, params, output: 'steps.x', texts, json: viewAt('input'), list: '[input]', note: (what: string) => notes.push(what) } as unknown as At;
  return databaseKinds[`n8n-nodes-base.${kind}`]?.(at);
}

it('turns values in a query into parameters', () => {
  const query = "=SELECT * FROM orders WHERE customer = '{{ input.name }}' AND total > {{ input.least }}";
  expect(convert('postgres', { operation: 'executeQuery', query })).toMatchObject({
    type: 'database',
    params: { statement: 'SELECT * FROM orders WHERE customer = $1 AND total > $2', parameters: ['{{ input.name }}', '{{ input.least }}'], readOnly: true },
    list: 'steps.x.rows',
  });
  const options = { queryReplacement: '={{ input.name }}, 7' };
  expect(convert('postgres', { operation: 'executeQuery', query: 'UPDATE orders SET a = $1 WHERE b = $2', options })).toMatchObject({
    params: { parameters: ['{{ input.name }}', '7'], readOnly: false },
  });
  expect(convert('postgres', { operation: 'insert' })).toContain('Execute query');
});

it('converts commands of MongoDB and Redis', () => {
  const query = '={"customer": "{{ input.name }}", "total": {"$gt": 5}}';
  expect(convert('mongoDb', { operation: 'find', collection: 'orders', query, options: { limit: 5 } })).toMatchObject({
    params: { statement: '{"find":"orders","filter":{"customer":"$1","total":{"$gt":5}},"limit":5}', parameters: ['{{ input.name }}'] },
  });
  expect(convert('redis', { operation: 'set', key: '=a:{{ input.id }}', value: 'x', expire: true, ttl: 9 })).toMatchObject({
    params: { statement: 'SET $1 $2 EX $3', parameters: ['a:{{ input.id }}', 'x', '9'], readOnly: false },
  });
  expect(convert('redis', { operation: 'publish' })).toContain('no counterpart');
});

it('converts operations on data tables', () => {
  const table = { dataTableId: { __rl: true, value: 'x1', cachedResultName: 'Orders' } };
  const filters = { conditions: [{ keyName: 'total', condition: 'gte', keyValue: '={{ input.least }}' }] };
  expect(convert('dataTable', { operation: 'get', ...table, filters, matchType: 'allConditions' })).toMatchObject({
    type: 'state',
    params: { operation: 'find-rows', table: 'Orders', match: 'all', conditions: [{ column: 'total', is: 'at-least', value: '{{ input.least }}' }], limit: 50 },
  });
  expect(convert('dataTable', { operation: 'insert', ...table, columns: { value: { total: 5 } } })).toMatchObject({
    params: { operation: 'add-row', cells: [{ name: 'total', value: '5' }] },
  });
  expect(notes).toContainEqual(expect.stringContaining('“Orders”'));
});
