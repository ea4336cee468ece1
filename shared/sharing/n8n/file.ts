import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { DEEPEST_JSON, isPlainObject, nestsDeeperThan } from '../../json.ts';

/* The workflow file of n8n, as far as it is read here. Unknown fields and malformed optional ones are ignored. */

const object = z.record(z.string(), z.unknown());
const optional = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined);

const nodeSchema = z.object({
  id: optional(z.string()),
  name: z.string().min(1).max(1_000),
  type: z.string().min(1).max(200),
  typeVersion: z.number().catch(1),
  position: z.tuple([z.number(), z.number()]).rest(z.unknown()).catch([0, 0]),
  parameters: object.catch({}),
  credentials: optional(object),
  disabled: optional(z.boolean()),
  notes: optional(z.string()),
  onError: optional(z.string()),
  continueOnFail: optional(z.boolean()),
  retryOnFail: optional(z.boolean()),
  maxTries: optional(z.number()),
  waitBetweenTries: optional(z.number()),
});
export type N8nNode = z.output<typeof nodeSchema>;

const link = z.object({ node: z.string(), type: z.string().catch('main'), index: z.number().int().min(0).catch(0) });
const outputs = z.array(z.array(link).nullable().catch(null)).catch([]);

const fileSchema = z.object({
  name: z.string().catch('').default(''),
  nodes: z.array(nodeSchema).min(1).max(2_000),
  connections: z.record(z.string(), z.record(z.string(), outputs).catch({})).catch({}),
  settings: optional(object),
  pinData: optional(z.record(z.string(), z.array(z.unknown()).catch([]))),
});
export type N8nFile = z.output<typeof fileSchema>;

/** The workflow in an export, also one of the API or of the template library. */
function unwrapped(value: unknown): unknown {
  const first = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (!isPlainObject(first) || Array.isArray(first.nodes)) return first;
  return isPlainObject(first.workflow) ? unwrapped(first.workflow) : isPlainObject(first.data) && Array.isArray(first.data.nodes) ? first.data : first;
}

/** Whether a value looks like a workflow of n8n: nodes with parameters, and no format of ours. */
export function isN8nFile(value: unknown): boolean {
  const file = unwrapped(value);
  if (!isPlainObject(file) || Object.hasOwn(file, 'format') || !Array.isArray(file.nodes) || file.nodes.length === 0) return false;
  return isPlainObject(file.connections) || file.nodes.some((node) => isPlainObject(node) && isPlainObject(node.parameters));
}

/** Throws `bad-request` if it can’t be read. */
export function readN8nFile(value: unknown): N8nFile {
  if (nestsDeeperThan(DEEPEST_JSON, value))
    throw new AppError('bad-request', `The n8n file nests more than ${DEEPEST_JSON} levels deep. Nothing was imported.`);
  const parsed = fileSchema.safeParse(unwrapped(value));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError('bad-request', `Invalid n8n file: ${issue?.path.join('.')} ${issue?.message}. Nothing was imported.`);
  }
  const seen = new Set<string>();
  for (const { name } of parsed.data.nodes) {
    if (seen.has(name)) throw new AppError('bad-request', `Invalid n8n file: two nodes are named “${name.slice(0, 100)}”. Nothing was imported.`);
    seen.add(name);
  }
  return parsed.data;
}
