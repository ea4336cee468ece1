import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { matchScore, wordsOf } from '../../frame/match-words.ts';
import { flowOrder } from '../view/flow-graph.ts';

const texts = new WeakMap<object, string>();

/** All texts in a node’s params: prompts, URLs, expressions. Computed once for each version of the params. */
export function textOfParams({ data: { params } }: GraphNode): string {
  const known = texts.get(params);
  if (known !== undefined) return known;
  const found: string[] = [];
  collect(params, found);
  const text = found.join(' ');
  texts.set(params, text);
  return text;
}

function collect(value: unknown, found: string[]): void {
  if (typeof value === 'string') found.push(value);
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner, found);
}

/** The nodes that match a search, by title, key, type, note, or text of their params. Best first, otherwise in flow order. */
export function findNodes(graph: Graph, search: string): string[] {
  const words = wordsOf(search);
  if (words.length === 0) return [];
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return flowOrder(graph)
    .flatMap((id) => {
      const node = nodes.get(id);
      const score = node ? scoreOf(node, words) : 0;
      return score > 0 ? [{ id, score }] : [];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ id }) => id);
}

function scoreOf(node: GraphNode, words: readonly string[]): number {
  const { title, key, note = '' } = node.data;
  const type = definitionOf(node.type)?.title ?? node.type;
  return matchScore({ title, keywords: [key.toLowerCase(), type.toLowerCase()], rest: `${node.type} ${note} ${textOfParams(node)}` }, words);
}
