import { z } from 'zod';
import type { Graph, GraphNode } from '../graph/graph.ts';
import { namedRoutes } from '../graph/named-routes.ts';
import { isPlainObject } from '../json.ts';
import { promptRefOf, promptRefText } from '../model/prompt-ref.ts';
import type { Included } from './included.ts';
import { isConnectionParam, isLeftOut, namesLeftOut } from './left-out.ts';

/** Something that a workflow needs but doesn't include. */
export const toConnectSchema = z.object({
  /** `route`: a model route of that name. `prompt`: a prompt that the workflow names, but that didn’t exist. `node-type`: an unknown node type. */
  kind: z.enum(['connection', 'secret', 'route', 'prompt', 'node-type']),
  name: z.string(),
  /** Keys of the nodes that need it. Empty for one of the workflow's variables, and for a trigger. */
  steps: z.array(z.string()),
});
export type ToConnect = z.infer<typeof toConnectSchema>;

/** Routes that every installation has. */
export const GIVEN_ROUTES: readonly string[] = ['fast', 'careful'];

/** Params that need nothing: samples are only data. */
const DATA_PARAMS = new Set(['samples']);

/** Everything that the importer of a cleaned graph must provide, each once. Doesn't check which node types are known. */
export function toConnectOf(graph: Pick<Graph, 'nodes' | 'vars'>, { prompts = [], triggers = [] }: Pick<Included, 'prompts' | 'triggers'> = {}): ToConnect[] {
  const secretsOf = new Map(prompts.map((prompt) => [promptRefText(prompt), leftOutIn(prompt, ['prompt'])]));
  const found = new Map<string, ToConnect>();
  const add = (kind: ToConnect['kind'], name: string, step?: string): void => {
    const known = found.get(`${kind} ${name}`) ?? { kind, name, steps: [] };
    if (step !== undefined && !known.steps.includes(step)) known.steps.push(step);
    found.set(`${kind} ${name}`, known);
  };
  for (const node of graph.nodes) {
    for (const { kind, name } of requirementsOf(node)) add(kind, name, node.data.key);
    const ref = promptRefOf(node.data.params);
    if (!ref) continue;
    const secrets = secretsOf.get(promptRefText(ref));
    if (secrets) for (const { name } of secrets) add('secret', name, node.data.key);
    else add('prompt', promptRefText(ref), node.data.key);
  }
  for (const { name } of requirementsOfVariables(graph)) add('secret', name);
  for (const trigger of triggers) for (const { kind, name } of leftOutIn(trigger, ['trigger'])) add(kind, name);
  return [...found.values()].sort(byKindAndName);
}

const KIND_ORDER: readonly ToConnect['kind'][] = toConnectSchema.shape.kind.options;

/** Sorted, because the order of params has no meaning and may change when a workflow is written and read again. */
const byKindAndName = (first: ToConnect, second: ToConnect): number =>
  KIND_ORDER.indexOf(first.kind) - KIND_ORDER.indexOf(second.kind) || (first.name < second.name ? -1 : 1);

export interface Requirement {
  readonly kind: 'connection' | 'secret' | 'route';
  readonly name: string;
  /** Path into the params in dots. */
  readonly field: string;
}

/** What a node needs: values that sharing removed from its params, and its model routes. */
export function requirementsOf({ type, data }: GraphNode): Requirement[] {
  if (type === 'note') return [];
  const ownRoutes = namedRoutes(data.params).filter(({ name }) => name !== '' && !name.includes('{{') && !GIVEN_ROUTES.includes(name));
  const params = Object.entries(data.params).filter(([name]) => !DATA_PARAMS.has(name));
  return [
    ...params.flatMap(([name, value]) => leftOutIn(value, [name])),
    ...leftOutIn(data.policy, ['policy']),
    ...ownRoutes.map((named) => ({ kind: 'route' as const, ...named })),
  ];
}

/** Values that sharing removed from the workflow's variables. */
export const requirementsOfVariables = ({ vars }: Pick<Graph, 'vars'>): Requirement[] => leftOutIn(vars, []);

function leftOutIn(value: unknown, path: (string | number)[], found: Requirement[] = []): Requirement[] {
  if (typeof value === 'string') {
    const names = namesLeftOut(value);
    if (names.length === 0) return found;
    const kind = isConnectionParam(String(path.at(-1))) && isLeftOut(value) ? 'connection' : 'secret';
    for (const name of names) found.push({ kind, name, field: path.join('.') });
    return found;
  }
  const inside = (name: string | number, inner: unknown): void => {
    path.push(name);
    leftOutIn(inner, path, found);
    path.pop();
  };
  if (Array.isArray(value)) for (const [index, item] of value.entries()) inside(index, item);
  else if (isPlainObject(value)) for (const [name, inner] of Object.entries(value)) inside(name, inner);
  return found;
}
