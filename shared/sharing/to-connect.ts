import { z } from 'zod';
import type { Graph, GraphNode } from '../graph/graph.ts';
import { isPlainObject } from '../json.ts';
import { isConnectionParam, isLeftOut, namesLeftOut } from './left-out.ts';

/** Something that a workflow needs and that does not come with it. */
export const toConnectSchema = z.object({
  /** `route`: a model route of that name. `node-type`: a kind of step that is unknown here. */
  kind: z.enum(['connection', 'secret', 'route', 'node-type']),
  name: z.string(),
  /** Keys of the steps that need it; empty when it is one of the workflow's variables. */
  steps: z.array(z.string()),
});
export type ToConnect = z.infer<typeof toConnectSchema>;

/** Routes that every installation has. */
export const GIVEN_ROUTES: readonly string[] = ['fast', 'careful'];

/** Params that need nothing: samples are only data. */
const DATA_PARAMS = new Set(['samples']);

/** All that a cleaned graph needs from whoever takes it over, each once. Which node types are known is not asked here. */
export function toConnectOf(graph: Pick<Graph, 'nodes' | 'vars'>): ToConnect[] {
  const found = new Map<string, ToConnect>();
  const add = (kind: ToConnect['kind'], name: string, step?: string): void => {
    const known = found.get(`${kind} ${name}`) ?? { kind, name, steps: [] };
    if (step !== undefined && !known.steps.includes(step)) known.steps.push(step);
    found.set(`${kind} ${name}`, known);
  };
  for (const node of graph.nodes) for (const { kind, name } of needsOf(node)) add(kind, name, node.data.key);
  for (const { name } of variableNeeds(graph)) add('secret', name);
  return [...found.values()].sort(byKindAndName);
}

const KIND_ORDER: readonly ToConnect['kind'][] = toConnectSchema.shape.kind.options;

/** Not as they were found: the order of params means nothing, and may change when a workflow is written and read again. */
const byKindAndName = (first: ToConnect, second: ToConnect): number =>
  KIND_ORDER.indexOf(first.kind) - KIND_ORDER.indexOf(second.kind) || (first.name < second.name ? -1 : 1);

export interface Need {
  readonly kind: 'connection' | 'secret' | 'route';
  readonly name: string;
  /** Path into the params in dots. */
  readonly field: string;
}

/** What a step needs: what was left out of its params, and its model route. */
export function needsOf({ type, data }: GraphNode): Need[] {
  if (type === 'note') return [];
  const { route } = data.params;
  const ownRoute = typeof route === 'string' && route !== '' && !route.includes('{{') && !GIVEN_ROUTES.includes(route);
  const params = Object.entries(data.params).filter(([name]) => !DATA_PARAMS.has(name));
  return [
    ...params.flatMap(([name, value]) => leftOutIn(value, [name])),
    ...leftOutIn(data.policy, ['policy']),
    ...(ownRoute ? [{ kind: 'route' as const, name: route, field: 'route' }] : []),
  ];
}

/** What was left out of the workflow's variables. */
export const variableNeeds = ({ vars }: Pick<Graph, 'vars'>): Need[] => leftOutIn(vars, []);

function leftOutIn(value: unknown, path: readonly (string | number)[]): Need[] {
  if (typeof value === 'string') {
    const kind = isConnectionParam(String(path.at(-1))) && isLeftOut(value) ? 'connection' : 'secret';
    return namesLeftOut(value).map((name) => ({ kind, name, field: path.join('.') }));
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => leftOutIn(item, [...path, index]));
  return isPlainObject(value) ? Object.entries(value).flatMap(([name, inner]) => leftOutIn(inner, [...path, name])) : [];
}
