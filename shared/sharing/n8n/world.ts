import type { Service } from '../../contracts/connections/services.ts';
import type { N8nFile, N8nNode } from './file.ts';
import { type Flow, flowOf, type Link, linksBy, ordered, withLoops } from './flow.ts';
import type { Made } from './kinds/kind.ts';
import { TRIGGER_ORDER } from './kinds/triggers.ts';
import { keyMaker } from './naming.ts';
import { LOOP, type Region, regionsOf } from './regions.ts';
import type { View } from './view.ts';

export interface N8nNote {
  readonly nodeName: string;
  readonly what: string;
}

/** A converted node. */
export interface Draft {
  readonly node: N8nNode;
  readonly made: Made;
  readonly notes: string[];
  readonly item: View;
  list(): string;
  /** The item that arrives. */
  readonly arrives: View;
}

/** Everything that is known about the file while its nodes are converted. */
export interface World {
  readonly file: N8nFile;
  readonly flow: Flow;
  readonly services: readonly Service[];
  /** The trigger that becomes the Input node. */
  readonly start: N8nNode | undefined;
  /** Triggers whose connections now start at the Input node. */
  readonly otherStarts: readonly N8nNode[];
  /** Links between the nodes that are converted. Loops are marked. */
  readonly links: readonly Link[];
  readonly incoming: ReadonlyMap<string, readonly Link[]>;
  readonly outgoing: ReadonlyMap<string, readonly Link[]>;
  readonly order: readonly string[];
  readonly regions: ReadonlyMap<string, Region>;
  /** The makers of the For-each nodes around a node, from the inside out. */
  readonly around: ReadonlyMap<string, readonly string[]>;
  readonly keys: ReadonlyMap<string, string>;
  readonly made: Map<string, Draft>;
}

export function worldOf(file: N8nFile, services: readonly Service[]): World {
  const flow = flowOf(file);
  const starts = [...flow.nodes.values()].filter(({ type, disabled }) => disabled !== true && TRIGGER_ORDER.includes(type));
  const [start, ...otherStarts] = starts.sort((one, two) => TRIGGER_ORDER.indexOf(one.type) - TRIGGER_ORDER.indexOf(two.type));
  const used = new Set([...flow.helpers.values()].flat().map(({ node }) => node.name));
  const isTaken = new Set([...otherStarts.map(({ name }) => name), ...used].filter((name) => name !== start?.name));
  const all = uniqueLinks(
    flow.links.map((link) => (start && otherStarts.some(({ name }) => name === link.from) ? { ...link, from: start.name, output: 0 } : link)),
  );
  const given = all.filter(({ from, to }) => !isTaken.has(from) && !isTaken.has(to));
  const names = [...flow.nodes.keys()].filter((name) => !isTaken.has(name));
  const regions = regionsOf({ ...flow, links: given });
  const structural = given.filter(({ from, to }) => !(flow.nodes.get(to)?.type === LOOP && regions.get(to)?.inside.has(from)));
  const first = start ? [start.name, ...names.filter((name) => name !== start.name)] : sourcesFirst(names, structural);
  const links = withLoops(first, structural);
  const nextKey = keyMaker();
  const keys = new Map(names.map((name) => [name, nextKey(name)]));
  const around = new Map(names.map((name) => [name, makersAround(name, regions)]));
  return {
    file,
    flow,
    services,
    start,
    otherStarts,
    links,
    incoming: linksBy(links, 'to'),
    outgoing: linksBy(links, 'from'),
    order: ordered(names, links),
    regions,
    around,
    keys,
    made: new Map(),
  };
}

const uniqueLinks = (links: readonly Link[]): Link[] => [
  ...new Map(links.map((link) => [JSON.stringify([link.from, link.output, link.to, link.input]), link])).values(),
];

function sourcesFirst(names: readonly string[], links: readonly Link[]): string[] {
  const targets = new Set(links.map(({ to }) => to));
  return [...names.filter((name) => !targets.has(name)), ...names.filter((name) => targets.has(name))];
}

const makersAround = (name: string, regions: ReadonlyMap<string, Region>): string[] =>
  [...regions]
    .filter(([, { inside }]) => inside.has(name))
    .sort(([, one], [, two]) => one.inside.size - two.inside.size)
    .map(([maker]) => maker);

/** The node that a link leaves from, as seen from its target: the For-each around it, if the target is outside. */
export function sourceFor({ from, to }: Link, { around }: Pick<World, 'around'>): { readonly name: string; readonly isLifted: boolean } {
  const outside = (around.get(from) ?? []).filter((maker) => !(around.get(to) ?? []).includes(maker));
  return { name: outside.at(-1) ?? from, isLifted: outside.length > 0 };
}

/** Whether a link leads from the maker of a For-each to what is inside. */
export const isEntry = ({ from, to, output }: Link, { regions }: Pick<World, 'regions'>): boolean => {
  const region = regions.get(from);
  return region?.entry === output && region.inside.has(to);
};
