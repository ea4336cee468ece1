import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A unique ID such as `n_k3f90x2a`. Uses `getRandomValues`, since `randomUUID` is missing on pages served over plain HTTP. */
export function newId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `${prefix}_${[...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;
}

/** The key derived from a title: `Classify intent` becomes `classify_intent` (S2). */
export function keyFromTitle(title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 60);
  return words === '' || RESERVED.has(words) ? 'step' : words;
}

const RESERVED = new Set(['in', 'true', 'false', 'null']);

const withoutNumber = (key: string): string => key.replace(/_\d+$/, '');

/** Whether a key is derived from its node’s title, with or without a number, and so was not chosen by hand. */
export const isKeyOfTitle = ({ key, title }: Pick<GraphNode['data'], 'key' | 'title'>): boolean => withoutNumber(key) === withoutNumber(keyFromTitle(title));

/** `wanted`, or `wanted_2`, `wanted_3` … if it is in use. */
export function freeKey(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const stem = withoutNumber(wanted);
  for (let number = 2; ; number++) {
    const key = `${stem}_${number}`;
    if (!taken.has(key)) return key;
  }
}

export const keysOf = (graph: Graph): Set<string> => new Set(graph.nodes.map((node) => node.data.key));
export const titlesOf = (graph: Graph): Set<string> => new Set(graph.nodes.map((node) => node.data.title));
export const findNode = (graph: Graph, id: string): GraphNode | undefined => graph.nodes.find((node) => node.id === id);
