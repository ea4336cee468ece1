import { z } from 'zod';
import { METRICS } from '../../insight/metrics.ts';
import { actorSchema } from '../../run/actor.ts';
import { alertChannelSchema, webhookUrl } from '../alerts.ts';
import { contract, idParams, moment, pageOf, pageQuery } from '../contract.ts';
import { reason, reasonBody } from '../prompts.ts';
import { LEAST_SAMPLES } from './insight.ts';

/* Alert rules (S86): a message once when a metric of live runs passes its threshold, and once when it is back. */

/** `name` is shown instead of the host, for example `#support-ops`. */
const slackChannel = z.strictObject({ kind: z.literal('slack'), url: webhookUrl, name: z.string().trim().min(1).max(80).optional() });
export const ruleChannelSchema = z.discriminatedUnion('kind', [...alertChannelSchema.options, slackChannel]);
export type RuleChannel = z.infer<typeof ruleChannelSchema>;

const name = z.string().min(1).max(100).optional();
/** Which runs: those that everything given applies to. */
export const ruleScopeSchema = z
  .strictObject({
    workflowId: name,
    version: name,
    tenant: name,
    /** `<connection>/<model>`. */
    target: name,
  })
  .refine(({ version, workflowId }) => version === undefined || workflowId !== undefined, { path: ['version'], message: 'needs workflowId' })
  .refine(({ version, tenant, target }) => [version, tenant, target].filter((given) => given !== undefined).length <= 1, {
    path: ['tenant'],
    message: 'only one of version, tenant, and target can be given',
  });
export type RuleScope = z.infer<typeof ruleScopeSchema>;

const SLOT_MINUTES = 5;
const LONGEST_WINDOW_MINUTES = 1_440;

const definition = {
  metric: z.enum(METRICS),
  scope: ruleScopeSchema,
  comparison: z.enum(['above', 'below']),
  /** Shares are from 0 to 1, durations in ms, money in micro-dollars. */
  threshold: z.number().min(0).max(1e12),
  windowMinutes: z.number().int().min(SLOT_MINUTES).max(LONGEST_WINDOW_MINUTES).multipleOf(SLOT_MINUTES),
  /** With fewer, there is no data. Totals (`runs`, `cost`) need none. */
  minSamples: z.number().int().min(1).max(1_000_000),
  /** The value must be back by this much before the alert resolves. In the unit of the threshold. */
  hysteresis: z.number().min(0).max(1e12),
};
export const ruleDefinitionSchema = z.object(definition);
export type RuleDefinition = z.infer<typeof ruleDefinitionSchema>;

export const observationSchema = z.object({ at: moment, value: z.number().nullable(), samples: z.number() });
export type Observation = z.infer<typeof observationSchema>;

export const RESOLUTIONS = ['recovered', 'changed', 'off', 'deleted'] as const;

/** From when a rule’s threshold was passed until the value was back. */
export const openingSchema = z.object({
  id: z.string(),
  ruleId: z.string(),
  /** Of the rule, as it was. */
  name: z.string(),
  definition: ruleDefinitionSchema,
  workflowName: z.string().nullable(),
  openedAt: moment,
  opened: observationSchema,
  /** The last one with enough samples. */
  latest: observationSchema,
  resolvedAt: moment.nullable(),
  resolution: z.enum(RESOLUTIONS).nullable(),
  /** The last message about it that was delivered. */
  told: z.object({ at: moment, what: z.enum(['opened', 'resolved']), to: z.string() }).nullable(),
  /** Why the pending message isn’t delivered yet, or was given up. */
  error: z.string().nullable(),
});
export type Opening = z.infer<typeof openingSchema>;

export const ruleDeliverySchema = z.object({ at: moment, kind: z.enum(['opened', 'resolved', 'test']), to: z.string(), error: z.string().nullable() });
export type RuleDelivery = z.infer<typeof ruleDeliverySchema>;

export const ALERT_STATES = ['ok', 'open', 'no-data'] as const;

export const alertRuleSchema = z.object({
  id: z.string(),
  name: z.string(),
  ...definition,
  channel: ruleChannelSchema,
  enabled: z.boolean(),
  /** Until then, no messages are sent. */
  quietUntil: moment.nullable(),
  /** `no-data` if there are fewer samples than the minimum: an open alert then stays open. Null until it is first checked, and while off. */
  state: z.enum(ALERT_STATES).nullable(),
  observed: observationSchema.nullable(),
  /** The open alert. */
  opening: openingSchema.nullable(),
  lastDelivery: ruleDeliverySchema.nullable(),
  revision: z.number(),
  createdAt: moment,
  updatedAt: moment,
  actor: actorSchema,
});
export type AlertRule = z.infer<typeof alertRuleSchema>;

export const MOST_RULES = 100;

const ruleName = z.string().trim().min(1).max(100);
const tag = 'Alerts';
const path = '/api/alerts';

export const listAlertRules = contract({
  id: 'listAlertRules',
  method: 'GET',
  path,
  scope: 'edit',
  tag,
  summary: 'List alert rules with their state',
  reply: z.object({
    items: z.array(alertRuleSchema),
    /** Whether the server can send email: SMTP_URL is set. */
    canEmail: z.boolean(),
  }),
});
export const createAlertRule = contract({
  id: 'createAlertRule',
  method: 'POST',
  path,
  scope: 'edit',
  tag,
  summary: 'Create an alert rule: sends one message when a metric of live runs crosses a threshold, and one when it recovers',
  body: z.strictObject({
    /** By default, the condition in words. */
    name: ruleName.optional(),
    ...definition,
    scope: definition.scope.default({}),
    comparison: definition.comparison.default('above'),
    windowMinutes: definition.windowMinutes.default(60),
    minSamples: definition.minSamples.default(LEAST_SAMPLES),
    hysteresis: definition.hysteresis.default(0),
    channel: ruleChannelSchema,
    enabled: z.boolean().default(true),
    reason,
  }),
  reply: alertRuleSchema,
  statuses: [201],
  errors: ['bad-request', 'not-found'],
});
export const updateAlertRule = contract({
  id: 'updateAlertRule',
  method: 'PATCH',
  path: `${path}/:id`,
  scope: 'edit',
  tag,
  summary: 'Update an alert rule or turn it off; changing what it watches resolves an open alert',
  params: idParams,
  body: z.strictObject({
    ...z.object({ name: ruleName, ...definition, channel: ruleChannelSchema, enabled: z.boolean() }).partial().shape,
    /** Sends no messages until then: at most 30 days. Null ends it. */
    quietUntil: moment.nullable().optional(),
    /** The revision that was edited. Defaults to the latest. */
    revision: z.number().int().min(1).optional(),
    reason,
  }),
  reply: alertRuleSchema,
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
export const deleteAlertRule = contract({
  id: 'deleteAlertRule',
  method: 'DELETE',
  path: `${path}/:id`,
  scope: 'edit',
  tag,
  summary: 'Delete an alert rule; its history is kept',
  params: idParams,
  query: z.strictObject({ reason }),
  body: reasonBody,
  reply: alertRuleSchema,
  errors: ['not-found', 'revision-conflict'],
});
export const testAlertRule = contract({
  id: 'testAlertRule',
  method: 'POST',
  path: `${path}/:id/test`,
  scope: 'edit',
  tag,
  summary: 'Send a test message now; `lastDelivery` in the response is the outcome',
  params: idParams,
  reply: alertRuleSchema,
  errors: ['not-found'],
});
export const makeAlertRuleSecret = contract({
  id: 'makeAlertRuleSecret',
  method: 'POST',
  path: `${path}/:id/secret`,
  scope: 'edit',
  tag,
  summary: 'Create a new signing secret for webhook messages; returned once; replaces the previous one',
  params: idParams,
  reply: z.object({ secret: z.string() }),
  statuses: [201],
  errors: ['not-found', 'bad-request', 'revision-conflict'],
});
export const listOpenings = contract({
  id: 'listAlertHistory',
  method: 'GET',
  path: `${path}/history`,
  scope: 'read',
  tag,
  summary: 'List alerts, open and resolved, newest first',
  query: z.strictObject({ ...pageQuery, ruleId: z.string().min(1).max(100).optional() }),
  reply: pageOf(openingSchema),
});
