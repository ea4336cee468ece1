import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const OUTPUTS = ['out', 'out_2', 'out_3', 'out_4'];

const params = z.object({
  app: field(z.string().default(''), { label: 'Imported from', control: 'text' }),
  why: field(z.string().default(''), { label: 'What to do', control: 'long-text' }),
  output: field(z.unknown().optional(), {
    label: 'Output until it is replaced',
    control: 'json',
    expression: 'tree',
    placeholder: '{"id": 1}',
    help: 'With an output, the workflow can run. Without one, it can’t be published.',
  }),
  original: field(z.unknown().optional(), { label: 'Original settings', control: 'json', advanced: true }),
});
type Params = z.output<typeof params>;

const help = `Keeps a node of another tool that has no counterpart here, with its original settings under *Advanced*. A workflow with a placeholder can’t be published.

Replace it with another node: add that node, connect it the same way, give it the key of the placeholder, and delete the placeholder. Expressions that read \`steps.<key>\` then read the new node.

To try the rest of the workflow before that, enter an **output**: the placeholder then returns it.`;

const typeOf = ({ original }: Params): string => (isPlainObject(original) && typeof original.type === 'string' ? original.type : '');
const ANY_JSON: JsonSchema = { type: ['object', 'array', 'string', 'number', 'boolean', 'null'] };

export const placeholder = defineNode({
  type: 'placeholder',
  version: 1,
  title: 'Placeholder',
  icon: 'IconPuzzle',
  category: 'flow',
  summary: 'Keep the place of a node to be added',
  keywords: ['import', 'n8n', 'missing', 'todo', 'stub', 'unsupported'],
  help,
  params,
  defaults: {},
  example: { app: 'n8n', why: 'No node here does this.', output: { id: '{{ input.orderId }}' }, original: { type: 'n8n-nodes-base.ftp' } },
  line: (given) => typeOf(given).split('.').at(-1)?.trim().replaceAll('\n', ' ') || 'to be replaced',
  ports: () => ({ inputs: [{ id: 'in' }], outputs: OUTPUTS.map((id, index) => ({ id, label: `output ${index + 1}` })) }),
  output: () => ANY_JSON,
  portOf: () => 'out',
  check: ({ output, why }) =>
    output === undefined
      ? [
          {
            path: ['output'],
            message: `It has no counterpart here. ${why}`.trim(),
            suggestion: 'Replace it with another node, or enter an output to try the rest.',
          },
        ]
      : [],
  compute({ params: { output } }) {
    if (output === undefined) throw new AppError('node-failed', 'This is only a placeholder. Replace it with another node.');
    return done(output, { port: 'out' });
  },
});
