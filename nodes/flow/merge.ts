import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const params = z.object({
  mode: field(z.enum(['all', 'first']).default('all'), {
    label: 'Go on',
    control: 'segmented',
    choices: { all: 'When all are in', first: 'With the first' },
    help: 'Ways that were not taken are not waited for.',
  }),
});

const help = `Joins several ways into one.

- **When all are in**: waits for every way that is still being taken. The output is an object by the key of the step each came from: \`steps.<key>.summary.text\`.
- **With the first**: goes on with the first to arrive. The output is \`{from, value}\`: the key of the step it came from, and what that step put out. The slower ones run to their end, but change nothing.

Every other step with several ways in waits for all of them too; use Merge to gather their values in one place, or to take the fastest.`;

export const merge = defineNode({
  type: 'merge',
  version: 1,
  title: 'Merge',
  icon: 'IconArrowMerge',
  category: 'flow',
  summary: 'Wait for several ways',
  help,
  params,
  defaults: {},
  example: { mode: 'all' },
  line: ({ mode }) => (mode === 'all' ? 'waits for **all** ways' : 'goes on with the **first**'),
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
