import { AppError } from '@switchyard/shared/errors.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { defineNode, done, type NodeResult, type Resolution, waitFor } from '../sdk/define-node.ts';
import { distinctPorts, portIssues } from '../sdk/port-id.ts';
import { readDecision } from './decision.ts';
import { outputOf, type ReviewParams, reassigned, reviewParams, taskOf } from './review-task.ts';

const help = `Waits for a person. The run stops here without using memory, for minutes or for weeks, until somebody decides; a webhook that waits for the answer gets 202 and a status URL.

Each **decision** is a way out. *What may be edited* is filled with a draft; what the person changed is kept. Later steps read \`steps.<key>.decision\`, \`.values.<name>\`, \`.comment\`, \`.reasons\`, \`.reviewer\` and \`.changes\` (of each field that was changed: field, kind, before, after).

A **due time** that passes without a decision fails the step (or takes its error way), decides by itself, or gives the task to somebody else, who then has all the time.

To **send back**, draw a wire from that way out to the step to be done again. There, \`{{ previous.?<key>.?comment.orValue("") }}\` is what the person wrote; the next round opens a new task.`;

function checkFields({ fields }: ReviewParams): ParamIssue[] {
  return fields.flatMap(({ name, kind, choices }, index) => [
    ...(name.trim() === '' ? [{ path: ['fields', index, 'name'], message: 'Name this field' }] : []),
    ...(fields.findIndex((other) => other.name === name) < index
      ? [{ path: ['fields', index, 'name'], message: `There are two fields of the name ‘${name}’` }]
      : []),
    ...(kind === 'choice' && choices.length === 0 ? [{ path: ['fields', index, 'choices'], message: `Give ‘${name}’ its choices` }] : []),
  ]);
}

const asPorts = (decisions: ReviewParams['decisions']) => decisions.map(({ id, title }) => ({ id, name: title }));
/** On the card, words are small: “send back”; a word in capitals stays. */
const small = (title: string): string => (/^\p{Lu}\p{Lu}/u.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1));

function line({ assignee, dueInMinutes, fields }: ReviewParams): string {
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

function decide(resolution: Resolution, params: ReviewParams): NodeResult {
  const { wait, by } = resolution;
  if (wait.kind !== 'review') throw new AppError('internal', `A review was woken by a wait of the kind ${wait.kind}`);
  if (by === 'timer' && wait.task.whenDue?.action === 'assign') {
    return waitFor({ kind: 'review', task: reassigned(wait.task, wait.task.whenDue.assignee), continues: wait.reviewId });
  }
  if (by === 'timer' && params.whenDue !== 'decide') {
    throw new AppError('timeout', `Nobody decided ‘${wait.task.title}’ in time${wait.dueAt ? ` (it was due at ${wait.dueAt})` : ''}.`);
  }
  const read =
    by === 'timer'
      ? readDecision(wait.task, { decision: params.dueDecision, comment: 'Nobody decided in time.' }, { draft: 'as-it-is' })
      : readDecision(wait.task, resolution.value);
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
  params: reviewParams,
  defaults: { title: 'Please check this' },
  example: {
    title: 'Reply to {{ input.customer.name }}',
    assignee: 'Support',
    why: 'A reply of this kind promises something.',
    context: [{ name: 'Message', value: '{{ input.message }}', show: 'quote' }],
    fields: [{ name: 'reply', label: 'Reply', kind: 'long-text', value: '{{ steps.draft.text }}', required: true }],
    dueInMinutes: 240,
  },
  line,
  ports: ({ decisions }) => ({
    inputs: [{ id: 'in' }],
    outputs: distinctPorts(asPorts(decisions)).map(({ id, label }) => ({ id, label: small(label) || id, mustWire: true })),
  }),
  output: outputOf,
  portOf: ({ decisions }, output) => decisions.find(({ id }) => isPlainObject(output) && output.decision === id)?.id,
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
    ...(params.whenDue === 'assign' && params.dueAssignee.trim() === '' ? [{ path: ['dueAssignee'], message: 'Say who gets the task then' }] : []),
  ],
  compute({ params, context }) {
    const { dueInMinutes } = params;
    const due = dueInMinutes === undefined ? {} : { dueAt: new Date(context.now().getTime() + dueInMinutes * 60_000).toISOString() };
    return waitFor({ kind: 'review', task: taskOf(params), ...due });
  },
  resume: ({ params, resolution }) => decide(resolution, params),
});
