import { CALL_OUTCOMES } from '@switchyard/shared/contracts/calls/route-calls.ts';
import { BUDGET_PERIODS, BUDGET_SCOPES, ON_HARD } from '@switchyard/shared/contracts/money.ts';
import { z } from 'zod';
import { actor, base, declare } from './declare-collection.ts';

/* Prices, budgets, and spending. Money is in micro-dollars. */

/** A price of the workspace. Its ID is made of the model, the connection, and the time. */
const priceRecord = z.object({
  ...base,
  model: z.string(),
  connectionId: z.string().nullable(),
  input: z.number(),
  cachedInput: z.number().nullable(),
  cacheWrite: z.number().nullable().optional(),
  output: z.number(),
  from: z.string().nullable(),
  revision: z.number(),
  updatedAt: z.string(),
});
export type PriceRecord = z.infer<typeof priceRecord>;
export const prices = declare<PriceRecord>({ name: 'prices', schema: priceRecord, indexes: [] });

const budgetRecord = z.object({
  ...base,
  name: z.string().optional(),
  scope: z.object({ kind: z.enum(BUDGET_SCOPES), id: z.string().optional() }),
  period: z.enum(BUDGET_PERIODS),
  timeZone: z.string().optional(),
  softMicros: z.number().optional(),
  onSoft: z.enum(['notify', 'route']).optional(),
  route: z.string().optional(),
  hardMicros: z.number().optional(),
  onHard: z.enum(ON_HARD).optional(),
  assumedPrice: z.object({ input: z.number(), output: z.number() }).optional(),
  revision: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  actor,
});
export type BudgetRecord = z.infer<typeof budgetRecord>;
export const budgets = declare<BudgetRecord>({ name: 'budgets', schema: budgetRecord, indexes: [] });

/** What a budget has spent in one period: settled, and reserved by calls that are being made (S63). */
const budgetPeriodRecord = z.object({
  ...base,
  budgetId: z.string(),
  period: z.string(),
  /** The tenant, workflow, node, or route, if each has its own budget. */
  of: z.string().nullable(),
  settledMicros: z.number(),
  overrunMicros: z.number(),
  calls: z.number(),
  unknownPrice: z.number(),
  reservations: z.array(
    z.object({
      id: z.string(),
      micros: z.number(),
      until: z.string(),
      /** The process that makes the call, if there are several. */ process: z.string().optional(),
    }),
  ),
  revision: z.number(),
  updatedAt: z.string(),
});
export type BudgetPeriodRecord = z.infer<typeof budgetPeriodRecord>;
export const budgetPeriods = declare<BudgetPeriodRecord>({
  name: 'budget_periods',
  schema: budgetPeriodRecord,
  indexes: [{ name: 'by_budget', fields: ['budgetId', 'updatedAt'] }],
});

/** A model call, recorded for usage. */
const modelCallRecord = z.object({
  ...base,
  at: z.string(),
  workflow: z.string().nullable(),
  version: z.string().nullable(),
  node: z.string().nullable(),
  /** What the call was for. Missing in older rows. */
  source: z.string().nullable().optional(),
  /** What started the run; `experiment` for its graders, too. Missing in older rows. */
  trigger: z.string().nullable().optional(),
  prompt: z.string().nullable(),
  route: z.string(),
  /** Missing in older rows. */
  routeVersion: z.number().nullable().optional(),
  model: z.string(),
  connection: z.string(),
  tenant: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** Parts of the two above. Missing if zero. */
  cachedInputTokens: z.number().optional(),
  reasoningTokens: z.number().optional(),
  costMicros: z.number().nullable(),
  /** If that is unknown: the cost of the models with a price. Missing if zero. */
  knownMicros: z.number().optional(),
  error: z.string().nullable(),
  // Missing in older rows, like all below. Null for a call outside a run.
  run: z.string().nullable().optional(),
  step: z.string().nullable().optional(),
  /** The target of the route: `<connectionId>/<model>`. */
  target: z.string().optional(),
  outcome: z.enum(CALL_OUTCOMES).optional(),
  /** Why the target before it failed: an error code. */
  fallbackReason: z.string().nullable().optional(),
  attempts: z.number().optional(),
  latencyMs: z.number().optional(),
});
export type ModelCallRow = z.infer<typeof modelCallRecord>;
export const modelCalls = declare<ModelCallRow>({
  name: 'model_calls',
  schema: modelCallRecord,
  indexes: [
    { name: 'at', fields: ['at'] },
    { name: 'by_route', fields: ['route', 'at', 'target', 'outcome'] },
  ],
});

export const moneyCollections = [prices, budgets, budgetPeriods, modelCalls];
