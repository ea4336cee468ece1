import type { Service } from '../../contracts/connections/services.ts';
import { timeZone } from '../../contracts/contract.ts';
import type { Graph } from '../../graph/graph.ts';
import { type IncludedTrigger, MOST_TRIGGERS } from '../included.ts';
import { emit } from './emit.ts';
import { type N8nFile, readN8nFile } from './file.ts';
import { Unsupported } from './js/tree.ts';
import { CODE_TYPES, kindOf, reasonFor } from './kinds/all.ts';
import { codeKind } from './kinds/code.ts';
import { insideView } from './kinds/data.ts';
import type { At, Kind, Made } from './kinds/kind.ts';
import { triggersOf } from './kinds/trigger-settings.ts';
import { TRIGGER_ORDER } from './kinds/triggers.ts';
import { LOOP, type Region } from './regions.ts';
import { textsOf } from './texts.ts';
import { celOf, eitherOf, isPlace, memoized, optionalOf, type View, viewAt, wholeOf } from './view.ts';
import { type Draft, isEntry, type N8nNote, sourceFor, type World, worldOf } from './world.ts';

/*
 * A workflow of n8n as one of ours. Pure: nothing in the file runs, and nothing is looked up. What has no counterpart becomes a
 * placeholder that keeps the original, so nothing is lost and nothing runs differently unnoticed.
 */

export interface FromN8n {
  readonly name: string;
  readonly graph: Graph;
  readonly notes: readonly N8nNote[];
  /** Its schedules and forms. */
  readonly triggers: readonly IncludedTrigger[];
  /** How many nodes the file has, and how many of them became nodes that do the same. */
  readonly nodes: number;
  readonly carriedOver: number;
}

const MOST_NOTES = 1_000;
const WAIT = 'n8n-nodes-base.wait';
/** The output ports of a placeholder. */
const PLACEHOLDER_OUTPUTS = 4;

export function fromN8n(value: unknown, services: readonly Service[]): FromN8n {
  const file = readN8nFile(value);
  const world = worldOf(file, services);
  for (const name of world.order) world.made.set(name, draftOf(name, world));
  for (const [maker, region] of world.regions) setResult(maker, region, world);
  const found = [world.start, ...world.otherStarts].flatMap((node) => (node ? [{ node, ...triggersOf(node, timeZoneOf(file)) }] : []));
  const { graph, notes: ofNodes } = emit(world);
  const notes = [...ofNodes, ...found.flatMap(({ node, notes: ofTriggers }) => ofTriggers.map((what) => ({ nodeName: node.name, what })))];
  const drafts = [...world.made.values()];
  const left = drafts
    .filter(({ made }) => made.type === 'placeholder')
    .reduce((sum, { node }) => sum + 1 + (world.flow.helpers.get(node.name)?.length ?? 0), 0);
  return {
    name: file.name.trim().slice(0, 200) || 'From n8n',
    graph,
    notes: notes.slice(0, MOST_NOTES),
    triggers: found.flatMap(({ triggers }) => triggers).slice(0, MOST_TRIGGERS),
    nodes: file.nodes.length,
    carriedOver: Math.max(0, file.nodes.length - left),
  };
}

/** The time zone in the settings of the workflow. Undefined if it is that of the server. */
function timeZoneOf({ settings }: N8nFile): string | undefined {
  const name = settings?.timezone;
  return typeof name === 'string' && name !== 'DEFAULT' && timeZone.safeParse(name).success ? name : undefined;
}

interface Arriving {
  readonly item: View;
  readonly list: string;
  readonly input: number;
}

function arrivingAt(name: string, world: World): Arriving[] {
  return (world.incoming.get(name) ?? []).flatMap((link): Arriving[] => {
    const source = world.made.get(sourceFor(link, world).name);
    if (link.isBack || !source) return [];
    if (isEntry(link, world)) return [{ item: insideView({ node: source.node, params: source.node.parameters }), list: '[item]', input: link.input }];
    return [{ item: source.item, list: source.list(), input: link.input }];
  });
}

/** Another node, as an expression of this one reads it. */
function readNode(name: string, reader: string, world: World): { readonly item: View; readonly list: string } {
  const { around, made, regions } = world;
  const makers = around.get(reader) ?? [];
  const target = world.otherStarts.some((other) => other.name === name) ? (world.start?.name ?? name) : name;
  const draft = made.get(target);
  if (!draft) throw new Unsupported(`“${name.slice(0, 100)}”, which doesn’t come before it`);
  if (makers.includes(target) && regions.has(target)) return { item: insideView({ node: draft.node, params: draft.node.parameters }), list: '[item]' };
  if ((around.get(target) ?? []).some((maker) => !makers.includes(maker))) throw new Unsupported(`“${name.slice(0, 100)}”, which is inside a For-each`);
  return { item: draft.item, list: draft.list() };
}

/** The Wait node for a request that comes next after a node, as the key of a callback. */
function resumeOf(name: string, { outgoing, flow, keys }: World): string | undefined {
  const waits = [...flow.nodes.values()].filter(({ type, parameters }) => type === WAIT && parameters.resume === 'webhook').map((node) => node.name);
  const [only, ...others] = waits;
  if (only === undefined || others.length === 0) return only === undefined ? undefined : keys.get(only);
  const seen = new Set([name]);
  for (let front = [name]; front.length > 0; ) {
    const next = [...new Set(front.flatMap((one) => (outgoing.get(one) ?? []).map(({ to }) => to)))].filter((one) => !seen.has(one));
    const found = next.find((one) => waits.includes(one));
    if (found !== undefined) return keys.get(found);
    for (const one of next) seen.add(one);
    front = next;
  }
  return undefined;
}

function atOf(name: string, world: World, note: (what: string) => void): At | undefined {
  const node = world.flow.nodes.get(name);
  if (!node) return undefined;
  const arriving = arrivingAt(name, world);
  const json = memoized(arriving.length > 0 ? eitherOf(arriving.map(({ item }) => item)) : () => ({ cel: 'null' }));
  const lists = new Set(arriving.map(({ list }) => list));
  const list = lists.size === 1 ? [...lists].join() : `[${wholeOf(json)}]`;
  const isInLoop = (world.around.get(name) ?? []).length > 0;
  const resume = resumeOf(name, world);
  const scope = { json, list, isInLoop, ...(resume !== undefined && { resume }), node: (other: string) => readNode(other, name, world) };
  const count = Math.max(0, ...arriving.map(({ input }) => input)) + 1;
  const inputs = Array.from({ length: Math.min(count, 50) }, (_, input) => arriving.find((one) => one.input === input)).flatMap((one) => one ?? []);
  return {
    node,
    params: node.parameters,
    output: `steps.${world.keys.get(name)}`,
    texts: textsOf(scope, note),
    json,
    list,
    inputs,
    each: world.regions.has(name) ? { result: '' } : undefined,
    isInLoop,
    targets: (world.outgoing.get(name) ?? []).flatMap(({ to }) => world.flow.nodes.get(to) ?? []),
    services: world.services,
    helpers: world.flow.helpers.get(name) ?? [],
    note,
  };
}

function draftOf(name: string, world: World): Draft {
  const notes: string[] = [];
  const at = atOf(name, world, (what) => {
    if (!notes.includes(what)) notes.push(what);
  });
  if (!at) throw new Unsupported(`“${name}”`);
  const made = convertNode(at, world);
  const done = typeof made === 'string' ? placeholderFor(at, made, notes) : made;
  const item = memoized(done.item ?? viewAt(at.output));
  return { node: at.node, made: done, notes, item, list: () => done.list ?? `[${wholeOf(item)}]`, arrives: at.json };
}

function convertNode(at: At, world: World): Made | string {
  const { type, name } = at.node;
  const kind: Kind | undefined = CODE_TYPES.has(type) ? codeKind((other) => readNode(other, name, world)) : kindOf(type);
  if (!kind) return reasonFor(type);
  if (TRIGGER_ORDER.includes(type) && name !== world.start?.name) return 'It is disabled';
  try {
    return kind(at);
  } catch (thrown) {
    if (!(thrown instanceof Unsupported)) throw thrown;
    return `it uses ${thrown.message}`;
  }
}

function placeholderFor({ node, helpers, output }: At, reason: string, notes: string[]): Made {
  const why = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
  notes.splice(0, notes.length, `Stays a placeholder. ${why} Replace it.`);
  const params = { app: 'n8n', original: helpers.length > 0 ? { ...node, uses: helpers.map((helper) => helper.node) } : { ...node }, why };
  return {
    type: 'placeholder',
    params,
    item: viewAt(output),
    port: (index) => (index === 0 ? 'out' : index < PLACEHOLDER_OUTPUTS ? `out_${index + 1}` : undefined),
  };
}

/** Sets what a For-each collects of each item: the items that leave it, or that return to its start. */
function setResult(maker: string, { inside }: Region, world: World): void {
  const draft = world.made.get(maker);
  if (draft?.made.type !== 'for-each') return;
  const isLoop = draft.node.type === LOOP;
  const ends = world.flow.links.filter(({ from, to }) => inside.has(from) && (isLoop ? to === maker : !inside.has(to)));
  const lifted = ends.map(({ from }) => {
    const makers = world.around.get(from) ?? [];
    return makers[makers.indexOf(maker) - 1] ?? from;
  });
  const views = [...new Set(lifted)].flatMap((name) => world.made.get(name)?.item ?? []);
  if (views.length === 0) return;
  try {
    const source = eitherOf(views)([]);
    const optional = isPlace(source) ? optionalOf(source, true) : undefined;
    draft.made.params.result = `{{ ${optional ? `${optional}.orValue(null)` : celOf(source)} }}`;
  } catch (thrown) {
    if (!(thrown instanceof Unsupported)) throw thrown;
  }
}
