import type { Graph, GraphEdge, GraphNode, Policy } from '../../graph/graph.ts';
import type { N8nNode } from './file.ts';
import type { Made } from './kinds/kind.ts';
import { wholeOf } from './view.ts';
import { type Draft, isEntry, type N8nNote, sourceFor, type World } from './world.ts';

/* Nodes and edges of the graph, from the converted nodes. */

/** Nodes here are wider than those of n8n. */
const SCALE = { x: 1.45, y: 1.2 };
const MARGIN = { x: 40, top: 70, bottom: 50 };
const CARD = { width: 200, height: 120 };
const FARTHEST = 1_000_000;

export function emit(world: World): { graph: Graph; notes: N8nNote[] } {
  const drafts = [...world.made.values()];
  const ids = new Map(drafts.map(({ node }, index) => [node.name, `n${index + 1}`]));
  const places = placesOf(drafts, world);
  // Edges first: they may add notes to the nodes.
  const edges = edgesOf(world, ids);
  const nodes = drafts.map((draft) => nodeOf(draft, { world, ids, places }));
  if (!world.start) addStart({ nodes, edges }, world, ids);
  else connectTriggers({ nodes, edges }, world, ids);
  addOutputs({ nodes, edges }, world, ids);
  return { graph: { nodes: nodes.sort(parentsFirst(nodes)), edges, vars: {} }, notes: notesOf(world, drafts) };
}

function notesOf({ otherStarts, start }: World, drafts: readonly Draft[]): N8nNote[] {
  const also = otherStarts.map(({ name }) => ({
    nodeName: name,
    what: `It also started the workflow. Here, “${start?.name}” is the only start, and it leads to the same nodes.`,
  }));
  return [...drafts.flatMap(({ node, notes }) => notes.map((what) => ({ nodeName: node.name, what }))), ...also];
}

/** Parents come before the nodes in them. */
const parentsFirst = (nodes: readonly GraphNode[]) => {
  const parents = new Map(nodes.map(({ id, parentId }) => [id, parentId]));
  const depth = ({ id }: GraphNode): number => {
    let levels = 0;
    for (let at = parents.get(id); at !== undefined; at = parents.get(at)) levels++;
    return levels;
  };
  return (one: GraphNode, two: GraphNode): number => depth(one) - depth(two);
};

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const bounded = (value: number, scale: number): number => Math.round(Math.min(FARTHEST, Math.max(-FARTHEST, value * scale)));

/** Where each node is on the canvas. A For-each is around the nodes in it. */
function placesOf(drafts: readonly Draft[], { regions, around }: World): Map<string, Box> {
  const places = new Map<string, Box>(
    drafts.map(({ node: { name, position } }) => [name, { x: bounded(position[0], SCALE.x), y: bounded(position[1], SCALE.y), ...CARD }]),
  );
  const inner = [...regions].sort(([one], [two]) => (around.get(two)?.length ?? 0) - (around.get(one)?.length ?? 0));
  for (const [maker, { inside }] of inner) {
    const boxes = [...inside].flatMap((name) => places.get(name) ?? []);
    if (boxes.length === 0) continue;
    const [x, y] = [Math.min(...boxes.map((box) => box.x)) - MARGIN.x, Math.min(...boxes.map((box) => box.y)) - MARGIN.top];
    const right = Math.max(...boxes.map((box) => box.x + box.width)) + MARGIN.x;
    const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN.bottom;
    places.set(maker, { x, y, width: right - x, height: bottom - y });
  }
  return places;
}

interface Around {
  readonly world: World;
  readonly ids: ReadonlyMap<string, string>;
  readonly places: ReadonlyMap<string, Box>;
}

function nodeOf(draft: Draft, { world, ids, places }: Around): GraphNode {
  const { node, made, notes } = draft;
  const [parent] = world.around.get(node.name) ?? [];
  const place = places.get(node.name) ?? { x: 0, y: 0, ...CARD };
  const outer = (parent !== undefined && places.get(parent)) || { x: 0, y: 0 };
  const note = [...notes, ...(node.notes ? [node.notes] : [])].join('\n\n').slice(0, 10_000);
  const size = sizeOf(draft, place);
  return {
    id: ids.get(node.name) ?? node.name,
    type: made.type === 'pass' ? 'merge' : made.type,
    position: { x: place.x - outer.x, y: place.y - outer.y },
    ...(parent !== undefined && { parentId: ids.get(parent) ?? '' }),
    ...size,
    data: {
      key: world.keys.get(node.name) ?? 'node',
      title: node.name.slice(0, 200),
      typeVersion: 1,
      params: made.type === 'pass' ? { mode: 'all' } : made.type === 'input' ? { ...made.params, samples: samplesOf(node, world) } : made.params,
      ...policyOf(node, made),
      ...(node.disabled === true && made.type !== 'input' && { disabled: true }),
      ...(note !== '' && made.type !== 'note' && { note }),
    },
  };
}

function sizeOf({ node, made }: Draft, { width, height }: Box): { width?: number; height?: number } {
  if (made.type === 'for-each') return { width, height };
  if (made.type !== 'note') return {};
  const { width: wide, height: high } = node.parameters;
  return { width: typeof wide === 'number' ? bounded(wide, SCALE.x) : 240, height: typeof high === 'number' ? bounded(high, SCALE.y) : 160 };
}

/** Data pinned to the trigger becomes a sample. */
function samplesOf({ name, type }: N8nNode, { file }: World): { name: string; value: unknown }[] {
  const pinned = file.pinData?.[name]?.[0];
  const json = typeof pinned === 'object' && pinned !== null && 'json' in pinned ? pinned.json : pinned;
  const value = type === 'n8n-nodes-base.webhook' && typeof json === 'object' && json !== null && 'body' in json ? json.body : json;
  return typeof value === 'object' && value !== null ? [{ name: 'Pinned in n8n', value }] : [];
}

function policyOf({ retryOnFail, maxTries, waitBetweenTries, onError }: N8nNode, { type, timeoutMs }: Made): { policy?: Policy } {
  if (type === 'note' || type === 'input' || type === 'placeholder') return {};
  const tries = Math.round(Math.min(21, Math.max(1, maxTries ?? 3)));
  const policy: Policy = {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retryOnFail === true && {
      retry: { max: tries - 1, backoffMs: Math.round(Math.min(3_600_000, Math.max(0, waitBetweenTries ?? 1_000))), factor: 1, jitter: 0 },
    }),
    ...(onError === 'continueErrorOutput' && { onError: 'branch' as const }),
  };
  return Object.keys(policy).length > 0 ? { policy } : {};
}

function edgesOf(world: World, ids: ReadonlyMap<string, string>): GraphEdge[] {
  const edges = new Map<string, GraphEdge>();
  for (const link of world.links) {
    const { name, isLifted } = sourceFor(link, world);
    const [draft, target] = [world.made.get(name), world.made.get(link.to)];
    const [source, to] = [ids.get(name), ids.get(link.to)];
    if (!draft || !target || !source || !to || isEntry(link, world)) continue;
    const normal = isLifted ? 'out' : draft.made.port ? draft.made.port(link.output) : link.output === 0 ? 'out' : undefined;
    const port = normal ?? (draft.node.onError === 'continueErrorOutput' ? 'error' : undefined);
    if (port === undefined || draft.made.type === 'output' || target.made.type === 'input') {
      draft.notes.push(`Its connection to “${link.to.slice(0, 100)}” was left out, because there is no such output here.`);
      continue;
    }
    const id = `${source}:${port}-${to}`;
    edges.set(id, { id, source, target: to, sourceHandle: port, targetHandle: 'in', ...(link.isBack && { data: { back: true } }) });
  }
  return [...edges.values()];
}

interface Parts {
  readonly nodes: GraphNode[];
  readonly edges: GraphEdge[];
}

const edge = (source: string, target: string): GraphEdge => ({ id: `${source}:out-${target}`, source, target, sourceHandle: 'out', targetHandle: 'in' });

const canStart = ({ made, node }: Draft, { incoming }: World): boolean =>
  made.type !== 'note' && made.type !== 'input' && node.disabled !== true && (incoming.get(node.name) ?? []).every(({ isBack }) => isBack);

/** An Input node before everything that nothing leads to. */
function addStart({ nodes, edges }: Parts, world: World, ids: ReadonlyMap<string, string>): void {
  const firsts = [...world.made.values()].filter((draft) => canStart(draft, world) && (world.around.get(draft.node.name) ?? []).length === 0);
  const x = Math.min(0, ...nodes.filter(({ parentId }) => parentId === undefined).map(({ position }) => position.x)) - 280;
  const taken = new Set(world.keys.values());
  let key = 'input_node';
  while (taken.has(key)) key = `${key}_2`;
  nodes.unshift({
    id: 'start',
    type: 'input',
    position: { x, y: nodes[0]?.position.y ?? 0 },
    data: { key, title: 'Input', typeVersion: 1, params: { schema: { type: 'object' }, samples: [] } },
  });
  for (const { node } of firsts) edges.push(edge('start', ids.get(node.name) ?? ''));
}

/** Triggers without a counterpart follow the Input node. */
function connectTriggers({ edges }: Parts, world: World, ids: ReadonlyMap<string, string>): void {
  const start = ids.get(world.start?.name ?? '') ?? '';
  for (const draft of world.made.values()) {
    if (canStart(draft, world) && /trigger$/i.test(draft.node.type) && !/errorTrigger$/.test(draft.node.type))
      edges.push(edge(start, ids.get(draft.node.name) ?? ''));
  }
}

const LAST_NODE = new Set(['@n8n/n8n-nodes-langchain.chatTrigger', 'n8n-nodes-base.executeWorkflowTrigger']);

/** Workflows that return the output of their last node get an Output node behind it. */
function addOutputs({ nodes, edges }: Parts, world: World, ids: ReadonlyMap<string, string>): void {
  const { start } = world;
  if (!start || !(LAST_NODE.has(start.type) || start.parameters.responseMode === 'lastNode')) return;
  const leaving = new Set(edges.map(({ source }) => source));
  const keys = new Set(world.keys.values());
  for (const { node, made, item } of [...world.made.values()]) {
    const id = ids.get(node.name) ?? '';
    if (leaving.has(id) || ['note', 'output', 'input', 'condition', 'classify'].includes(made.type) || (world.around.get(node.name) ?? []).length > 0) continue;
    const at = nodes.find((one) => one.id === id)?.position ?? { x: 0, y: 0 };
    let key = 'output';
    for (let number = 2; keys.has(key); number++) key = `output_${number}`;
    keys.add(key);
    const params = { value: `{{ ${wholeOf(item)} }}` };
    nodes.push({ id: `end_${id}`, type: 'output', position: { x: at.x + 290, y: at.y }, data: { key, title: 'Output', typeVersion: 1, params } });
    edges.push(edge(id, `end_${id}`));
  }
}
