import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { rewriteNode } from '@switchyard/shared/graph/rewrite-node.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { containerOf, isContainer } from './containers.ts';
import type { Definitions } from './ports.ts';

/** What the defaults of node types read. */
const MESSAGE = /\binput\.message\b/g;
const ITEMS = 'input.items';

/**
 * A new node of the graph with the defaults of its type fitted to its place: inside a for-each, it reads `item`, and elsewhere, a new for-each
 * reads the only list of the input.
 */
export function withFirstParams(graph: Graph, node: GraphNode, definitions: Definitions): GraphNode {
  if (containerOf(graph, node.id) !== undefined) return rewriteNode(node, definitions, ({ source }) => source.replace(MESSAGE, 'item'));
  const list = isContainer(node, definitions) ? onlyList(graph, definitions) : undefined;
  return list === undefined ? node : rewriteNode(node, definitions, ({ source }) => source.replace(ITEMS, `input.${list}`));
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** The field of the input that is a list, if there is exactly one. */
function onlyList(graph: Graph, definitions: Definitions): string | undefined {
  const schema = graph.nodes.find(({ type }) => definitions(type)?.role === 'start')?.data.params.schema;
  const properties = isPlainObject(schema) && isPlainObject(schema.properties) ? Object.entries(schema.properties) : [];
  const lists = properties.filter(([name, property]) => IDENTIFIER.test(name) && isPlainObject(property) && property.type === 'array');
  return lists.length === 1 ? lists[0]?.[0] : undefined;
}
