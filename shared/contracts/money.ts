import { z } from 'zod';
import { contract, idParams, moment, pageOf, pageQuery, timeZone } from './contract.ts';
import { reason, reasonBody } from './prompts.ts';

/* Prices, budgets, and usage. Money is in micro-dollars, which may be fractional. */

const micros = z.number().min(0).max(1e15);
const perToken = z.number().min(0).max(1e9);
const modelName = z.string().min(1).max(200);

/** What a token costs, in micro-dollars, from a moment on. */
export const priceSchema = z.object({
  model: z.string(),
  connectionId: z.string().nullable(),
  input: z.number(),
  /** Null: cached input costs as much as other input. */
  cachedInput: z.number().nullable(),
  /** Null: input that a provider puts into its cache costs 1.25 times as much as other input. */
  cacheWrite: z.number().nullable().default(null),
  output: z.number(),
  /** Null: always. */
  from: moment.nullable(),
  /** Shipped with the product. Your own price overrides it. */
  builtIn: z.boolean(),
});
export type Price = z.infer<typeof priceSchema>;

export const BUDGET_SCOPES = ['workspace', 'workflow', 'node', 'route', 'tenant', 'run'] as const;
export const BUDGET_PERIODS = ['run', 'day', 'month'] as const;
/** What happens at the hard limit: calls fail, wait until the period ends, or a person decides. */
export const ON_HARD = ['stop', 'wait', 'ask'] as const;

const scope = z.strictObject({
  kind: z.enum(BUDGET_SCOPES),
  /**
   * A workflow ID, `<workflowId>/<node key>`, a route, or a tenant. Without it, each workflow, node, route, or tenant has its own budget.
   */
  id: z.string().min(1).max(300).optional(),
});
const assumedPrice = z.strictObject({ input: perToken, output: perToken });
export const budgetFields = {
  name: z.string().max(200).optional(),
  scope,
  period: z.enum(BUDGET_PERIODS),
  /** Where the day or month begins. UTC by default. */
  timeZone: timeZone.optional(),
  softMicros: micros.optional(),
  onSoft: z.enum(['notify', 'route']).optional(),
  /** The cheaper route to use once the soft limit is reached. */
  route: z.string().max(50).optional(),
  hardMicros: micros.optional(),
  onHard: z.enum(ON_HARD).optional(),
  /** For models without a price. Without it, a hard limit rejects their calls. */
  assumedPrice: assumedPrice.optional(),
};
export const budgetSchema = z.object({
  id: z.string(),
  ...budgetFields,
  createdAt: moment,
  updatedAt: moment,
});
export type Budget = z.infer<typeof budgetSchema>;

const periodUsage = z.object({
  /** The day, month, or run. */
  period: z.string(),
  /** The day or month is in progress. Always false for a run. */
  current: z.boolean(),
  /** When the current day or month ends. Null otherwise. */
  endsAt: moment.nullable(),
  /** The tenant, workflow, node, or route, if each has its own budget. */
  of: z.string().nullable(),
  settledMicros: z.number(),
  reservedMicros: z.number(),
  calls: z.number(),
  /** Calls of models without a price. */
  unknownPrice: z.number(),
  /** Spending above the hard limit, because a call cost more than was known beforehand. */
  overrunMicros: z.number(),
  state: z.enum(['within', 'soft', 'hard']),
});
export type PeriodUsage = z.infer<typeof periodUsage>;

export const USAGE_BY = ['workflow', 'version', 'node', 'source', 'trigger', 'prompt', 'route', 'model', 'tenant'] as const;
/** The dimensions that usage can be filtered by. */
export const USAGE_FILTERS = ['workflow', 'tenant', 'model', 'route', 'prompt', 'source'] as const;
/** A key of the dimension; `(none)` matches calls without one. A prompt is `name` or `name@version`; a model is the name in its route, or in responses. */
const usageFilter = z.string().min(1).max(300).optional();
const usageRow = z.object({
  /** Start of the hour or day, UTC. */
  bucket: moment,
  key: z.string(),
  /** The name of the workflow, with its version or node. Otherwise, and for a deleted workflow, the key. */
  name: z.string(),
  calls: z.number(),
  failedCalls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** Part of `inputTokens`. */
  cachedInputTokens: z.number(),
  /** Part of `outputTokens`. */
  reasoningTokens: z.number(),
  /** Null if nothing is known about it. */
  costMicros: z.number().nullable(),
  /** Calls whose model has no price. They are not part of `costMicros`. */
  unknownPrice: z.number(),
});
export type UsageRow = z.infer<typeof usageRow>;
const usageValues = z.array(z.object({ key: z.string(), name: z.string() }));

const tag = 'Usage and budgets';

export const listPrices = contract({
  id: 'listPrices',
  method: 'GET',
  path: '/api/prices',
  scope: 'read',
  tag,
  summary: 'List prices: your own, then the built-in ones',
  reply: z.object({ items: z.array(priceSchema) }),
});
export const setPrice = contract({
  id: 'setPrice',
  method: 'PUT',
  path: '/api/prices/:model',
  scope: 'edit',
  tag,
  summary: 'Set the price of a model, in micro-dollars per token',
  params: z.strictObject({ model: modelName }),
  body: z.strictObject({
    input: perToken,
    cachedInput: perToken.optional(),
    cacheWrite: perToken.optional(),
    output: perToken,
    from: moment.optional(),
    connectionId: z.string().max(100).optional(),
    reason,
  }),
  reply: priceSchema,
  errors: ['bad-request'],
});
export const deletePrice = contract({
  id: 'deletePrice',
  method: 'DELETE',
  path: '/api/prices/:model',
  scope: 'edit',
  tag,
  summary: 'Delete your own price of a model',
  params: z.strictObject({ model: modelName }),
  query: z.strictObject({ from: moment.optional(), connectionId: z.string().max(100).optional(), reason }),
  body: reasonBody,
  reply: priceSchema,
  errors: ['not-found'],
});

export const listBudgets = contract({
  id: 'listBudgets',
  method: 'GET',
  path: '/api/budgets',
  scope: 'read',
  tag,
  summary: 'List budgets',
  query: z.strictObject(pageQuery),
  reply: pageOf(budgetSchema),
});
export const createBudget = contract({
  id: 'createBudget',
  method: 'POST',
  path: '/api/budgets',
  scope: 'edit',
  tag,
  summary: 'Create a budget',
  body: z.strictObject({ ...budgetFields, reason }),
  reply: budgetSchema,
  statuses: [201],
  errors: ['bad-request'],
});
export const updateBudget = contract({
  id: 'updateBudget',
  method: 'PATCH',
  path: '/api/budgets/:id',
  scope: 'edit',
  tag,
  summary: 'Update a budget; null removes a field',
  params: idParams,
  body: z.strictObject({
    name: z.string().max(200).nullable().optional(),
    softMicros: micros.nullable().optional(),
    onSoft: budgetFields.onSoft,
    route: z.string().max(50).nullable().optional(),
    hardMicros: micros.nullable().optional(),
    onHard: budgetFields.onHard,
    assumedPrice: assumedPrice.nullable().optional(),
    reason,
  }),
  reply: budgetSchema,
  errors: ['not-found', 'bad-request'],
});
export const deleteBudget = contract({
  id: 'deleteBudget',
  method: 'DELETE',
  path: '/api/budgets/:id',
  scope: 'edit',
  tag,
  summary: 'Delete a budget',
  params: idParams,
  query: z.strictObject({ reason }),
  body: reasonBody,
  reply: budgetSchema,
  errors: ['not-found'],
});
export const undeleteBudget = contract({
  id: 'undeleteBudget',
  method: 'POST',
  path: '/api/budgets/:id/undelete',
  scope: 'edit',
  tag,
  summary: 'Restore a deleted budget with its spending',
  params: idParams,
  reply: budgetSchema,
  errors: ['not-found', 'already-exists'],
});
export const getBudgetUsage = contract({
  id: 'getBudgetUsage',
  method: 'GET',
  path: '/api/budgets/:id/usage',
  scope: 'read',
  tag,
  summary: 'Get what a budget has spent and reserved, newest period first',
  params: idParams,
  reply: z.object({ items: z.array(periodUsage) }),
  errors: ['not-found'],
});
export const getUsage = contract({
  id: 'getUsage',
  method: 'GET',
  path: '/api/usage',
  scope: 'read',
  tag,
  summary: 'Get calls, tokens, and cost by one dimension; as CSV with `format=csv` or `Accept: text/csv`',
  query: z.strictObject({
    by: z.union([z.enum(USAGE_BY), z.string().regex(/^label:.{1,100}$/, 'must be one of the dimensions, or label:<name>')]),
    bucket: z.enum(['hour', 'day']).default('day'),
    from: moment.optional(),
    to: moment.optional(),
    workflow: usageFilter,
    tenant: usageFilter,
    model: usageFilter,
    route: usageFilter,
    prompt: usageFilter,
    source: usageFilter,
    format: z.enum(['json', 'csv']).optional(),
  }),
  reply: z.object({
    items: z.array(usageRow),
    /** False if there were more calls than one response covers. Choose a shorter period. */
    complete: z.boolean(),
    /** What calls of this period can be filtered by, whatever the filters are. At most 200 values each; prompts without their version. */
    values: z.object({
      workflow: usageValues,
      tenant: usageValues,
      model: usageValues,
      route: usageValues,
      prompt: usageValues,
      source: usageValues,
    }),
  }),
  textTypes: ['text/csv'],
  errors: ['bad-request'],
});
