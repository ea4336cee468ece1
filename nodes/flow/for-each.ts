import { AppError } from '@switchyard/shared/errors.ts';
import { ON_ITEM_ERROR } from '@switchyard/shared/run/events.ts';
import { z } from 'zod';
import { defineNode, each } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

/** How many items a list may have. */
export const MOST_ITEMS = 100_000;
/** How many items may run at once. */
const MOST_AT_ONCE = 100;
/** How many items a batch may have. */
const MOST_PER_BATCH = 10_000;

const params = z.object({
  items: field(z.string().min(1), {
    label: 'List',
    control: 'text',
    expression: 'template',
    placeholder: '{{ input.articles }}',
    help: 'The nodes inside run once for each item, as `item` and `index`.',
  }),
  batchSize: field(z.number().int().min(1).max(MOST_PER_BATCH).default(1), {
    label: 'Items per batch',
    control: 'number',
    row: 'limits',
    help: 'With more than 1, the nodes inside run once per batch, and `item` is a list.',
  }),
  concurrency: field(z.number().int().min(1).max(MOST_AT_ONCE).default(4), { label: 'Items at once', control: 'number', row: 'limits' }),
  onItemError: field(z.enum(ON_ITEM_ERROR).default('collect'), {
    label: 'If an item fails',
    control: 'segmented',
    choices: { collect: 'List it', stop: 'Stop' },
    help: '*List it* adds the item to `failed` and continues. *Stop* cancels the other items, and this node fails.',
  }),
  result: field(z.string().default(''), {
    label: 'Result of an item',
    control: 'text',
    expression: 'template',
    inside: true,
    placeholder: '{{ steps.summary.text }}',
    help: 'Left empty, the output of the last node inside.',
  }),
  join: field(z.boolean().default(false), {
    label: 'Join results that are lists',
    control: 'switch',
    help: 'Puts the entries of all results into one list, without those that failed.',
  }),
});

const help = `Runs the nodes inside it once for each item of a list. Drag nodes into it. Those without an incoming edge start first.

Inside, expressions can use \`item\`, \`index\` (from 0), the nodes inside, and everything that comes before the For-each. Outside, only its output can be used:

- \`steps.<key>.items\`: the result of each item, in the order of the list. Null if it failed.
- \`steps.<key>.failed\`: the items that failed, as \`{index, error}\`.
- \`steps.<key>.count\` and \`steps.<key>.succeeded\`: how many items there were, and how many succeeded.

With **Items per batch** above 1, the nodes inside run once per batch: \`item\` is a list of up to that many items, \`index\` counts the batches, and so do \`count\` and \`failed\`. If each batch gives a list, **Join results that are lists** makes one list of them.

Items start in order. A review or delay inside gives its place to the next item, so one slow reviewer doesn’t hold up the others. A finished item never runs again, even after a crash. To repeat only the failed ones, use **Retry failed items** on the run.`;

const result = { type: 'object', properties: { index: { type: 'integer' }, error: { type: 'object' } }, required: ['index', 'error'] };

export const forEach = defineNode({
  type: 'for-each',
  version: 1,
  title: 'For-each',
  icon: 'IconRepeat',
  category: 'flow',
  summary: 'Run nodes once per item of a list',
  keywords: ['loop', 'list', 'items', 'iterate', 'repeat', 'batch', 'array', 'split'],
  help,
  role: 'container',
  params,
  defaults: { items: '{{ input.items }}' },
  example: { items: '{{ [1, 2, 3] }}', concurrency: 4, onItemError: 'collect', result: '{{ item }}' },
  line: ({ items, batchSize, concurrency }) => `${batchSize > 1 ? `batches of **${batchSize}** from` : 'each of'} **${items}**, ${concurrency} at once`,
  output: () => ({
    type: 'object',
    properties: { items: { type: 'array' }, failed: { type: 'array', items: result }, count: { type: 'integer' }, succeeded: { type: 'integer' } },
    required: ['items', 'failed', 'count', 'succeeded'],
    additionalProperties: false,
  }),
  itemResult: (given) => given.result.trim(),
  joinsResults: ({ join }) => join,
  check: ({ items }) =>
    items.includes('{{') ? [] : [{ path: ['items'], message: 'Enter an expression in {{ }} that gives a list.', suggestion: 'For example, {{ input.items }}' }],
  compute({ params: { items: filled, batchSize, concurrency, onItemError } }) {
    const items: unknown = filled;
    if (!Array.isArray(items)) throw new AppError('not-a-list', `The list is ${typeNameOf(items)}. A For-each needs a list.`);
    if (items.length > MOST_ITEMS) throw new AppError('too-large', `The list has ${items.length} items. A For-each runs at most ${MOST_ITEMS}.`);
    return each(batchSize > 1 ? batchesOf(items, batchSize) : items, { concurrency, onItemError });
  },
});

const batchesOf = (items: readonly unknown[], size: number): unknown[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, batch) => items.slice(batch * size, (batch + 1) * size));

const typeNameOf = (value: unknown): string => {
  if (value === null) return 'null';
  return typeof value === 'string' ? 'text' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};
