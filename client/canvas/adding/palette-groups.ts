import type { Category, NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';

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

/** Node types in their groups, those alone that fit all words of the search; a title that begins with it comes first. */
export function paletteGroups(definitions: readonly NodeDefinition[], search: string): PaletteGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = definitions.filter((definition) => words.every((word) => haystack(definition).includes(word)));
  const begins = (definition: NodeDefinition) => words[0] !== undefined && definition.title.toLowerCase().startsWith(words[0]);
  return TITLES.map(([category, title]) => {
    const items = fitting.filter((definition) => definition.category === category);
    return { title, items: [...items.filter(begins), ...items.filter((definition) => !begins(definition))] };
  }).filter((group) => group.items.length > 0);
}

const haystack = ({ title, summary, type, category }: NodeDefinition): string => `${title} ${summary} ${type} ${category}`.toLowerCase();

/** The item that Enter adds while nothing else is chosen: the first whose title begins with the search, else the first of all. */
export function bestMatch(groups: readonly PaletteGroup[], search: string): NodeDefinition | undefined {
  const items = groups.flatMap((group) => group.items);
  const wanted = search.trim().toLowerCase();
  return (wanted ? items.find((item) => item.title.toLowerCase().startsWith(wanted)) : undefined) ?? items[0];
}

/** Node types that can stand at the other end of a wire that was pulled from this side of a node. */
export const fitting = (definitions: readonly NodeDefinition[], side: 'source' | 'target'): NodeDefinition[] =>
  definitions.filter((definition) => {
    const ports = definition.ports(definition.defaults);
    return (side === 'source' ? ports.inputs : ports.outputs).length > 0;
  });
