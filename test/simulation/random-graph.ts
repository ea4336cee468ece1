import type { Graph, GraphEdge, GraphNode, Policy } from '@switchyard/shared/graph/graph.ts';

/** What the random graphs may contain. */
export interface Recipe {
  readonly nodes: number;
  /** Without them, every step's outcome follows from the graph, whatever happens outside. */
  readonly withFailures: boolean;
  readonly withLoop: boolean;
}

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

/** A connected graph in which each node has one to three incoming edges from earlier nodes, and at most one loop edge. */
export function randomGraph(random: () => number, recipe: Recipe): Graph {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const nodes: GraphNode[] = [node('start', 'start')];
  const edges = new Map<string, GraphEdge>();
  for (let number = 1; number < recipe.nodes; number++) {
    const made = randomNode(`n${number}`, random, pick, recipe);
    const ways = 1 + Math.floor(random() * 3);
    for (let way = 0; way < ways; way++) {
      const source = pick(nodes);
      const edge = edgeBetween(source.data.key, made.data.key, pick(portsOf(source)));
      edges.set(edge.id, edge);
    }
    nodes.push(made);
  }
  nodes.push(node('end', 'end', { outcome: 'success' }));
  edges.set('end', edgeBetween(pick(nodes.slice(0, -1)).data.key, 'end', 'out'));
  if (recipe.withLoop) addLoopEdge(nodes, edges, pick);
  return { nodes, edges: [...edges.values()].filter((edge) => isDrawn(edge, nodes)), vars: {} };
}

function randomNode(key: string, random: () => number, pick: <T>(items: readonly T[]) => T, recipe: Recipe): GraphNode {
  const type = pick(['pure', 'pure', 'call', 'call', 'branch', 'pause', 'large', 'review']);
  if (type === 'branch') return node(key, type, { ports: ['a', 'b'], choices: [pick(['a', 'b']), pick(['a', 'b'])] });
  if (type === 'pause') return node(key, type, { ms: Math.floor(random() * 200) });
  if (type !== 'call') return node(key, type);
  const policy: Policy = recipe.withFailures
    ? { retry: { max: 1, backoffMs: 10, factor: 2, jitter: 0.5 }, onError: pick(['fail', 'branch', 'continue-with'] as const), continueWith: { answers: [] } }
    : { retry: { max: 20, backoffMs: 5, factor: 1, jitter: 0.5 } };
  const effect = recipe.withFailures ? pick(['idempotent', 'keyed', 'unsafe']) : pick(['idempotent', 'keyed']);
  return node(key, type, { effect, calls: 1 + Math.floor(random() * 2) }, policy);
}

function portsOf(source: GraphNode): string[] {
  if (source.type === 'branch') return ['a', 'b'];
  if (source.type === 'review') return ['approve'];
  return source.data.policy?.onError === 'branch' ? ['out', 'error'] : ['out'];
}

/** Makes one branch loop back to an earlier node in its first two rounds, and continue after that. */
function addLoopEdge(nodes: readonly GraphNode[], edges: Map<string, GraphEdge>, pick: <T>(items: readonly T[]) => T): void {
  const drawn = [...edges.values()].filter((edge) => isDrawn(edge, nodes));
  const loops = nodes.slice(1, -1).flatMap((target) => {
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
