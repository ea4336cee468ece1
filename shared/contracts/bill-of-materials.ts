import { z } from 'zod';
import { actorSchema } from '../run/actor.ts';
import { contract, idParams } from './contract.ts';

/** What exactly ran (S67). */
export const billOfMaterialsSchema = z.object({
  runId: z.string(),
  product: z.object({ version: z.string() }),
  workflow: z.object({ id: z.string(), name: z.string(), version: z.union([z.literal('draft'), z.number()]), graphHash: z.string() }),
  caller: z.object({ actor: actorSchema, trigger: z.string(), labels: z.record(z.string(), z.string()) }),
  /** Node types in the version that the graph uses. */
  nodeTypes: z.array(z.object({ type: z.string(), version: z.number(), nodes: z.array(z.string()) })),
  prompts: z.array(z.object({ name: z.string(), label: z.string().nullable(), version: z.number(), contentHash: z.string(), variants: z.array(z.string()) })),
  /** Models by the names in their responses, per step. */
  models: z.array(
    z.object({
      nodeKey: z.string(),
      route: z.string(),
      /** Null in runs of version 0.1. */
      routeVersion: z.number().nullable(),
      model: z.string(),
      connection: z.string(),
      provider: z.string(),
      /** Targets that were tried before, and why each was given up. */
      fallbacks: z.array(z.object({ connection: z.string(), model: z.string(), reason: z.string() })),
      calls: z.number(),
    }),
  ),
  /** What a token of each model cost, in micro-dollars, as the calls recorded it. */
  prices: z.array(z.object({ model: z.string(), connection: z.string(), input: z.number(), output: z.number() })),
  /** The input, by content. The hash remains when the payloads are removed. Null if it is unknown: the run is of an earlier version. */
  input: z.object({ hash: z.string().nullable() }),
  /** JSON Schemas in the graph, by content. */
  schemas: z.array(z.object({ nodeKey: z.string(), param: z.string(), hash: z.string() })),
  /** The data policy, by content. */
  policies: z.array(z.object({ kind: z.literal('data'), hash: z.string() })),
  reviewers: z.array(z.object({ nodeKey: z.string(), by: z.string() })),
});
export type BillOfMaterials = z.infer<typeof billOfMaterialsSchema>;

/** In the order of a comparison. `fallbacks` and `routes` are parts of `models` in the bill. */
export const BILL_GROUPS = [
  'workflow',
  'prompts',
  'models',
  'fallbacks',
  'routes',
  'prices',
  'policies',
  'input',
  'caller',
  'nodeTypes',
  'schemas',
  'reviewers',
  'product',
] as const;
export type BillGroup = (typeof BILL_GROUPS)[number];

const differenceSchema = z.object({
  group: z.enum(BILL_GROUPS),
  /** What differs within the group: a prompt, a node, or a schema. */
  item: z.string(),
  /** Null if the run does not have it. */
  before: z.unknown(),
  after: z.unknown(),
});
export type BillDifference = z.infer<typeof differenceSchema>;

const tag = 'Runs';
export const getBillOfMaterials = contract({
  id: 'getBillOfMaterials',
  method: 'GET',
  path: '/api/runs/:id/bill-of-materials',
  scope: 'read',
  tag,
  summary: 'Get everything that took part in a run, with versions',
  params: idParams,
  reply: billOfMaterialsSchema,
  errors: ['not-found'],
});
export const compareBillsOfMaterials = contract({
  id: 'compareBillsOfMaterials',
  method: 'GET',
  path: '/api/runs/:id/bill-of-materials/compare/:other',
  scope: 'read',
  tag,
  summary: 'Get what differs between two runs, grouped',
  params: z.strictObject({ id: idParams.shape.id, other: idParams.shape.id }),
  reply: z.object({ runs: z.array(z.string()), differences: z.array(differenceSchema) }),
  errors: ['not-found'],
});
