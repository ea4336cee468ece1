import type { Graph, GraphEdge, GraphNode, Policy } from '@switchyard/shared/graph/graph.ts';

/** What the random graphs may contain. */
export interface Recipe {
  readonly nodes: number;
  /** Without them, every step's outcome follows from the graph, whatever happens outside. */
  readonly withFailures: boolean;
  readonly withLoop: boolean;
  /** For-each nodes, and for-each nodes in them. */
  readonly withItems?: boolean;
  /** Callbacks, and child runs of these workflows. */
  readonly workflows?: readonly string[];
}

/** The top level of a graph, or the inside of a for-each node. */
interface Level {
  readonly depth: number;
  readonly container: string | undefined;
  readonly withLoop: boolean;
}

interface Maker {
  readonly random: () => number;
  pick<T>(items: readonly T[]): T;
  readonly recipe: Recipe;
  readonly nodes: GraphNode[];
  readonly edges: GraphEdge[];
}

/** How deep for-each nodes nest. */
const MOST_LEVELS = 2;
const MOST_ITEMS = 4;

const node = (key: string, type: string, params: Record<string, unknown> = {}, policy?: Policy): GraphNode => ({
  id: key,
  type,
  position: { x: 0, y: 0 },
  data: { key, title: key, typeVersion: 1, params, ...(policy && { policy }) },
});

const edgeBetween = (source: string, target: string, port: string, back = false): GraphEdge => ({
  id: `${source}.${port}-${target}`,
  source,
  target,
  sourceHandle: port,
  ...(back && { data: { back } }),
});

/** A connected graph in which each node has one to three incoming edges from earlier nodes, and at most one loop edge on each level. */
export function randomGraph(random: () => number, recipe: Recipe): Graph {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const maker: Maker = { random, pick, recipe, nodes: [], edges: [] };
  const level: Level = { depth: 0, container: undefined, withLoop: recipe.withLoop };
  const start = node('start', 'start');
  const made = fill(maker, level, [start], recipe.nodes - 1);
  const end = node('end', 'end', { outcome: 'success' });
  made.edges.set('end', edgeBetween(pick(made.nodes).data.key, 'end', 'out'));
  finish(maker, level, { nodes: [...made.nodes, end], edges: made.edges });
  return { nodes: maker.nodes, edges: maker.edges, vars: {} };
}

interface Made {
  readonly nodes: readonly GraphNode[];
  readonly edges: Map<string, GraphEdge>;
}

/** Adds nodes to those of a level. On the inside of a for-each node, some start with it. */
function fill(maker: Maker, level: Level, first: readonly GraphNode[], count: number): Made {
  const { random, pick, recipe } = maker;
  const nodes = [...first];
  const edges = new Map<string, GraphEdge>();
  for (let number = 1; number <= count; number++) {
    const made = randomNode(maker, level, `${level.container ?? ''}n${number}`);
    const ways = nodes.length === 0 || (level.container !== undefined && random() < 0.2) ? 0 : 1 + Math.floor(random() * 3);
    for (let way = 0; way < ways; way++) {
      const source = pick(nodes);
      const edge = edgeBetween(source.data.key, made.data.key, pick(portsOf(source)));
      edges.set(edge.id, edge);
    }
    nodes.push(made);
    if (made.type === 'each') {
      const inner: Level = { depth: level.depth + 1, container: made.data.key, withLoop: recipe.withLoop && random() < 0.5 };
      finish(maker, inner, fill(maker, inner, [], 1 + Math.floor(random() * 4)));
    }
  }
  return { nodes, edges };
}

function finish(maker: Maker, level: Level, { nodes, edges }: Made): void {
  if (level.withLoop) addLoopEdge(nodes, edges, maker.pick);
  maker.nodes.push(...(level.container === undefined ? nodes : nodes.map((made) => ({ ...made, parentId: level.container as string }))));
  maker.edges.push(...[...edges.values()].filter((edge) => isDrawn(edge, nodes)));
}

const TYPES = ['pure', 'pure', 'call', 'call', 'branch', 'pause', 'large', 'review'] as const;

function randomNode(maker: Maker, level: Level, key: string): GraphNode {
  const { random, pick, recipe } = maker;
  if (recipe.withItems && level.depth < MOST_LEVELS && random() < 0.25) return randomForEach(maker, level, key);
  if (level.container !== undefined && random() < 0.1) return failing(maker, level, key);
  if (recipe.workflows && random() < 0.3) return randomWait(maker, level, key, recipe.workflows);
  const type = pick(TYPES);
  if (type === 'branch') {
    const by = level.container === undefined ? '' : pick(['', 'index', 'item.n']);
    return node(key, type, { ports: ['a', 'b'], choices: [pick(['a', 'b']), pick(['a', 'b'])], ...(by && { by }) });
  }
  if (type === 'pause') return node(key, type, { ms: Math.floor(random() * 200) });
  if (type !== 'call') return node(key, type);
  const policy: Policy = recipe.withFailures
    ? { retry: { max: 1, backoffMs: 10, factor: 2, jitter: 0.5 }, onError: pick(['fail', 'branch', 'continue-with'] as const), continueWith: { answers: [] } }
    : { retry: { max: 20, backoffMs: 5, factor: 1, jitter: 0.5 } };
  const effect = recipe.withFailures ? pick(['idempotent', 'keyed', 'unsafe']) : pick(['idempotent', 'keyed']);
  return node(key, type, { effect, calls: 1 + Math.floor(random() * 2) }, policy);
}

/** A callback, or a child run, which may fail. */
function randomWait({ random, pick }: Maker, level: Level, key: string, workflows: readonly string[]): GraphNode {
  if (workflows.length === 0 || random() < 0.3) return node(key, 'callback');
  const onError = pick(mayEnd(level) ? (['fail', 'branch'] as const) : (['branch'] as const));
  return node(key, 'workflow', { workflow: pick(workflows) }, onError === 'branch' ? { onError } : {});
}

/** Whether an error may end a level. A level that loops could then end in two ways: a new round may cancel the step before it fails. */
const mayEnd = (level: Level): boolean => level.container !== undefined && !level.withLoop;

function randomForEach({ random, pick }: Maker, level: Level, key: string): GraphNode {
  const count = Math.floor(random() * (MOST_ITEMS + 1));
  const onError = pick(mayEnd(level) ? (['fail', 'branch'] as const) : (['branch'] as const));
  const params = { count, wide: random() < 0.3, concurrency: 1 + Math.floor(random() * 3), onItemError: pick(['collect', 'collect', 'stop']) };
  return node(key, 'each', params, onError === 'branch' ? { onError } : {});
}

/** A node that fails in some items. */
function failing({ pick }: Maker, level: Level, key: string): GraphNode {
  const onError = pick(mayEnd(level) ? (['fail', 'fail', 'branch'] as const) : (['branch'] as const));
  return node(key, 'fault', { every: pick([1, 2, 3]) }, onError === 'branch' ? { onError } : {});
}

function portsOf(source: GraphNode): string[] {
  if (source.type === 'branch') return ['a', 'b'];
  if (source.type === 'review') return ['approve'];
  return source.data.policy?.onError === 'branch' ? ['out', 'error'] : ['out'];
}

/** Makes one branch loop back to an earlier node in its first two rounds, and continue after that. */
function addLoopEdge(nodes: readonly GraphNode[], edges: Map<string, GraphEdge>, pick: <T>(items: readonly T[]) => T): void {
  const drawn = [...edges.values()].filter((edge) => isDrawn(edge, nodes));
  const loops = nodes
    .filter(({ type }) => type !== 'start' && type !== 'end')
    .flatMap((target) => {
      const forward = reach(target.id, drawn);
      return nodes.filter((source) => source.type === 'branch' && source !== target && forward.has(source.id)).map((source) => ({ source, target }));
    });
  if (loops.length === 0) return;
  const { source, target } = pick(loops);
  for (const [id, edge] of edges) if (edge.source === source.id && edge.sourceHandle === 'b') edges.delete(id);
  source.data.params = { ports: ['a', 'b'], choices: ['b', 'b', 'a'] };
  const back = edgeBetween(source.id, target.id, 'b', true);
  edges.set(`back ${back.id}`, back);
}

function reach(from: string, drawn: readonly GraphEdge[]): Set<string> {
  const found = new Set([from]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const edge of drawn) if (found.has(edge.source)) found.add(edge.target);
  }
  return found;
}

const isDrawn = (edge: GraphEdge, nodes: readonly GraphNode[]): boolean => {
  const source = nodes.find((candidate) => candidate.id === edge.source);
  return source !== undefined && (source.type !== 'branch' || edge.sourceHandle !== 'out') && (source.type !== 'review' || edge.sourceHandle !== 'out');
};
