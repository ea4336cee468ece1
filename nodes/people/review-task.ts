import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { ReviewField, ReviewTask } from '@switchyard/shared/run/events.ts';
import { z } from 'zod';
import { asNumber, asText } from '../sdk/as-value.ts';
import { field } from '../sdk/field.ts';
import { pairs } from '../sdk/pairs.ts';

/*
 * What a review asks of a person: the params of the node, the task made of them, and the shape of what comes back.
 */

const KINDS = { text: 'Text', 'long-text': 'Long text', number: 'Number', boolean: 'Yes or no', choice: 'Choice', json: 'JSON' } as const;
const kinds = Object.keys(KINDS) as [ReviewField['kind'], ...ReviewField['kind'][]];

const reviewField = z.object({
  name: field(z.string(), { label: 'Name' }),
  label: field(z.string().default(''), { label: 'Label' }),
  kind: field(z.enum(kinds).default('text'), { label: 'Kind', control: 'select', choices: KINDS }),
  value: field(z.string().default(''), { label: 'Draft', control: 'long-text', expression: 'template' }),
  required: field(z.boolean().default(false), { label: 'Must be filled in', control: 'switch' }),
  choices: field(z.array(z.string()).default([]), { label: 'Choices', when: { field: 'kind', is: ['choice'] } }),
});

const decision = z.object({ id: field(z.string(), { label: 'Id' }), title: field(z.string(), { label: 'Button' }) });

const DECISIONS: z.output<typeof decision>[] = [
  { id: 'approve', title: 'Approve' },
  { id: 'reject', title: 'Reject' },
  { id: 'send_back', title: 'Send back' },
];

export const reviewParams = z.object({
  title: field(z.string(), { label: 'Title of the task', expression: 'template' }),
  instructions: field(z.string().default(''), { label: 'Instructions', control: 'long-text', expression: 'template' }),
  context: pairs({ label: 'What is shown' }).default([]),
  fields: field(z.array(reviewField).max(50).default([]), { label: 'What may be edited', control: 'review-fields' }),
  decisions: field(z.array(decision).min(1, 'Add a decision').max(20).default(DECISIONS), {
    label: 'Decisions',
    control: 'decisions',
    help: 'Each is a way out.',
  }),
  assignee: field(z.string().default(''), { label: 'For whom', expression: 'template', row: 'who', placeholder: 'Support' }),
  dueInMinutes: field(z.number().min(1).max(525_600).optional(), { label: 'Due in', control: 'number', unit: 'minutes', row: 'who' }),
  whenDue: field(z.enum(['error', 'decide']).default('error'), {
    label: 'When nobody decides in time',
    control: 'segmented',
    advanced: true,
    choices: { error: 'The step fails', decide: 'Decide by itself' },
  }),
  dueDecision: field(z.string().default(''), { label: 'Decision then', advanced: true, placeholder: 'reject', when: { field: 'whenDue', is: ['decide'] } }),
});
export type ReviewParams = z.output<typeof reviewParams>;

const readField = ({ name, label, kind, value, required, choices }: ReviewParams['fields'][number]): ReviewField => ({
  name,
  label: label || name,
  kind,
  value: draftOf(kind, value),
  required,
  ...(kind === 'choice' && { choices }),
});

/** A draft made by a template may be of any type; it is shown in the type of its field, or as it is when it cannot be. */
function draftOf(kind: ReviewField['kind'], value: unknown): unknown {
  if (kind === 'number') return asNumber(value) ?? null;
  if (kind === 'boolean') return value === true || value === 'true';
  return kind === 'json' ? (value ?? null) : asText(value);
}

/** The task for the inbox, with the draft filled in. */
export const taskOf = (params: ReviewParams): ReviewTask => ({
  title: asText(params.title),
  ...(asText(params.instructions) !== '' && { instructions: asText(params.instructions) }),
  ...(asText(params.assignee) !== '' && { assignee: asText(params.assignee) }),
  decisions: params.decisions,
  fields: params.fields.map(readField),
  context: params.context.map(({ name, value }) => ({ label: name, value })),
});

const SCHEMAS: Readonly<Record<ReviewField['kind'], JsonSchema>> = {
  text: { type: 'string' },
  'long-text': { type: 'string' },
  number: { type: ['number', 'null'] },
  boolean: { type: ['boolean', 'null'] },
  choice: { type: 'string' },
  json: {},
};

/** JSON Schema of the decision. */
export function outputOf({ fields, decisions }: ReviewParams): JsonSchema {
  const properties = {
    decision: { type: 'string', enum: [...new Set(decisions.map(({ id }) => id))] },
    values: {
      type: 'object',
      properties: Object.fromEntries(fields.map(({ name, kind }) => [name, SCHEMAS[kind]])),
      required: [...new Set(fields.map(({ name }) => name))],
      // JSON Schema checkers do not see a property called `__proto__`.
      additionalProperties: fields.some(({ name }) => name === '__proto__'),
    },
    comment: { type: 'string' },
    reasons: { type: 'array', items: { type: 'string' } },
    reviewer: { type: ['string', 'null'] },
    changes: { type: 'array', items: { type: 'object', properties: { field: { type: 'string' }, before: {}, after: {} } } },
  };
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
