import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject, jsonSchema } from '@switchyard/shared/json.ts';
import { schemaIssues } from '@switchyard/shared/json-schema/schema-issues.ts';
import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { admit } from './admit.ts';

const sample = z.object({ name: field(z.string(), { label: 'Name' }), value: field(z.unknown(), { label: 'Value', control: 'json' }) });
const flag = (label: string, help: string) => field(z.boolean().default(true), { label, help, control: 'switch', advanced: true });

export const inputParams = z.object({
  schema: field(jsonSchema, { label: 'Fields', control: 'schema', help: 'What a call must bring. Each wrong field is named in the 400 reply.' }),
  samples: field(z.array(sample).max(50).default([]), { label: 'Sample inputs', control: 'samples', help: 'To run with from the canvas.' }),
  unknownFields: field(z.enum(['keep', 'refuse']).default('keep'), {
    label: 'Other fields',
    control: 'segmented',
    choices: { keep: 'Keep', refuse: 'Refuse' },
  }),
  coerce: flag('Fit the types', 'A number or true/false in quotes becomes one, a single value a list, where the fields say so.'),
  trim: flag('Trim text', 'Spaces at both ends of text fields go.'),
  dates: flag('Dates to UTC', 'ISO 8601 dates and times of date fields are written in UTC.'),
  lowerCase: flag('Lower case', 'E-mail addresses and language tags are written in lower case.'),
});
export type InputParams = z.output<typeof inputParams>;

const help = `Where a run begins. It checks and evens out what comes in, whether by webhook, from the canvas or over the API; a call that does not fit is refused with the path of each wrong field, and no run is made.

Later steps read it as \`input\`: \`input.message\`, \`input.customer.tier\`. A field that may be missing is written \`input.?customer.?tier.orValue("free")\`. The call as it came is \`trigger.body\`, \`trigger.headers\`, \`trigger.query\`.

The **fields** are a JSON Schema: build them by hand, paste one, or take them from a captured call under *Webhook*. Defaults of the schema are filled in.

Before the check, unless switched off under *More*: spaces at both ends of texts go; \`"42"\` and \`"true"\` become a number and true where the fields say so, and a single value a list; dates and times (\`format: date\`, \`date-time\`) are written in UTC, ISO 8601, one without a zone taken as UTC; e-mail addresses (\`format: email\`) and language tags (\`format: language\`, or fields called \`language\`, \`lang\`, \`locale\`) are written in lower case. **Other fields** are kept, or refused with their path.

**Sample inputs** are for *Run* on the canvas: keep an incomplete, a risky and a contradictory one too.`;

const fieldNames = ({ schema }: InputParams): string[] => (isPlainObject(schema.properties) ? Object.keys(schema.properties) : []);

export const input = defineNode({
  type: 'input',
  version: 1,
  title: 'Input',
  icon: 'IconLogin2',
  category: 'flow',
  summary: 'What a run starts with',
  help,
  role: 'start',
  params: inputParams,
  defaults: {
    schema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
    samples: [{ name: 'Hello', value: { message: 'Hello, can you help me?' } }],
  },
  example: {
    schema: {
      type: 'object',
      properties: { message: { type: 'string', minLength: 1 }, orderId: { type: 'string' }, customer: { type: 'object' } },
      required: ['message'],
    },
    samples: [{ name: 'Short', value: { message: 'Hi' } }],
    unknownFields: 'refuse',
  },
  line: (params) => fieldNames(params).join(', ') || 'takes anything',
  ports: () => ({ inputs: [], outputs: [{ id: 'out' }] }),
  output: ({ schema, unknownFields }) => (unknownFields === 'refuse' && isPlainObject(schema.properties) ? { ...schema, additionalProperties: false } : schema),
  check: ({ schema, samples }) => [
    ...schemaIssues(['schema'], schema),
    ...samples.flatMap(({ name }, index) => (name.trim() === '' ? [{ path: ['samples', index, 'name'], message: 'Name this sample' }] : [])),
  ],
  compute({ params, context }) {
    const admitted = admit(params, context.trigger.body, (schema, value) => context.validate(schema, value));
    if (admitted.ok) return done(admitted.value);
    const said = admitted.errors.slice(0, 5).map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
    throw new AppError('bad-input', `The input does not fit: ${said.join('; ')}.`, { fields: admitted.errors });
  },
});
