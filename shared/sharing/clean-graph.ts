import type { Graph, GraphNode } from '../graph/graph.ts';
import type { NodeCatalog } from '../graph/node-kind.ts';
import { isPlainObject } from '../json.ts';
import type { Included } from './included.ts';
import { isConnectionParam, isLeftOut, leftOut } from './left-out.ts';
import { namesSecret, withoutSecretTexts } from './secret-texts.ts';

export interface Cleaning {
  readonly catalog: NodeCatalog;
  /** The name to write for a reference to a connection. */
  connectionName(reference: string): string;
}

/**
 * The graph as it may be shared: connections by name only, and no secret typed into a field, as far as its name or format reveals it.
 * Cleaning a clean graph changes nothing.
 */
export function cleanGraph(graph: Graph, cleaning: Cleaning): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => cleanNode(node, cleaning)),
    ...(graph.vars && { vars: cleanObject(graph.vars, cleanerOf(cleaning)) }),
    ...(graph.helpers !== undefined && { helpers: withoutSecretTexts(graph.helpers) }),
  };
}

/** What a file includes besides the graph, by the same rules. */
export function cleanIncluded({ prompts, policies, budgets, queue, triggers, tables }: Included): Included {
  const clean = cleanerOf({ connectionName: (reference) => reference });
  return {
    ...(prompts && { prompts: prompts.map((prompt) => cleanObject(prompt, clean)) }),
    ...(policies && { policies: cleanObject(policies, clean) }),
    ...(budgets && { budgets: budgets.map((budget) => cleanObject(budget, clean)) }),
    ...(queue && { queue }),
    ...(triggers && { triggers: triggers.map((trigger) => cleanObject(trigger, clean)) }),
    ...(tables && { tables }),
  };
}

function cleanNode(node: GraphNode, cleaning: Cleaning): GraphNode {
  const { data } = node;
  const clean = cleanerOf(cleaning, expressionsOf(node, cleaning.catalog));
  return {
    ...node,
    data: {
      ...data,
      title: withoutSecretTexts(data.title).slice(0, 200),
      params: cleanObject(data.params, clean),
      ...(data.policy && { policy: cleanObject(data.policy, clean) }),
      ...(data.note !== undefined && { note: withoutSecretTexts(data.note) }),
    },
  };
}

/** Sources of a node's CEL expressions and scripts. They are code: a field `token` with the value `input.token` contains no secret. */
function expressionsOf({ type, data }: GraphNode, catalog: NodeCatalog): ReadonlySet<string> {
  const fields = catalog(type)?.expressions(data.params) ?? [];
  return new Set(fields.filter(({ kind }) => kind !== 'template').map(({ source }) => source));
}

type CleanText = (text: string, name: string) => string;

const cleanerOf =
  ({ connectionName }: Pick<Cleaning, 'connectionName'>, code: ReadonlySet<string> = new Set()): CleanText =>
  (text, name) => {
    if (text === '' || isLeftOut(text)) return text;
    if (isConnectionParam(name)) return leftOut(connectionName(text));
    if (namesSecret(name) && !text.includes('{{') && !code.has(text)) return leftOut(name);
    return withoutSecretTexts(text);
  };

// By entries, so that a key such as __proto__ stays an ordinary key.
const cleanObject = <T extends object>(object: T, clean: CleanText): T => {
  const pair = pairName(object);
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, cleanValue(value, key === 'value' && pair !== undefined ? pair : key, clean)]),
  ) as T;
};

function cleanValue(value: unknown, name: string, clean: CleanText): unknown {
  if (typeof value === 'string') return clean(value, name);
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, name, clean));
  return isPlainObject(value) ? cleanObject(value, clean) : value;
}

/** The name of a header, query parameter, or form field: `{name, value}`. */
const pairName = (object: object): string | undefined =>
  'name' in object && typeof object.name === 'string' && 'value' in object && typeof object.value === 'string' ? object.name : undefined;
