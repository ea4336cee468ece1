import { expect, test } from 'vitest';
import type { BillOfMaterials } from '../contracts/bill-of-materials.ts';
import { billDifferences } from './bill-differences.ts';

const model = {
  nodeKey: 'draft',
  route: 'fast',
  routeVersion: 1,
  model: 'small',
  connection: 'Main',
  provider: 'openai',
  fallbacks: [] as BillOfMaterials['models'][number]['fallbacks'],
  calls: 1,
};
const bill: BillOfMaterials = {
  runId: 'run_1',
  product: { version: '0.2.0' },
  workflow: { id: 'wf_1', name: 'Support', version: 1, graphHash: 'aa' },
  caller: { actor: { kind: 'user', id: 'ada' }, trigger: 'webhook', labels: {} },
  nodeTypes: [{ type: 'prompt', version: 1, nodes: ['draft'] }],
  prompts: [{ name: 'greet', label: 'production', version: 1, contentHash: 'h1', variants: [] }],
  models: [model],
  prices: [{ model: 'small', connection: 'Main', input: 0.25, output: 2 }],
  input: { hash: 'i1' },
  schemas: [],
  policies: [],
  reviewers: [],
};

test('Equal bills don’t differ, whatever the runs', () => {
  expect(billDifferences(bill, { ...structuredClone(bill), runId: 'run_2' })).toEqual([]);
});

test('Differences are grouped: prompt, fallback, route, price, policy, input', () => {
  const after: BillOfMaterials = {
    ...bill,
    prompts: [{ name: 'greet', label: 'production', version: 2, contentHash: 'h2', variants: [] }],
    models: [
      { ...model, routeVersion: 2, model: 'large', connection: 'Spare', fallbacks: [{ connection: 'Main', model: 'small', reason: 'provider-overloaded' }] },
    ],
    prices: [{ model: 'small', connection: 'Main', input: 0.5, output: 2 }],
    policies: [{ kind: 'data', hash: 'p1' }],
    input: { hash: 'i2' },
  };
  expect(billDifferences(bill, after).map(({ group, item }) => `${group} ${item}`)).toEqual([
    'prompts greet',
    'models draft',
    'fallbacks draft',
    'routes draft',
    'prices small',
    'policies data',
    'input hash',
  ]);
  expect(billDifferences(bill, after).find(({ group }) => group === 'routes')).toMatchObject({
    before: [{ route: 'fast', version: 1 }],
    after: [{ route: 'fast', version: 2 }],
  });
});

test('What only one run has is null in the other', () => {
  expect(billDifferences(bill, { ...bill, prompts: [] })).toMatchObject([{ group: 'prompts', item: 'greet', before: [{ version: 1 }], after: null }]);
});

test('Unknown inputs differ', () => {
  const unknown = { ...bill, input: { hash: null } };
  expect(billDifferences(unknown, structuredClone(unknown))).toEqual([{ group: 'input', item: 'hash', before: 'unknown', after: 'unknown' }]);
  expect(billDifferences(bill, unknown)).toEqual([{ group: 'input', item: 'hash', before: 'i1', after: 'unknown' }]);
});
