import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const params = z.object({
  mode: field(z.enum(['all', 'first']).default('all'), {
    label: 'Continue',
    control: 'segmented',
    choices: { all: 'When all arrive', first: 'With the first' },
    help: 'Skipped branches aren’t waited for.',
  }),
});

const help = `Joins parallel branches.

- **When all arrive**: waits for every branch that is still active. The output is an object with one entry per incoming node, by key: \`steps.<key>.summary.text\`.
- **With the first**: continues with the first branch to arrive. The output is \`{from, value}\`: the key of the node it came from, and that node’s output. Slower branches run to the end but change nothing.

Any node with several incoming edges waits for all of them. Use Merge to collect their values in one place, or to take the fastest.`;

export const merge = defineNode({
  type: 'merge',
  version: 1,
  title: 'Merge',
  icon: 'IconArrowMerge',
  category: 'flow',
  summary: 'Wait for parallel branches',
  keywords: ['join', 'wait', 'combine', 'sync', 'parallel', 'collect', 'race', 'aggregate'],
  help,
  params,
  defaults: {},
  example: { mode: 'all' },
  line: ({ mode }) => (mode === 'all' ? 'waits for **all** branches' : 'continues with the **first**'),
  output: ({ mode }) =>
    mode === 'all'
      ? { type: 'object' }
      : { type: 'object', properties: { from: { type: 'string' }, value: {} }, required: ['from', 'value'], additionalProperties: false },
  joinsFirst: ({ mode }) => mode === 'first',
  compute({ params, input }) {
    if (params.mode === 'all') return done(Object.fromEntries(input.map(({ key, value }) => [key, value])));
    const [first] = input;
    return done({ from: first?.key ?? '', value: first?.value ?? null });
  },
});
