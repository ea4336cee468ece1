import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { describe, expect, it } from 'vitest';
import { checkJournal } from './check-journal.ts';
import { compare } from './compare.ts';
import type { WorldOptions } from './inner.ts';
import { expected } from './plain-model.ts';
import { type Played, play } from './play.ts';
import { randomGraph } from './random-graph.ts';
import { seeded } from './virtual-time.ts';

/* Child runs (S38) and callbacks (S17) in random graphs. */

const SEEDS = { whole: 5_000, tenth: 250 }[process.env.TEST_SIZE ?? ''] ?? 40;
const BROKEN = 40;

/** Two workflows. The first may start the second, and either may mark its run as failed. */
function workflowsOf(seed: number): Readonly<Record<string, Graph>> {
  const random = seeded(seed);
  const made = (workflows: readonly string[]): Graph => {
    const graph = randomGraph(random, { nodes: 2 + Math.floor(random() * 4), withFailures: false, withLoop: false, withItems: random() < 0.3, workflows });
    const outcome = random() < 0.25 ? 'failure' : 'success';
    return { ...graph, nodes: graph.nodes.map((node) => (node.type === 'end' ? { ...node, data: { ...node.data, params: { outcome } } } : node)) };
  };
  return { outer: made(['inner']), inner: made([]) };
}

async function playFamily(seed: number, chances: { faultChance: number; crashChance: number; mutant?: NonNullable<WorldOptions['mutant']> }) {
  const workflows = workflowsOf(seed * 31);
  const recipe = { withFailures: false, withLoop: seed % 3 === 0, withItems: seed % 2 === 0, workflows: Object.keys(workflows) };
  return { ...(await play(seed, recipe, { ...chances, workflows })), workflows };
}

/** What holds for a run and its children: each wait has one child, which has ended, as its own graph says. */
function checkFamily({ world, graph, workflows }: Played & { workflows: Readonly<Record<string, Graph>> }, about: string): void {
  checkJournal(world);
  compare(world.journal, expected(graph, workflows), about);
  const waits = new Set<string>();
  for (const [runId, child] of world.children) {
    const wait = `${child.run.parent?.runId} ${child.run.parent?.waitId}`;
    expect(waits.has(wait), `${about}: ${wait} has two child runs`).toBe(false);
    waits.add(wait);
    checkJournal({ journal: child.journal, summary: () => child.summary, published: [], asked: world.asked });
    const { status } = fold(child.journal);
    if (status === 'succeeded') compare(child.journal, expected(child.graph, workflows), `${about}, ${runId}`);
    expect(child.isTold, `${about}: the parent of ${runId} was told`).toBe(true);
  }
}

/** Three crashes in a row, without progress in between, fail a run (S29a). */
function isGivenUp({ world, crashes }: Played): boolean {
  const journals = [world.journal, ...[...world.children.values()].map(({ journal }) => journal)];
  return crashes >= 3 && journals.some((journal) => fold(journal).error?.code === 'run-crashed');
}

const isFaulty = (played: Parameters<typeof checkFamily>[0]): boolean => {
  try {
    checkFamily(played, '');
    return false;
  } catch {
    return true;
  }
};

describe('child runs and callbacks in a simulated world', () => {
  it(`match the plain model over ${SEEDS} random graphs with faults and crashes`, async () => {
    const seen = { crashes: 0, children: 0, failed: 0, grandchildren: 0, callbacks: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const played = await playFamily(seed, { faultChance: 0.2, crashChance: 0.02 });
      if (isGivenUp(played)) continue;
      expect(fold(played.world.journal).status, `seed ${seed}`).toBe('succeeded');
      checkFamily(played, `seed ${seed}`);
      const children = [...played.world.children.values()];
      seen.crashes += played.crashes;
      seen.children += children.length;
      seen.failed += children.filter(({ journal }) => fold(journal).status === 'failed').length;
      seen.grandchildren += children.filter(({ run }) => run.parent?.depth === 2).length;
      seen.callbacks += played.world.journal.filter((event) => event.type === 'wait-ended' && event.by === 'callback').length;
    }
    expect(seen.crashes, 'enough crashes').toBeGreaterThan(SEEDS / 5);
    expect(seen.children, 'enough child runs').toBeGreaterThan(SEEDS);
    expect(seen.failed, 'enough child runs failed').toBeGreaterThan(SEEDS / 10);
    expect(seen.grandchildren, 'enough child runs of child runs').toBeGreaterThan(SEEDS / 10);
    expect(seen.callbacks, 'enough callbacks').toBeGreaterThan(SEEDS / 5);
  });

  it.each([
    ['the end of a child run is lost', 'child-end-is-lost', 0],
    ['a child run starts twice', 'child-starts-twice', 0.1],
    ['an early callback is dropped', 'early-callback-is-dropped', 0],
  ] as const)('are caught if %s', async (_, mutant, crashChance) => {
    let caught = 0;
    for (let seed = 1; seed <= BROKEN; seed++) {
      // A run that never ends is a fault too.
      const faulty = await playFamily(seed, { faultChance: 0, crashChance, mutant }).then(isFaulty, () => true);
      if (faulty) caught++;
    }
    expect(caught).toBeGreaterThan(BROKEN / 20);
  });
});
