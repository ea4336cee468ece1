import { AppError } from '@switchyard/shared/errors.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { defineNode, done, type NodeResult, type Resolution, waitFor } from '../sdk/define-node.ts';
import { distinctPorts, portIssues } from '../sdk/port-id.ts';
import { whoSees } from './authority.ts';
import { readDecision } from './decision.ts';
import { outputOf, type ReviewParams, reassigned, reviewParams, taskOf } from './review-task.ts';

const help = `Pauses the run until a person decides. A waiting run uses no memory, whether for minutes or weeks. A webhook that is waiting for the output returns 202 and a status URL.

Each **decision** has its own branch. *Editable fields* start from a draft, and the reviewer’s changes are kept. Later nodes read \`steps.<key>.decision\`, \`.values.<name>\`, \`.comment\`, \`.reasons\`, \`.reviewer\`, and \`.changes\` (for each changed field: field, kind, before, after).

If the **due time** passes without a decision, the step fails (or takes its error branch), a decision is made automatically, or the review is reassigned with no due time.

Under **Authority**, evidence decides how many reviews a person sees. A review that needs no person takes the first decision with the draft as it is, and has \`.unreviewed\`.

To **send back**, connect that branch to the node to run again. There, \`{{ previous.?<key>.?comment.orValue("") }}\` is the reviewer’s comment. The next round opens a new review.`;

function checkFields({ fields }: ReviewParams): ParamIssue[] {
  return fields.flatMap(({ name, kind, choices }, index) => [
    ...(name.trim() === '' ? [{ path: ['fields', index, 'name'], message: 'Name this field' }] : []),
    ...(fields.findIndex((other) => other.name === name) < index
      ? [{ path: ['fields', index, 'name'], message: `Another field is also named “${name}”` }]
      : []),
    ...(kind === 'choice' && choices.length === 0 ? [{ path: ['fields', index, 'choices'], message: `Add options to “${name}”` }] : []),
  ]);
}

function checkAuthority({ authority, fields }: ReviewParams): ParamIssue[] {
  if (!authority) return [];
  const isMissing = authority.mode === 'exceptions' && authority.exceptions.trim() === '';
  return [
    ...(isMissing ? [{ path: ['authority', 'exceptions'], message: 'Enter when a person is needed' }] : []),
    ...authority.matters.flatMap((name, index) =>
      fields.some((one) => one.name === name) ? [] : [{ path: ['authority', 'matters', index], message: `“${name}” is not an editable field` }],
    ),
  ];
}

const asPorts = (decisions: ReviewParams['decisions']) => decisions.map(({ id, title }) => ({ id, name: title }));
/** Lowercase for the card: “send back”. Words in capitals stay. */
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
  if (wait.kind !== 'review') throw new AppError('internal', `A review was resumed by a wait of kind ${wait.kind}`);
  if (by === 'timer' && wait.task.whenDue?.action === 'assign') {
    return waitFor({ kind: 'review', task: reassigned(wait.task, wait.task.whenDue.assignee), continues: wait.reviewId });
  }
  if (by === 'timer' && params.whenDue !== 'decide') {
    throw new AppError('timeout', `Nobody decided “${wait.task.title}”${wait.dueAt ? ` by ${wait.dueAt}` : ' in time'}.`);
  }
  const read =
    by === 'timer'
      ? readDecision(wait.task, { decision: params.dueDecision, comment: 'Decided automatically: overdue.' }, { draft: 'as-it-is' })
      : readDecision(wait.task, resolution.value);
  if (read.ok) return done(read.value, { port: read.value.decision });
  const said = read.errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AppError('bad-request', `Invalid decision for “${wait.task.title}”: ${said}.`, { fields: read.errors });
}

export const humanReview = defineNode({
  type: 'human-review',
  version: 1,
  title: 'Human review',
  icon: 'IconUserCheck',
  category: 'people',
  summary: 'Have a person edit, approve, or reject',
  keywords: ['approval', 'approve', 'human', 'person', 'inbox', 'form', 'task', 'manual', 'confirm', 'edit', 'email', 'feedback', 'hitl'],
  help,
  params: reviewParams,
  defaults: { title: 'Please review' },
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
    outputs: distinctPorts(asPorts(decisions)).map(({ id, label }) => ({ id, label: small(label) || id, mustConnect: true })),
  }),
  output: outputOf,
  portOf: ({ decisions }, output) => decisions.find(({ id }) => isPlainObject(output) && output.decision === id)?.id,
  check: (params) => [
    ...(params.title.trim() === '' ? [{ path: ['title'], message: 'Add a title' }] : []),
    ...params.decisions.flatMap(({ id }, index) => (id.trim() === '' ? [{ path: ['decisions', index, 'id'], message: 'Give this decision an ID' }] : [])),
    ...portIssues(['decisions'], asPorts(params.decisions), [], 'decision').map((issue) => ({
      ...issue,
      path: issue.path.map((part) => (part === 'name' ? 'title' : part)),
    })),
    ...checkFields(params),
    ...checkAuthority(params),
    ...(params.whenDue === 'decide' && !params.decisions.some(({ id }) => id === params.dueDecision)
      ? [
          {
            path: ['dueDecision'],
            message: `“${params.dueDecision}” is not one of the decisions`,
            suggestion: `Choose one of ${params.decisions.map(({ id }) => id).join(', ')}`,
          },
        ]
      : []),
    ...(params.whenDue === 'assign' && params.dueAssignee.trim() === '' ? [{ path: ['dueAssignee'], message: 'Choose who to reassign to' }] : []),
  ],
  async run({ params, context }) {
    const { dueInMinutes, decisions } = params;
    const seen = await whoSees(params, context);
    const task = taskOf(params);
    const proposed = decisions[0]?.id;
    // A draft that lacks a required field needs a person.
    const unseen = seen?.person === false ? readDecision(task, { decision: proposed }) : undefined;
    if (unseen?.ok) return done({ ...unseen.value, unreviewed: true }, { port: unseen.value.decision });
    const due = dueInMinutes === undefined ? {} : { dueAt: new Date(context.now().getTime() + dueInMinutes * 60_000).toISOString() };
    return waitFor({ kind: 'review', task: { ...task, ...(seen?.person && seen.drawn && { drawn: seen.drawn }) }, ...due });
  },
  resume: ({ params, resolution }) => decide(resolution, params),
});
