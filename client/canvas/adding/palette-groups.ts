import type { Category, NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import { matchScore, wordsOf } from '../../frame/match-words.ts';

export interface PaletteGroup {
  readonly title: string;
  readonly items: readonly NodeDefinition[];
}

const TITLES: readonly (readonly [Category, string])[] = [
  ['flow', 'Flow'],
  ['ai', 'AI'],
  ['data', 'Data'],
  ['tools', 'Tools'],
  ['people', 'People'],
];

/** In a for-each, most nodes work on the item. */
const INSIDE: readonly Category[] = ['ai', 'data', 'flow', 'tools', 'people'];

/** Node types that match the search, by group. The best match and its group come first. `inside` a for-each, flow isn’t the first group. */
export function paletteGroups(definitions: readonly NodeDefinition[], search: string, inside = false): PaletteGroup[] {
  const words = wordsOf(search);
  const scored = definitions
    .map((item) => ({ item, score: matchScore({ title: item.title, keywords: item.keywords, rest: `${item.summary} ${item.type} ${item.category}` }, words) }))
    .filter(({ score }) => score > 0)
    .sort((one, two) => two.score - one.score);
  const titles = inside ? [...TITLES].sort(([one], [two]) => INSIDE.indexOf(one) - INSIDE.indexOf(two)) : TITLES;
  return titles
    .map(([category, title]) => ({ title, found: scored.filter(({ item }) => item.category === category) }))
    .filter(({ found }) => found.length > 0)
    .sort((one, two) => (two.found[0]?.score ?? 0) - (one.found[0]?.score ?? 0))
    .map(({ title, found }) => ({ title, items: found.map(({ item }) => item) }));
}

/** The item that Enter adds until another is chosen. */
export const bestMatch = (groups: readonly PaletteGroup[]): NodeDefinition | undefined => groups[0]?.items[0];

/** Node types that can be connected to an edge drawn from this side of a node. */
export const fitting = (definitions: readonly NodeDefinition[], side: 'source' | 'target'): NodeDefinition[] =>
  definitions.filter((definition) => {
    const ports = definition.ports(definition.defaults);
    return (side === 'source' ? ports.inputs : ports.outputs).length > 0;
  });

/** Node types that can be inside a for-each (S32). */
export const fittingInside = (definitions: readonly NodeDefinition[]): NodeDefinition[] => definitions.filter(({ role }) => role !== 'start' && role !== 'end');
