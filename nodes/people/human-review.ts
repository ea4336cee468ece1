import { AppError } from '@switchyard/shared/errors.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { ReviewField, ReviewTask } from '@switchyard/shared/run/events.ts';
import { z } from 'zod';
import { asNumber, asText } from '../sdk/as-value.ts';
import { defineNode, done, type NodeResult, type Resolution, waitFor } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { pairs } from '../sdk/pairs.ts';
import { distinctPorts, portIssues } from '../sdk/port-id.ts';
import { readDecision } from './decision.ts';

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

const params = z.object({
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
type Params = z.output<typeof params>;

const help = `Waits for a person. The run stops here without using memory, for minutes or for weeks, until somebody decides; a webhook that waits for the answer gets 202 and a status URL.

Each **decision** is a way out. *What may be edited* is filled with a draft; what the person changed is kept. Later steps read \`steps.<key>.decision\`, \`.values.<name>\`, \`.comment\`, \`.reasons\`, \`.reviewer\` and \`.changes\` (field, before, after).

To **send back**, draw a wire from that way out to the step to be done again. There, \`{{ previous.?<key>.?comment.orValue("") }}\` is what the person wrote; the next round opens a new task.`;

const readField = ({ name, label, kind, value, required, choices }: Params['fields'][number]): ReviewField => ({
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

const taskOf = (params: Params): ReviewTask => ({
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

function outputOf({ fields, decisions }: Params): JsonSchema {
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
    changes: { type: 'array', items: { type: 'object', properties: { field: { type: 'string' }, before: {}, after: {} } } },
  };
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function checkFields({ fields }: Params): ParamIssue[] {
  return fields.flatMap(({ name, kind, choices }, index) => [
    ...(name.trim() === '' ? [{ path: ['fields', index, 'name'], message: 'Name this field' }] : []),
    ...(fields.findIndex((other) => other.name === name) < index
      ? [{ path: ['fields', index, 'name'], message: `There are two fields of the name ‘${name}’` }]
      : []),
    ...(kind === 'choice' && choices.length === 0 ? [{ path: ['fields', index, 'choices'], message: `Give ‘${name}’ its choices` }] : []),
  ]);
}

const asPorts = (decisions: Params['decisions']) => decisions.map(({ id, title }) => ({ id, name: title }));
/** On the card, words are small: “send back”; a word in capitals stays. */
const small = (title: string): string => (/^\p{Lu}\p{Lu}/u.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1));

function line({ assignee, dueInMinutes, fields }: Params): string {
  const due =
    dueInMinutes === undefined
      ? ''
      : dueInMinutes % 1_440 === 0
        ? `due in ${dueInMinutes / 1_440} d`
        : dueInMinutes % 60 === 0
          ? `due in ${dueInMinutes / 60} h`
          : `due in ${dueInMinutes} min`;
  const edits = fields.length === 0 ? '' : `edits ${fields.map(({ label, name }) => label || name).join(', ')}`;
  return [assignee, due || edits].filter(Boolean).join(' · ') || 'waits for a decision';
}

function decide(resolution: Resolution, params: Params): NodeResult {
  const { wait, by } = resolution;
  if (wait.kind !== 'review') throw new AppError('internal', `A review was woken by a wait of the kind ${wait.kind}`);
  if (by === 'timer' && params.whenDue === 'error') {
    throw new AppError('timeout', `Nobody decided ‘${wait.task.title}’ in time${wait.dueAt ? ` (it was due at ${wait.dueAt})` : ''}.`);
  }
  const sent = by === 'timer' ? { decision: params.dueDecision, comment: 'Nobody decided in time.' } : resolution.value;
  const read = readDecision(wait.task, sent);
  if (read.ok) return done(read.value, { port: read.value.decision });
  const said = read.errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AppError('bad-request', `The decision on ‘${wait.task.title}’ cannot be used: ${said}.`, { fields: read.errors });
}

export const humanReview = defineNode({
  type: 'human-review',
  version: 1,
  title: 'Human review',
  icon: 'IconUserCheck',
  category: 'people',
  summary: 'A person edits, approves or rejects',
  help,
  params,
  defaults: { title: 'Please check this' },
  example: {
    title: 'Reply to {{ input.customer.name }}',
    assignee: 'Support',
    context: [{ name: 'Message', value: '{{ input.message }}' }],
    fields: [{ name: 'reply', label: 'Reply', kind: 'long-text', value: '{{ steps.draft.text }}', required: true }],
    dueInMinutes: 240,
  },
  line,
  ports: ({ decisions }) => ({
    inputs: [{ id: 'in' }],
    outputs: distinctPorts(asPorts(decisions)).map(({ id, label }) => ({ id, label: small(label) || id, mustWire: true })),
  }),
  output: outputOf,
  check: (params) => [
    ...(params.title.trim() === '' ? [{ path: ['title'], message: 'Give the task a title' }] : []),
    ...params.decisions.flatMap(({ id }, index) => (id.trim() === '' ? [{ path: ['decisions', index, 'id'], message: 'Give this decision an id' }] : [])),
    ...portIssues(['decisions'], asPorts(params.decisions), [], 'decision').map((issue) => ({
      ...issue,
      path: issue.path.map((part) => (part === 'name' ? 'title' : part)),
    })),
    ...checkFields(params),
    ...(params.whenDue === 'decide' && !params.decisions.some(({ id }) => id === params.dueDecision)
      ? [
          {
            path: ['dueDecision'],
            message: `‘${params.dueDecision}’ is none of the decisions`,
            suggestion: `Choose one of ${params.decisions.map(({ id }) => id).join(', ')}`,
          },
        ]
      : []),
  ],
  run({ params, context }) {
    const { dueInMinutes } = params;
    const due = dueInMinutes === undefined ? {} : { dueAt: new Date(context.now().getTime() + dueInMinutes * 60_000).toISOString() };
    return waitFor({ kind: 'review', task: taskOf(params), ...due });
  },
  resume: ({ params, resolution }) => decide(resolution, params),
});
