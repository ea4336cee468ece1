import { defineNode, done, each, type NodeDefinition, waitFor } from '@switchyard/nodes/sdk/define-node.ts';
import { field } from '@switchyard/nodes/sdk/field.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { CALLBACK_TYPE } from '@switchyard/shared/graph/graph.ts';
import type { ChildOutcome } from '@switchyard/shared/run/events.ts';
import { z } from 'zod';

/* Nodes whose outcome follows only from their params and round, so a plain model can predict it. */

const about = { version: 1, icon: 'IconNote', category: 'flow', summary: 'of the simulation', help: 'Of the simulation.' } as const;
const none = z.object({});
type AnyDefinition = NodeDefinition;

const start = defineNode({
  ...about,
  type: 'start',
  title: 'Start',
  role: 'start',
  params: none,
  defaults: {},
  example: {},
  line: () => 'starts',
  compute: ({ context }) => done(context.trigger.body),
});

/** Returns its round, and its input. */
const pure = defineNode({
  ...about,
  type: 'pure',
  title: 'Pure',
  params: none,
  defaults: {},
  example: {},
  line: () => 'passes on',
  compute: ({ input, context }) => done({ round: context.round, from: input.map((arrival) => arrival.key).sort() }),
});

/** Returns the size of its input. */
const measure = defineNode({
  ...about,
  type: 'measure',
  title: 'Measure',
  params: none,
  defaults: {},
  example: {},
  line: () => 'measures',
  compute: ({ input }) => done({ seen: JSON.stringify(input[0]?.value).length }),
});

/** Calls the outside; `effect` is its retry safety. */
const call = defineNode({
  ...about,
  type: 'call',
  title: 'Call',
  params: z.object({ effect: z.enum(['idempotent', 'keyed', 'unsafe']), calls: z.number().int() }),
  defaults: { effect: 'keyed', calls: 1 },
  example: { effect: 'keyed', calls: 1 },
  line: () => 'calls',
  effect: (params) => params.effect,
  run: async ({ params, context }) => {
    const answers: string[] = [];
    for (let number = 0; number < params.calls; number++) {
      const answer = await context.http({ method: 'POST', url: `http://outside/${number}`, headers: {}, maxBytes: 1000 });
      answers.push(answer.text);
    }
    return done({ answers });
  },
});

/** Takes the branch that its params name for this round, or the last one in later rounds. `by` is added to the round. */
const branch = defineNode({
  ...about,
  type: 'branch',
  title: 'Branch',
  params: z.object({
    ports: z.array(z.string()),
    choices: z.array(z.string()),
    by: field(z.string().default(''), { label: 'By', control: 'code', expression: 'cel' }),
  }),
  defaults: { ports: ['a', 'b'], choices: ['a'] },
  example: { ports: ['a', 'b'], choices: ['a'], by: '' },
  line: () => 'chooses',
  ports: (params) => ({ inputs: [{ id: 'in' }], outputs: params.ports.map((id) => ({ id })) }),
  compute: ({ params: { choices, by }, context }) => {
    const turn = context.round + (by === '' ? 0 : Number(context.evaluate(by)));
    return done({ chosen: context.round }, { port: choices[Math.min(turn, choices.length) - 1] ?? 'a' });
  },
});

/** Fails in one of `every` items, the first included. */
const fault = defineNode({
  ...about,
  type: 'fault',
  title: 'Fault',
  params: z.object({ every: z.number().int(), index: field(z.string().default('index'), { label: 'Index', control: 'code', expression: 'cel' }) }),
  defaults: { every: 2 },
  example: { every: 2, index: 'index' },
  line: () => 'fails',
  compute: ({ params, context }) => {
    const index = Number(context.evaluate(params.index));
    if (index % params.every === 0) throw new AppError('node-failed', 'As told.');
    return done({ passed: index });
  },
});

/** Returns a text. A long one makes its input large. */
const text = defineNode({
  ...about,
  type: 'text',
  title: 'Text',
  params: z.object({ text: field(z.string(), { label: 'Text', control: 'text', expression: 'template' }) }),
  defaults: { text: '' },
  example: { text: '' },
  line: () => 'writes',
  compute: ({ params }) => done({ length: String(params.text).length }),
});

/** Waits a while and keeps nothing in memory. */
const pause = defineNode({
  ...about,
  type: 'pause',
  title: 'Pause',
  params: z.object({ ms: z.number() }),
  defaults: { ms: 100 },
  example: { ms: 100 },
  line: () => 'waits',
  compute: ({ params, context }) => waitFor({ kind: 'timer', dueAt: new Date(context.now().getTime() + params.ms).toISOString() }),
  resume: ({ context }) => done({ waited: context.round }),
});

/** Waits for a callback. */
const callback = defineNode({
  ...about,
  type: CALLBACK_TYPE,
  title: 'Callback',
  params: none,
  defaults: {},
  example: {},
  line: () => 'waits',
  compute: () => waitFor({ kind: 'callback' }),
  resume: ({ resolution }) => done({ got: resolution.value }),
});

/** Runs another workflow and returns its output. */
const child = defineNode({
  ...about,
  type: 'workflow',
  title: 'Child',
  params: z.object({ workflow: z.string() }),
  defaults: { workflow: '' },
  example: { workflow: '' },
  line: () => 'runs a workflow',
  effect: () => 'idempotent',
  run: async ({ params, context }) => {
    const { runId } = await context.startRun({ workflowId: params.workflow, version: 'live', input: { n: 1 }, isWaited: true });
    return waitFor({ kind: 'run', runId });
  },
  resume: ({ resolution }) => {
    const { status, output } = resolution.value as ChildOutcome;
    if (status !== 'succeeded') throw new AppError('child-failed', `The child run ${status}.`);
    return done({ child: output });
  },
});

/** Waits for a person. */
const review = defineNode({
  ...about,
  type: 'review',
  title: 'Review',
  params: none,
  defaults: {},
  example: {},
  line: () => 'asks',
  ports: () => ({ inputs: [{ id: 'in' }], outputs: [{ id: 'approve' }, { id: 'back' }] }),
  compute: () => waitFor({ kind: 'review', task: { title: 'Review', decisions: [{ id: 'approve', title: 'Approve' }], fields: [], context: [] } }),
  resume: ({ resolution }) => done({ decided: resolution.value }, { port: (resolution.value as { decision: string }).decision }),
});

/** Asks one person, and reassigns the same review to another when the due time passes, with the same time. */
const overdue = defineNode({
  ...about,
  type: 'overdue',
  title: 'Overdue',
  params: z.object({ ms: z.number().default(100) }),
  defaults: {},
  example: {},
  line: () => 'asks twice',
  compute: ({ params, context }) => waitFor({ kind: 'review', task: taskFor('first'), dueAt: new Date(context.now().getTime() + params.ms).toISOString() }),
  resume: ({ params, resolution: { wait, by, value }, context }) => {
    if (wait.kind !== 'review' || by !== 'timer') return done({ decided: value, by });
    if (wait.task.assignee === 'second') return done({ decided: null, by });
    return waitFor({ kind: 'review', task: taskFor('second'), continues: wait.reviewId, dueAt: new Date(context.now().getTime() + params.ms).toISOString() });
  },
});
const taskFor = (assignee: string) => ({ title: 'Review', assignee, decisions: [{ id: 'approve', title: 'Approve' }], fields: [], context: [] });

const first = defineNode({
  ...about,
  type: 'first',
  title: 'First',
  params: none,
  defaults: {},
  example: {},
  line: () => 'first of several',
  joinsFirst: () => true,
  compute: ({ input }) => done({ winner: input[0]?.key ?? null }),
});

/** A value so large that it is stored by reference. */
const large = defineNode({
  ...about,
  type: 'large',
  title: 'Large',
  params: none,
  defaults: {},
  example: {},
  line: () => 'much',
  compute: () => done({ text: 'x'.repeat(2000) }),
});

const end = defineNode({
  ...about,
  type: 'end',
  title: 'End',
  role: 'end',
  params: z.object({ outcome: z.enum(['success', 'failure']) }),
  defaults: { outcome: 'success' },
  example: { outcome: 'success' },
  line: () => 'answers',
  compute: ({ params, input, context }) => {
    const value = { end: context.nodeKey, from: input.map((arrival) => arrival.key).sort() };
    return done(value, { reply: { value, status: 200, headers: {}, outcome: params.outcome } });
  },
});

/** Runs the nodes in it for as many items as its params say. A wide list is stored by reference. */
const forEach = defineNode({
  ...about,
  type: 'each',
  title: 'Each',
  role: 'container',
  params: z.object({
    count: z.number().int(),
    wide: z.boolean().default(false),
    concurrency: z.number().int().default(4),
    onItemError: z.enum(['collect', 'stop']).default('collect'),
  }),
  defaults: { count: 2 },
  example: { count: 2 },
  line: () => 'repeats',
  compute: ({ params: { count, wide, ...limits } }) =>
    each(
      Array.from({ length: count }, (_, n) => ({ n, ...(wide && { text: 'y'.repeat(1000) }) })),
      limits,
    ),
});

const byType = new Map(
  [start, pure, measure, call, branch, fault, text, pause, callback, child, review, overdue, first, large, forEach, end].map((definition) => [
    definition.type,
    definition as unknown as AnyDefinition,
  ]),
);

export const simulatedNode = (type: string): AnyDefinition | undefined => byType.get(type);
