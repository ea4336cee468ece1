import { expect, test } from 'vitest';
import { partsOfNode, topValues, visibleValues } from './value-tree.ts';

const scope = {
  type: 'object',
  properties: {
    input: { type: 'object', properties: { message: { type: 'string' } } },
    steps: {
      type: 'object',
      properties: { orders: { type: 'object', properties: { list: { type: 'array', items: { type: 'object' } } } }, later: { type: 'string' } },
    },
  },
};
const data = { input: { message: 'Refund, please', 'order no': 7 }, steps: { orders: { list: [{ total: 129 }, { total: 5 }] }, after: 'this node' } };
const top = topValues(scope, data, (key) => (key === 'orders' ? 'Look up orders' : undefined));

test('values are listed by node, with their values in the run or their types', () => {
  expect(top.map(({ expression, title, detail, isKnown }) => ({ expression, title, detail, isKnown }))).toEqual([
    { expression: 'input', title: undefined, detail: '{ message, order no }', isKnown: true },
    { expression: 'steps.orders', title: 'Look up orders', detail: '{ list }', isKnown: true },
    { expression: 'steps.later', title: undefined, detail: 'text', isKnown: false },
  ]);
});

test('parts are named as expressions read them', () => {
  const [input, orders] = top;
  if (!input || !orders) throw new Error('missing');
  expect(partsOfNode(input).map(({ expression }) => expression)).toEqual(['input.message', 'input["order no"]']);
  const open = new Set(['steps.orders', 'steps.orders.list', 'steps.orders.list[0]']);
  expect(visibleValues(top, open, '').map(({ expression, level }) => [expression, level])).toEqual([
    ['input', 0],
    ['steps.orders', 0],
    ['steps.orders.list', 1],
    ['steps.orders.list[0]', 2],
    ['steps.orders.list[0].total', 3],
    ['steps.orders.list[1]', 2],
    ['steps.later', 0],
  ]);
});

test('a search finds names and values at any depth', () => {
  expect(visibleValues(top, new Set(), '129').map(({ expression }) => expression)).toEqual(['steps.orders.list[0].total']);
  expect(visibleValues(top, new Set(), 'refund').map(({ expression }) => expression)).toEqual(['input.message']);
});
