import { z } from 'zod';
import { actorSchema } from '../run/actor.ts';
import { contract, moment, pageOf, pageQuery } from './contract.ts';
import { reason, reasonBody } from './prompts.ts';

/* Model routes: which models a call tries, and in which order (S54–S61). */

/** How long a call may wait for its turn on a connection, if the target doesn’t say: less if another target could take it. */
export const queueTimeoutOf = ({ queueTimeoutMs }: Pick<RouteTarget, 'queueTimeoutMs'>, hasNext: boolean): number =>
  queueTimeoutMs ?? (hasNext ? 10_000 : 60_000);
/** Timeout of a target without its own. */
export const DEFAULT_TARGET_TIMEOUT_MS = 60_000;

const limitMs = z.number().int().min(100).max(600_000);
/** A CEL expression over `labels`, `size`, `attempt`, and `msLeft`. */
const expression = z.string().min(1).max(2_000);

export const routeTargetSchema = z.strictObject({
  connectionId: z.string().max(100),
  model: z.string().min(1).max(200),
  parameters: z.strictObject({ temperature: z.number().min(0).max(2).optional(), maxTokens: z.number().int().min(1).max(1_000_000).optional() }).optional(),
  /** Limit on all attempts at this target, from when the first one is sent. */
  timeoutMs: limitMs.optional(),
  /** Limit on the time to the first text. */
  firstTokenMs: limitMs.optional(),
  /** Limit on the time between texts. */
  silenceMs: limitMs.optional(),
  /** How long a call may wait for its turn on the connection (S58). 10 s by default, 60 s for the last target. */
  queueTimeoutMs: z.number().int().min(0).max(600_000).optional(),
  /** Retries after a transient failure. 2 by default. */
  retries: z.number().int().min(0).max(5).optional(),
  /** In the order `weights`: its share, relative to the targets with a weight next to it. Without one, it keeps its place. */
  weight: z.number().int().min(0).max(1_000).optional(),
  /** The target is left out unless this evaluates to true: `labels.tier == "free"`. */
  when: expression.optional(),
});
export type RouteTarget = z.infer<typeof routeTargetSchema>;

export const ROUTE_ORDERS = ['sequence', 'weights'] as const;
export const BROKEN_STREAMS = ['restart', 'fail'] as const;
export const MOST_TARGETS = 10;

/** What a version of a route freezes. */
export const routeSettingsSchema = z.object({
  description: z.string(),
  targets: z.array(routeTargetSchema),
  /** `sequence`: the targets in order. `weights`: neighboring targets with a weight are ordered by chance, in proportion to it. */
  order: z.enum(ROUTE_ORDERS),
  /** Calls for which this expression has the same value get the same order. Null: each call is drawn on its own. */
  stickyKey: z.string().nullable(),
  /**
   * If an attempt fails after some of its text was streamed to a caller: `restart` announces that the text starts again, `fail` fails the
   * call. Clients of `/v1` can't take text back, so their calls always fail (S59).
   */
  onBrokenStream: z.enum(BROKEN_STREAMS),
  /** Returns the stored answer of an equal call within this time, in memory. Null: off (S61). */
  cacheTtlMs: z.number().nullable(),
  /** Warn once later targets have answered instead of the first one for this long. Null: never. */
  fallbackWarningMs: z.number().nullable(),
});
export type RouteSettings = z.infer<typeof routeSettingsSchema>;

/** Which target answers a route (in this process, since it started). */
const fallbackSchema = z.object({
  /** When the first target that could be tried last answered. */
  firstAnsweredAt: moment.nullable(),
  /** Since when later targets answer instead. Null if they don't. */
  fallingBackSince: moment.nullable(),
  /** The fallback lasts longer than `fallbackWarningMs`. */
  warning: z.boolean(),
});

export const routeSchema = routeSettingsSchema.extend({
  name: z.string(),
  /** The version in use. Every change makes the next one. */
  version: z.number(),
  /** Not customized: uses the first connection that is added. */
  automatic: z.boolean(),
  updatedAt: moment,
  /** Models that are currently not called, because their calls kept failing (S57). */
  circuits: z.array(z.object({ connectionId: z.string(), model: z.string(), state: z.enum(['open', 'half-open']), retryInMs: z.number() })).optional(),
  fallback: fallbackSchema.optional(),
});
export type Route = z.infer<typeof routeSchema>;

/** A target of a route. `copy` is its index among those with the same connection and model. */
const targetPlace = z.object({ connectionId: z.string(), model: z.string(), copy: z.number() });
export type TargetPlace = z.infer<typeof targetPlace>;

/** The last hour of a route, from the memory of this process. Lists by minute have 60 entries, oldest first. */
export const routeFiguresSchema = fallbackSchema.extend({
  /** Start of what the figures cover: an hour ago, or the start of the process. */
  since: moment,
  /** Calls that the first target answered, that a later one answered, and that none did. */
  minutes: z.array(z.object({ first: z.number(), later: z.number(), failed: z.number() })),
  targets: z.array(
    z.object({
      connectionId: z.string(),
      model: z.string(),
      /** Attempts, also those that failed. */
      calls: z.number(),
      failed: z.number(),
      /** Durations of successful attempts, within 5%. Null if there were none. */
      p50Ms: z.number().nullable(),
      p95Ms: z.number().nullable(),
      costMicros: z.number(),
      /** Attempts whose model has no price. They are not part of `costMicros`. */
      unknownPrice: z.number(),
      circuit: z.enum(['closed', 'open', 'half-open']),
      /** Milliseconds until the next trial of an open circuit. */
      retryInMs: z.number(),
      minutes: z.array(z.object({ calls: z.number(), failed: z.number() })),
    }),
  ),
  /** Calls that are being made right now, by this process. */
  inProgress: z.object({
    calls: z.number(),
    /** How many of them each target is currently answering. */
    targets: z.array(targetPlace.extend({ calls: z.number() })),
    /** The oldest one: the targets it passed, with an error code or `left-out` as the reason, and the one it is at. */
    call: z
      .object({
        startedAt: moment,
        runId: z.string().nullable(),
        nodeKey: z.string().nullable(),
        passed: z.array(targetPlace.extend({ reason: z.string() })),
        at: targetPlace.extend({ since: moment }).nullable(),
      })
      .nullable(),
  }),
  /** The latest calls that a later target answered, newest first, at most 20. */
  recent: z.array(
    z.object({
      at: moment,
      runId: z.string().nullable(),
      workflowId: z.string().nullable(),
      nodeKey: z.string().nullable(),
      /** Why the first target didn't answer: an error code. */
      reason: z.string(),
      connectionId: z.string(),
      model: z.string(),
      latencyMs: z.number(),
    }),
  ),
});
export type RouteFiguresView = z.infer<typeof routeFiguresSchema>;

const named = z.object({ id: z.string(), name: z.string() });
/** Workflows that call a route in their draft or released version, and budgets that limit it or switch to it. */
const routeUsageSchema = z.object({ workflows: z.array(named), budgets: z.array(named) });
export type RouteUsage = z.infer<typeof routeUsageSchema>;

export const routeVersionSchema = routeSettingsSchema.extend({
  number: z.number(),
  createdAt: moment,
  actor: actorSchema,
  reason: z.string().nullable(),
});
export type RouteVersion = z.infer<typeof routeVersionSchema>;

export const routeName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,49}$/, 'must start with a lowercase letter and contain only lowercase letters, digits, and -, at most 50 characters');
const nameParams = z.strictObject({ name: routeName });
const versionParams = z.strictObject({ name: routeName, number: z.coerce.number().int().min(1).max(1e9) });
const tag = 'Models';

const targets = z.array(routeTargetSchema).min(1).max(MOST_TARGETS);
/** The settings in a request. When a route is updated, an omitted field keeps its value. */
const optionalSettings = {
  description: z.string().max(500).optional(),
  order: z.enum(ROUTE_ORDERS).optional(),
  stickyKey: expression.nullable().optional(),
  onBrokenStream: z.enum(BROKEN_STREAMS).optional(),
  cacheTtlMs: z
    .number()
    .int()
    .min(1_000)
    .max(30 * 86_400_000)
    .nullable()
    .optional(),
  fallbackWarningMs: z
    .number()
    .int()
    .min(0)
    .max(30 * 86_400_000)
    .nullable()
    .optional(),
};

export const listRoutes = contract({
  id: 'listRoutes',
  method: 'GET',
  path: '/api/routes',
  scope: 'read',
  tag,
  summary: 'List model routes',
  query: z.strictObject(pageQuery),
  reply: pageOf(routeSchema),
});
export const createRoute = contract({
  id: 'createRoute',
  method: 'POST',
  path: '/api/routes',
  scope: 'edit',
  tag,
  summary: 'Create a route',
  body: z.strictObject({ name: routeName, targets, ...optionalSettings, reason }),
  reply: routeSchema,
  statuses: [201],
  errors: ['bad-request', 'already-exists'],
});
export const getRoute = contract({
  id: 'getRoute',
  method: 'GET',
  path: '/api/routes/:name',
  scope: 'read',
  tag,
  summary: 'Get a route',
  params: nameParams,
  reply: routeSchema,
  errors: ['not-found'],
});
export const updateRoute = contract({
  id: 'updateRoute',
  method: 'PUT',
  path: '/api/routes/:name',
  scope: 'edit',
  tag,
  summary: 'Make the next version of a route',
  params: nameParams,
  body: z.strictObject({
    /** Accepted so that a route can be sent back as it was read. A route can't be renamed. */
    name: z.string().optional(),
    /** The version that was edited. If another one is in use by now, nothing changes and the response is 409. */
    version: z.number().int().optional(),
    targets,
    ...optionalSettings,
    reason,
  }),
  reply: routeSchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
export const deleteRoute = contract({
  id: 'deleteRoute',
  method: 'DELETE',
  path: '/api/routes/:name',
  scope: 'edit',
  tag,
  summary: 'Delete a route that no workflow or budget uses; `fast` and `careful` can’t be deleted',
  params: nameParams,
  query: z.strictObject({ reason }),
  body: reasonBody,
  reply: routeSchema,
  errors: ['not-found', 'in-use'],
});
export const getRouteUsage = contract({
  id: 'getRouteUsage',
  method: 'GET',
  path: '/api/routes/:name/usage',
  scope: 'read',
  tag,
  summary: 'List the workflows and budgets that use a route',
  params: nameParams,
  reply: routeUsageSchema,
  errors: ['not-found'],
});
export const getRouteFigures = contract({
  id: 'getRouteFigures',
  method: 'GET',
  path: '/api/routes/:name/figures',
  scope: 'read',
  tag,
  summary: 'Get the last hour of a route: latency, errors, and spending per target, and fallbacks',
  params: nameParams,
  reply: routeFiguresSchema,
  errors: ['not-found'],
});
export const listRouteVersions = contract({
  id: 'listRouteVersions',
  method: 'GET',
  path: '/api/routes/:name/versions',
  scope: 'read',
  tag,
  summary: 'List the versions of a route, newest first',
  params: nameParams,
  query: z.strictObject(pageQuery),
  reply: pageOf(routeVersionSchema),
  errors: ['not-found'],
});
export const getRouteVersion = contract({
  id: 'getRouteVersion',
  method: 'GET',
  path: '/api/routes/:name/versions/:number',
  scope: 'read',
  tag,
  summary: 'Get a version of a route',
  params: versionParams,
  reply: routeVersionSchema,
  errors: ['not-found'],
});
export const restoreRouteVersion = contract({
  id: 'restoreRouteVersion',
  method: 'POST',
  path: '/api/routes/:name/versions/:number/restore',
  scope: 'edit',
  tag,
  summary: 'Make a new version that is like an earlier one',
  params: versionParams,
  body: z.strictObject({ reason }),
  reply: routeSchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
