import { AppError } from '@switchyard/shared/errors.ts';
import { withFileFields } from '@switchyard/shared/files/file-schema.ts';
import { SAMPLE_ENDS } from '@switchyard/shared/graph/samples.ts';
import { isPlainObject, jsonSchema } from '@switchyard/shared/json.ts';
import { schemaIssues } from '@switchyard/shared/json-schema/schema-issues.ts';
import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { admit } from './admit.ts';

const sample = z.object({
  name: field(z.string(), { label: 'Name' }),
  value: field(z.unknown(), { label: 'Value', control: 'json' }),
  expect: field(z.unknown().optional(), { label: 'Expected output', control: 'json' }),
  ends: field(z.enum(SAMPLE_ENDS).optional(), {
    label: 'Expected end',
    control: 'select',
    choices: { succeeded: 'Succeeds', failed: 'Fails', rejected: 'Is rejected' },
  }),
  decisions: field(z.record(z.string(), z.unknown()).optional(), { label: 'Decisions of reviews', control: 'json' }),
});
const flag = (label: string, help: string) => field(z.boolean().default(true), { label, help, control: 'switch', advanced: true });

export const inputParams = z.object({
  schema: field(jsonSchema, { label: 'Fields', control: 'schema', help: 'What a request must contain. A 400 response names each invalid field.' }),
  samples: field(z.array(sample).max(50).default([]), { label: 'Sample inputs', control: 'samples', help: 'Use these to run the workflow from the canvas.' }),
  unknownFields: field(z.enum(['keep', 'refuse']).default('keep'), {
    label: 'Unknown fields',
    control: 'segmented',
    choices: { keep: 'Keep', refuse: 'Reject' },
  }),
  coerce: flag('Convert types', 'Converts “42” to a number, “true” to a boolean, and a single value to a list where the field expects it.'),
  trim: flag('Trim whitespace', 'Removes spaces at the start and end of text fields.'),
  dates: flag('Convert dates to UTC', 'Writes ISO 8601 dates and times of date fields in UTC.'),
  lowerCase: flag('Lowercase emails and languages', 'Lowercases email addresses and language tags.'),
});
export type InputParams = z.output<typeof inputParams>;

const help = `Where a run starts. Normalizes and validates the input, whether it comes from a webhook, the canvas, or the API. An invalid request is rejected with the path of each invalid field, and no run starts.

Later nodes read it as \`input\`: \`input.message\`, \`input.customer.tier\`. For a field that may be missing, write \`input.?customer.?tier.orValue("free")\`. The original request is in \`trigger.body\`, \`trigger.headers\`, and \`trigger.query\`.

**Fields** are a JSON Schema. Build it in the form, paste one, or infer it from a captured request under *Webhook*. Schema defaults are applied.

These run before validation, unless you turn them off under *Advanced*:

- **Trim whitespace** at the start and end of text.
- **Convert types**: \`"42"\` and \`"true"\` become a number and a boolean, and a single value becomes a list, where the field expects it.
- **Convert dates to UTC**: fields with \`format: date\` or \`date-time\` are written in ISO 8601. A time without a zone counts as UTC.
- **Lowercase** email addresses (\`format: email\`) and language tags (\`format: language\`, or fields named \`language\`, \`lang\`, or \`locale\`).

**Files** come from webhooks, forms, and the API, and are chosen beside the sample under *Run*. Later nodes read \`input.invoice.name\`, \`.type\`, and \`.bytes\`, and pass on the file as \`{{ input.invoice }}\`.

**Unknown fields** are kept, or rejected with their path.

Use **sample inputs** with *Run* on the canvas. Keep an incomplete, a risky, and a contradictory one as well. A sample can have an **expected output** and decisions of reviews, which \`switchyard test\` uses.`;

const fieldNames = ({ schema }: InputParams): string[] => (isPlainObject(schema.properties) ? Object.keys(schema.properties) : []);

export const input = defineNode({
  type: 'input',
  version: 1,
  title: 'Input',
  icon: 'IconLogin2',
  category: 'flow',
  summary: 'Define and validate the run’s input',
  keywords: ['webhook', 'trigger', 'start', 'request', 'begin', 'schema', 'event', 'payload'],
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
  line: (params) => fieldNames(params).join(', ') || 'accepts anything',
  ports: () => ({ inputs: [], outputs: [{ id: 'out' }] }),
  output: ({ schema: given, unknownFields }) => {
    const schema = withFileFields(given);
    return unknownFields === 'refuse' && isPlainObject(schema.properties) ? { ...schema, additionalProperties: false } : schema;
  },
  check: ({ schema, samples }) => [
    ...schemaIssues(['schema'], schema),
    ...samples.flatMap(({ name }, index) => (name.trim() === '' ? [{ path: ['samples', index, 'name'], message: 'Name this sample' }] : [])),
  ],
  compute({ params, context }) {
    // The schema was checked on the real values.
    const admission = context.hasPolicy ? { ...params, unknownFields: 'keep' as const } : params;
    const admitted = admit(admission, context.trigger.body, (schema, value) => (context.hasPolicy ? [] : context.validate(schema, value)));
    if (admitted.ok) return done(admitted.value);
    const said = admitted.errors.slice(0, 5).map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
    throw new AppError('bad-input', `Invalid input: ${said.join('; ')}.`, { fields: admitted.errors });
  },
});
