import type { N8nNode } from './file.ts';
import { type Flow, type Link, linksBy, reachable } from './flow.ts';

/* n8n runs each node once per item. The parts between a node that makes a list and one that collects it become a For-each. */

export interface Region {
  readonly inside: ReadonlySet<string>;
  /** The output that leads into it. */
  readonly entry: number;
}

const SPLITTERS = new Set(['n8n-nodes-base.splitOut', 'n8n-nodes-base.itemLists']);
export const LOOP = 'n8n-nodes-base.splitInBatches';
const COLLECTORS = new Set([
  'n8n-nodes-base.aggregate',
  'n8n-nodes-base.summarize',
  'n8n-nodes-base.respondToWebhook',
  'n8n-nodes-base.limit',
  'n8n-nodes-base.sort',
  'n8n-nodes-base.removeDuplicates',
  'n8n-nodes-base.stopAndError',
]);
const MOST_REGIONS = 100;
const MOST_STOPS = 50;

export const isSplitter = ({ type, parameters }: N8nNode): boolean =>
  type === 'n8n-nodes-base.splitOut' || (type === 'n8n-nodes-base.itemLists' && (parameters.operation ?? 'splitOutItems') === 'splitOutItems');
export const isCollector = ({ type, parameters }: N8nNode): boolean =>
  COLLECTORS.has(type) || (SPLITTERS.has(type) && type !== 'n8n-nodes-base.splitOut' && (parameters.operation ?? 'splitOutItems') !== 'splitOutItems');
/** The output of a loop node for each item. Before version 3, it was the first one. */
export const loopOutput = ({ typeVersion }: N8nNode): number => (typeVersion >= 3 ? 1 : 0);

/** The part that runs per item, by the node that makes the items. */
export function regionsOf({ nodes, links }: Flow): Map<string, Region> {
  const outgoing = linksBy(links, 'from');
  const incoming = linksBy(links, 'to');
  const collectors = new Set([...nodes.values()].filter(isCollector).map(({ name }) => name));
  const found = new Map<string, Region>();
  const makers = [...nodes.values()].filter((node) => node.disabled !== true && (node.type === LOOP || isSplitter(node)));
  for (const maker of makers.slice(0, MOST_REGIONS)) {
    const inside = maker.type === LOOP ? loopBody(maker, outgoing, incoming) : splitBody(maker, { nodes, outgoing, incoming, collectors });
    if (inside && inside.size > 0) found.set(maker.name, { inside, entry: maker.type === LOOP ? loopOutput(maker) : 0 });
  }
  return withoutCrossing(found);
}

type Links = ReadonlyMap<string, readonly Link[]>;
const targets = (outgoing: Links, name: string, output: number): string[] =>
  (outgoing.get(name) ?? []).filter((link) => link.output === output).map(({ to }) => to);

function loopBody(loop: N8nNode, outgoing: Links, incoming: Links): Set<string> | undefined {
  const self = new Set([loop.name]);
  const entry = loopOutput(loop);
  const after = reachable(targets(outgoing, loop.name, 1 - entry), outgoing, self);
  const inside = reachable(targets(outgoing, loop.name, entry), outgoing, self);
  for (const name of after) inside.delete(name);
  const isClosed = [...inside].every((name) =>
    (incoming.get(name) ?? []).every(({ from, output }) => inside.has(from) || (from === loop.name && output === entry)),
  );
  return isClosed ? inside : undefined;
}

interface Around {
  readonly nodes: Flow['nodes'];
  readonly outgoing: Links;
  readonly incoming: Links;
  readonly collectors: ReadonlySet<string>;
}

/** Ends where items are collected, and where something from elsewhere joins. */
function splitBody({ name: maker }: N8nNode, { nodes, outgoing, incoming, collectors }: Around): Set<string> | undefined {
  const entries = targets(outgoing, maker, 0);
  const [first] = entries;
  if (entries.length === 1 && nodes.get(first ?? '')?.type === LOOP) return undefined;
  const stops = new Set([...collectors, maker]);
  for (let round = 0; round < MOST_STOPS; round++) {
    const inside = reachable(entries, outgoing, stops);
    const joined = [...inside].filter((name) => (incoming.get(name) ?? []).some(({ from }) => from !== maker && !inside.has(from)));
    if (joined.length === 0) return inside;
    for (const name of joined) stops.add(name);
  }
  return undefined;
}

/** Leaves out regions that overlap others without being inside them. */
function withoutCrossing(regions: Map<string, Region>): Map<string, Region> {
  for (const [maker, { inside }] of regions) {
    for (const [other, region] of regions) {
      if (other === maker || !regions.has(maker)) continue;
      const shared = [...inside].filter((name) => region.inside.has(name)).length;
      const isNested = region.inside.has(maker) ? shared === inside.size : inside.has(other) ? shared === region.inside.size : shared === 0;
      if (!isNested) regions.delete(inside.size > region.inside.size ? maker : other);
    }
  }
  return regions;
}
