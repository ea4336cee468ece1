import { z } from 'zod';
import { contract, moment, pageOf, pageQuery } from '../contract.ts';
import { routeName } from '../routes.ts';
import { streamedTry, triedCall } from './tried-call.ts';

/* The calls of a model route: the latest ones, and a test message. */

const nameParams = z.strictObject({ name: routeName });
const tag = 'Models';

/** Which target answered: the first that could be tried, a later one, or none. */
export const CALL_OUTCOMES = ['first', 'fallback', 'failed'] as const;

const routeCallSchema = z.object({
  id: z.string(),
  at: moment,
  /** Null for a call outside a run. */
  runId: z.string().nullable(),
  stepId: z.string().nullable(),
  nodeKey: z.string().nullable(),
  /** `name` is null if the workflow no longer exists. */
  workflow: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  source: z.enum(['run', 'openai-api', 'playground', 'experiment']),
  /** Null in calls of earlier versions, like the next fields that can be null. */
  routeVersion: z.number().nullable(),
  /** The target that answered, or else the last one that was tried. */
  connectionId: z.string().nullable(),
  model: z.string(),
  outcome: z.enum(CALL_OUTCOMES).nullable(),
  /** Why the target before the last one failed: an error code. */
  fallbackReason: z.string().nullable(),
  /** The code of the error that ended it. */
  error: z.string().nullable(),
  attempts: z.number().nullable(),
  latencyMs: z.number().nullable(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** Null if a model without a price took part. */
  costMicros: z.number().nullable(),
});
export type RouteCall = z.infer<typeof routeCallSchema>;

export const listRouteCalls = contract({
  id: 'listRouteCalls',
  method: 'GET',
  path: '/api/routes/:name/calls',
  scope: 'read',
  tag,
  summary: 'List the calls of a route, newest first',
  params: nameParams,
  query: z.strictObject({
    ...pageQuery,
    /** `<connectionId>/<model>` of the target that answered, or else of the last one that was tried. */
    target: z.string().min(1).max(310).optional(),
    outcome: z.enum(CALL_OUTCOMES).optional(),
  }),
  reply: pageOf(routeCallSchema),
  errors: ['not-found'],
});

export const routeTryEvents = { ...streamedTry, done: triedCall };

const text = z.string().max(200_000);
export const tryRoute = contract({
  id: 'tryRoute',
  method: 'POST',
  path: '/api/routes/:name/try',
  scope: 'run',
  tag,
  summary: 'Send a test message through a route, streamed: any `delta` and `restart`, then `done` or `error`',
  params: nameParams,
  body: z.strictObject({
    message: text.min(1),
    system: text.optional(),
    /** What the conditions and the sticky key of the route see as the labels of a run. */
    labels: z.record(z.string().max(100), z.string().max(200)).default({}),
  }),
  reply: z.union([routeTryEvents.delta, routeTryEvents.restart, routeTryEvents.done, routeTryEvents.error]),
  streams: true,
  errors: ['not-found', 'bad-request', 'killed', 'budget-exceeded', 'overloaded'],
});
