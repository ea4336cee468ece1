import { AppError } from '@switchyard/shared/errors.ts';
import { CALLBACK_TYPE } from '@switchyard/shared/graph/graph.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { z } from 'zod';
import { defineNode, done, waitFor } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const MINUTE_MS = 60_000;
/** One year. */
const MOST_MINUTES = 525_600;

const params = z.object({
  dueInMinutes: field(z.number().min(0.001).max(MOST_MINUTES).optional(), {
    label: 'Due in',
    control: 'number',
    unit: 'minutes',
    help: 'Without a callback by then, the step fails with `callback-overdue`. Leave empty to wait without a limit.',
  }),
});

const help = `Waits until another system calls a URL. A waiting run uses no memory and survives server restarts.

1. Send the URL in a node before this one: \`{{ run.callbacks.callback }}\`, with the key of this node. Each run, round, and for-each item has its own.
2. The other system sends its result with \`POST\`. The body is the output of this node: JSON as data, a form as an object, or text.

The first request counts, also if it arrives before the run gets here. Later ones get 409. Opening the URL (\`GET\`) never ends the wait. Anyone who has the URL can send the callback, so treat it like a password.`;

const ANY_JSON: JsonSchema = { type: ['object', 'array', 'string', 'number', 'boolean', 'null'] };

export const callback = defineNode({
  type: CALLBACK_TYPE,
  version: 1,
  title: 'Callback',
  icon: 'IconWebhook',
  category: 'flow',
  summary: 'Wait until another system calls a URL',
  keywords: ['wait', 'webhook', 'resume', 'async', 'url', 'job', 'poll', 'event', 'external', 'continue'],
  help,
  params,
  defaults: {},
  example: { dueInMinutes: 60 },
  line: ({ dueInMinutes }) => (dueInMinutes === undefined ? 'waits for **a callback**' : `waits for **a callback**, due in ${dueInMinutes} min`),
  output: () => ANY_JSON,
  compute({ params: { dueInMinutes }, context }) {
    const dueAt = dueInMinutes === undefined ? undefined : new Date(context.now().getTime() + dueInMinutes * MINUTE_MS).toISOString();
    return waitFor({ kind: 'callback', ...(dueAt !== undefined && { dueAt }) });
  },
  resume({ resolution: { wait, by, value } }) {
    if (by === 'callback') return done(value ?? null);
    throw new AppError('callback-overdue', `No callback arrived${wait.kind === 'callback' && wait.dueAt !== undefined ? ` by ${wait.dueAt}` : ' in time'}.`);
  },
});
