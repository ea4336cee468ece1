import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { describe, expect, it } from 'vitest';
import { compare, outcomesIn } from './compare.ts';
import type { WorldOptions } from './inner.ts';
import { expected } from './plain-model.ts';
import { type Played, play } from './play.ts';
import { randomGraph } from './random-graph.ts';
import { seeded } from './virtual-time.ts';

/* Replays (S82a) of runs of random graphs, unchanged and changed, while processes crash. */

const SEEDS = { whole: 5_000, tenth: 250 }[process.env.TEST_SIZE ?? ''] ?? 16;
const BROKEN = 12;

type Mutant = NonNullable<WorldOptions['mutant']>;

interface Replayed extends Played {
  /** The graph that the replay ran on. */
  readonly changed: Graph;
  readonly journal: readonly JournalEvent[];
  /** How many requests the original run made. */
  readonly asked: number;
}

const workflowsOf = (seed: number) => ({ inner: randomGraph(seeded(seed * 31), { nodes: 4, withFailures: false, withLoop: false, withItems: false }) });

/** Runs a graph, then replays the run on what `change` makes of the graph. */
async function playAgain(
  seed: number,
  change: (graph: Graph) => Graph,
  chances: { faultChance: number; crashChance: number; mutant?: Mutant },
): Promise<Replayed> {
  const workflows = workflowsOf(seed);
  const recipe = { withFailures: false, withLoop: false, withItems: seed % 2 === 0 && change !== withAnotherCall, workflows: Object.keys(workflows) };
  const played = await play(seed, recipe, { ...chances, workflows });
  const { world, graph } = played;
  const asked = world.asked.length;
  const changed = change(graph);
  const { journal } = world.replay(changed);
  await world.play(chances.crashChance, 2);
  return { ...played, changed, journal, asked };
}

const callsOf = ({ nodes }: Graph): GraphNode[] => nodes.filter(({ type }) => type === 'call');

/** The same graph with another version of the type of one node that makes calls. */
function withNewVersion(graph: Graph): Graph {
  const [first] = callsOf(graph);
  return { ...graph, nodes: graph.nodes.map((node) => (node === first ? { ...node, data: { ...node.data, typeVersion: 2 } } : node)) };
}

/** The same graph with one more node, which asks for what others ask for. */
function withAnotherCall(graph: Graph): Graph {
  const [like] = callsOf(graph).filter(({ parentId }) => parentId === undefined);
  if (!like) return graph;
  const extra: GraphNode = { ...like, id: 'extra', data: { ...like.data, key: 'extra', title: 'extra' } };
  return { ...graph, nodes: [...graph.nodes, extra], edges: [...graph.edges, { id: 'extra', source: 'start', sourceHandle: 'out', target: 'extra' }] };
}

const stoppedIn = (journal: readonly JournalEvent[]): string[] => journal.flatMap((event) => (event.type === 'step-stopped' ? [event.stepId] : []));

/** Nothing was sent, and no recorded response was used twice. */
function checkUse({ world, asked }: Replayed, about: string): void {
  expect(world.asked.length, `${about}: requests`).toBe(asked);
  const used = [...world.children.values()].flatMap((child) => usesOf(child.journal));
  expect(used.length - new Set(used).size, `${about}: answers used twice`).toBe(0);
}

const usesOf = (journal: readonly JournalEvent[]): string[] =>
  journal.flatMap((event) => ('standIn' in event && event.standIn ? [`${event.standIn.runId} ${event.standIn.seq}`] : []));

/** The steps end as the plain model says: those that stop, and what waits for them, never do. */
function checkStops({ changed, journal, world, graph }: Replayed & { graph: Graph }, about: string): number {
  const [first] = callsOf(graph);
  const model = expected(changed, world.children.size > 0 ? workflowsIn(world) : {}, new Set(first ? [first.id] : []));
  const outcomes = outcomesIn(journal);
  for (const [id, status] of model.steps) expect(outcomes.get(id)?.status, `${about}: ${id}`).toBe(status);
  const stopped = stoppedIn(journal);
  for (const id of stopped) expect(model.stopped.has(id), `${about}: ${id} stops`).toBe(true);
  if (model.stopped.size > 0) expect(fold(journal).error, about).toMatchObject({ code: 'stopped', details: { why: 'would-call' } });
  else expect(fold(journal).status, about).toBe('succeeded');
  return stopped.length;
}

const workflowsIn = ({ children }: Played['world']): Record<string, Graph> =>
  Object.fromEntries([...children.values()].map(({ run, graph }) => [run.workflowId, graph]));

const isGivenUp = (journal: readonly JournalEvent[]): boolean => ['run-crashed', 'step-crashed'].includes(fold(journal).error?.code ?? '');
const isUsable = ({ world, journal }: Replayed): boolean => fold(world.journal).status === 'succeeded' && !isGivenUp(journal);

const isFaulty = async (work: Promise<Replayed>, check: (replayed: Replayed) => void): Promise<boolean> =>
  work.then(check).then(
    () => false,
    () => true,
  );

describe('replays in a simulated world', () => {
  it(`of ${SEEDS} unchanged runs end as the plain model says, without a request`, async () => {
    const seen = { crashes: 0, used: 0, children: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const replayed = await playAgain(seed, (graph) => graph, { faultChance: 0.2, crashChance: 0.02 });
      if (!isUsable(replayed)) continue;
      expect(fold(replayed.journal).status, `seed ${seed}: ${JSON.stringify(fold(replayed.journal).error)}`).toBe('succeeded');
      compare(replayed.journal, expected(replayed.graph, workflowsOf(seed)), `seed ${seed}`);
      checkUse(replayed, `seed ${seed}`);
      seen.crashes += replayed.journal.filter(({ type }) => type === 'driver-changed').length;
      seen.used += usesOf(replayed.journal).length;
      seen.children += [...replayed.world.children.values()].filter(({ run }) => run.standIns && run.parent).length;
    }
    expect(seen.crashes, 'enough crashes').toBeGreaterThan(SEEDS / 20);
    expect(seen.used, 'enough answers').toBeGreaterThan(SEEDS * 3);
    expect(seen.children, 'enough child runs').toBeGreaterThan(SEEDS / 4);
  });

  it(`of ${SEEDS} changed runs stop before the changed call only, and send nothing`, async () => {
    let stops = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const replayed = await playAgain(seed, withNewVersion, { faultChance: 0.2, crashChance: 0.02 });
      if (!isUsable(replayed)) continue;
      checkUse(replayed, `seed ${seed}`);
      stops += checkStops(replayed, `seed ${seed}`);
    }
    expect(stops, 'enough stops').toBeGreaterThan(SEEDS / 2);
  });

  it.each([
    ['a changed effect is performed', 'performs-effects', withNewVersion],
    ['a recorded response is used twice', 'answers-used-twice', withAnotherCall],
    ['versions of node types do not count', 'type-version-ignored', withNewVersion],
  ] as const)('are caught if %s', async (_, mutant, change) => {
    let caught = 0;
    for (let seed = 1; seed <= BROKEN; seed++) {
      const work = (broken?: Mutant) => playAgain(seed, change, { faultChance: 0, crashChance: 0, ...(broken && { mutant: broken }) });
      const check = (replayed: Replayed): void => {
        checkUse(replayed, '');
        if (change === withAnotherCall) expect(replayed.changed === replayed.graph || stoppedIn(replayed.journal).length > 0).toBe(true);
        else checkStops(replayed, '');
      };
      expect(await isFaulty(work(), check), `seed ${seed}, not broken`).toBe(false);
      if (await isFaulty(work(mutant), check)) caught++;
    }
    expect(caught).toBeGreaterThan(BROKEN / 4);
  });
});
