import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { rewriteNode } from '@switchyard/shared/graph/rewrite-node.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { containerOf, isContainer } from './containers.ts';
import { findNode } from './node-names.ts';
import type { Definitions } from './ports.ts';

/** What the defaults of node types read. */
const MESSAGE = /\binput\.message\b/g;
const ITEMS = 'input.items';

/**
 * A new node of the graph with the defaults of its type fitted to its place: inside a for-each, it reads `item`, and a review shows it with the
 * texts of the steps before. Elsewhere, a new for-each reads the only list of the input. `after`: the node it will be connected to.
 */
export function withFirstParams(graph: Graph, node: GraphNode, definitions: Definitions, after: string | undefined): GraphNode {
  if (containerOf(graph, node.id) !== undefined) {
    const fitted = rewriteNode(node, definitions, ({ source }) => source.replace(MESSAGE, 'item'));
    const isBare = fitted.type === 'human-review' && fitted.data.params.context === undefined;
    return isBare ? { ...fitted, data: { ...fitted.data, params: { ...fitted.data.params, context: shownToReviewer(graph, after, definitions) } } } : fitted;
  }
  const list = isContainer(node, definitions) ? onlyList(graph, definitions) : undefined;
  return list === undefined ? node : rewriteNode(node, definitions, ({ source }) => source.replace(ITEMS, `input.${list}`));
}

const MOST_SHOWN = 5;

/** The item, and what the steps on the way to a node have written. */
function shownToReviewer(graph: Graph, after: string | undefined, definitions: Definitions): { name: string; value: string }[] {
  const way: GraphNode[] = [];
  for (let id = after; id !== undefined && way.length < MOST_SHOWN; ) {
    const node = findNode(graph, id);
    if (!node || way.includes(node)) break;
    way.unshift(node);
    id = graph.edges.find(({ target }) => target === node.id)?.source;
  }
  const texts = way.filter(({ type, data }) => {
    const shape = definitions(type)?.output(data.params).properties;
    return isPlainObject(shape) && Object.hasOwn(shape, 'text');
  });
  return [{ name: 'Item', value: '{{ item }}' }, ...texts.map(({ data }) => ({ name: data.title, value: `{{ steps.${data.key}.text }}` }))];
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** The field of the input that is a list, if there is exactly one. */
function onlyList(graph: Graph, definitions: Definitions): string | undefined {
  const schema = graph.nodes.find(({ type }) => definitions(type)?.role === 'start')?.data.params.schema;
  const properties = isPlainObject(schema) && isPlainObject(schema.properties) ? Object.entries(schema.properties) : [];
  const lists = properties.filter(([name, property]) => IDENTIFIER.test(name) && isPlainObject(property) && property.type === 'array');
  return lists.length === 1 ? lists[0]?.[0] : undefined;
}
