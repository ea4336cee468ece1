import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { ReviewContext, ReviewField, ReviewTask, WhenDue } from '@switchyard/shared/run/events.ts';
import { z } from 'zod';
import { asNumber, asText } from '../sdk/as-value.ts';
import { field } from '../sdk/field.ts';
import { requiresFields } from './decision.ts';

/*
 * The parts of a review: the params of the node, the task created from them, and the shape of the decision.
 */

const KINDS = { text: 'Text', 'long-text': 'Long text', number: 'Number', boolean: 'Yes/no', choice: 'Choice', json: 'JSON' } as const;
const kinds = Object.keys(KINDS) as [ReviewField['kind'], ...ReviewField['kind'][]];

const reviewField = z.object({
  name: field(z.string(), { label: 'Name' }),
  label: field(z.string().default(''), { label: 'Label' }),
  kind: field(z.enum(kinds).default('text'), { label: 'Type', control: 'select', choices: KINDS }),
  value: field(z.string().default(''), { label: 'Draft', control: 'long-text', expression: 'template' }),
  required: field(z.boolean().default(false), { label: 'Required', control: 'switch' }),
  choices: field(z.array(z.string()).default([]), { label: 'Options', when: { field: 'kind', is: ['choice'] } }),
  unit: field(z.string().default(''), { label: 'Unit', placeholder: 'EUR', when: { field: 'kind', is: ['number'] } }),
});

const SHOWN = { auto: 'Automatic', fact: 'Single line', quote: 'Quote', text: 'Markdown' } as const;

const shownValue = z.object({
  name: field(z.string(), { label: 'Name' }),
  value: field(z.string(), { label: 'Value', control: 'long-text', expression: 'template' }),
  show: field(z.enum(['auto', 'fact', 'quote', 'text']).default('auto'), { label: 'Show as', control: 'select', choices: SHOWN }),
});

const decision = z.object({
  id: field(z.string(), { label: 'ID', row: 'decision' }),
  title: field(z.string(), { label: 'Button label', row: 'decision' }),
  /** If omitted: true for the first decision, false for the others. */
  requireFields: field(z.boolean().optional(), { label: 'Check required fields', control: 'switch' }),
});

const DECISIONS: z.output<typeof decision>[] = [
  { id: 'approve', title: 'Approve', requireFields: true },
  { id: 'reject', title: 'Reject', requireFields: false },
  { id: 'send_back', title: 'Send back', requireFields: false },
];

/** Which reviews a person sees (S84). */
export const authorityParams = z.object({
  mode: field(z.enum(['all', 'sample', 'exceptions']).default('all'), {
    label: 'Start with',
    control: 'select',
    choices: { all: 'All, until evidence allows less', sample: 'A sample', exceptions: 'Exceptions' },
  }),
  percent: field(z.number().min(1).max(100).default(50), { label: 'Sample', control: 'number', unit: '%', when: { field: 'mode', is: ['sample'] } }),
  exceptions: field(z.string().default(''), {
    label: 'A person is needed if',
    control: 'code',
    expression: 'cel',
    placeholder: 'steps.check.branch == "else"',
    help: 'If this is false, only sampled reviews need a person.',
    when: { field: 'mode', is: ['exceptions'] },
  }),
  target: field(z.number().min(0.1).max(50).default(5), { label: 'Maximum error rate', control: 'number', unit: '%', row: 'rates' }),
  floor: field(z.number().min(1).max(100).default(5), { label: 'Always sampled', control: 'number', unit: '%', row: 'rates' }),
  group: field(z.string().default(''), {
    label: 'Group by',
    expression: 'template',
    placeholder: '{{ steps.classify.label }}',
    help: 'Each value has its own evidence and share. Values are stored, so don’t use personal data.',
  }),
  confidence: field(z.string().default(''), {
    label: 'Confidence of the gate',
    expression: 'template',
    placeholder: '{{ steps.classify.confidence }}',
    help: 'A number from 0 to 1. A threshold for it is proposed from the same reviews.',
  }),
  matters: field(z.array(z.string()).max(50).default([]), {
    label: 'Fields that matter',
    help: 'Changes to other fields are no errors. Empty: all fields matter.',
  }),
  locked: field(z.array(z.string()).max(50).default([]), {
    label: 'Always reviewed',
    help: 'A person sees all reviews of these groups, whatever the evidence.',
  }),
});

export const reviewParams = z.object({
  title: field(z.string(), { label: 'Review title', expression: 'template' }),
  instructions: field(z.string().default(''), { label: 'Instructions', control: 'long-text', expression: 'template' }),
  why: field(z.string().default(''), { label: 'Reason for review', control: 'long-text', expression: 'template' }),
  context: field(z.array(shownValue).max(50).default([]), { label: 'Context', control: 'review-fields' }),
  fields: field(z.array(reviewField).max(50).default([]), { label: 'Editable fields', control: 'review-fields' }),
  decisions: field(z.array(decision).min(1, 'Add a decision').max(20).default(DECISIONS), {
    label: 'Decisions',
    control: 'decisions',
    help: 'Each decision has its own branch. Required fields are checked only for decisions that say so.',
  }),
  assignee: field(z.string().default(''), { label: 'Assignee', expression: 'template', row: 'who', placeholder: 'Support' }),
  dueInMinutes: field(z.number().min(0.001).max(525_600).optional(), { label: 'Due in', control: 'number', unit: 'minutes', row: 'who' }),
  whenDue: field(z.enum(['error', 'decide', 'assign']).default('error'), {
    label: 'When overdue',
    control: 'select',
    advanced: true,
    choices: { error: 'Fail the step', decide: 'Decide automatically', assign: 'Reassign' },
  }),
  dueDecision: field(z.string().default(''), {
    label: 'Automatic decision',
    advanced: true,
    placeholder: 'reject',
    when: { field: 'whenDue', is: ['decide'] },
  }),
  dueAssignee: field(z.string().default(''), {
    label: 'Reassign to',
    advanced: true,
    expression: 'template',
    placeholder: 'Support lead',
    when: { field: 'whenDue', is: ['assign'] },
  }),
  authority: field(authorityParams.optional(), { label: 'Authority', ownTab: true }),
});
export type ReviewParams = z.output<typeof reviewParams>;

const readField = ({ name, label, kind, value, required, choices, unit }: ReviewParams['fields'][number]): ReviewField => ({
  name,
  label: label || name,
  kind,
  value: draftOf(kind, value),
  required,
  ...(kind === 'choice' && { choices }),
  ...(kind === 'number' && unit !== '' && { unit }),
});

const readShown = ({ name, value, show }: ReviewParams['context'][number]): ReviewContext => ({ label: name, value, ...(show !== 'auto' && { show }) });

function whenDueOf({ dueInMinutes, whenDue, dueDecision, dueAssignee }: ReviewParams): WhenDue | undefined {
  if (dueInMinutes === undefined) return undefined;
  if (whenDue === 'decide') return { action: 'decide', decision: dueDecision };
  return whenDue === 'assign' ? { action: 'assign', assignee: asText(dueAssignee) } : { action: 'error' };
}

/** A draft from a template may have any type. It is converted to the type of its field if possible. */
function draftOf(kind: ReviewField['kind'], value: unknown): unknown {
  if (kind === 'number') return asNumber(value) ?? null;
  if (kind === 'boolean') return value === true || value === 'true';
  return kind === 'json' ? (value ?? null) : asText(value);
}

/** The task for the inbox, with its draft. */
export function taskOf(params: ReviewParams): ReviewTask {
  const whenDue = whenDueOf(params);
  return {
    title: asText(params.title),
    ...(asText(params.instructions) !== '' && { instructions: asText(params.instructions) }),
    ...(asText(params.why) !== '' && { why: asText(params.why) }),
    ...(asText(params.assignee) !== '' && { assignee: asText(params.assignee) }),
    ...(whenDue && { whenDue }),
    decisions: params.decisions.map((one) => ({ ...one, requireFields: requiresFields(params, one.id) })),
    fields: params.fields.map(readField),
    context: params.context.map(readShown),
  };
}

/** The task after it was reassigned when overdue; it no longer has a due time. */
export function reassigned({ whenDue: _done, ...task }: ReviewTask, assignee: string): ReviewTask {
  return { ...task, assignee };
}

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
      additionalProperties: false,
    },
    comment: { type: 'string' },
    reasons: { type: 'array', items: { type: 'string' } },
    reviewer: { type: ['string', 'null'] },
    /** Only of a review that needed no person. */
    unreviewed: { type: 'boolean' },
    changes: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, kind: { type: 'string', enum: kinds }, before: {}, after: {} } },
    },
  };
  return { type: 'object', properties, required: Object.keys(properties).filter((name) => name !== 'unreviewed'), additionalProperties: false };
}
