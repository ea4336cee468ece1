import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { OWNER } from '@switchyard/shared/run/actor.ts';
import { callbackWaitId } from '@switchyard/shared/run/address.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { openSteps, type StepState } from '@switchyard/shared/run/state.ts';
import { checkJournal } from './check-journal.ts';
import type { WorldOptions } from './inner.ts';
import { type Recipe, randomGraph } from './random-graph.ts';
import { callbackOf } from './stored-runs.ts';
import { seeded } from './virtual-time.ts';
import { createWorld, type World } from './world.ts';

/* Plays random graphs to their end in a simulated world. */

export type Chances = Pick<WorldOptions, 'faultChance' | 'lostInCrash' | 'changeKey' | 'early' | 'mutant' | 'workflows'> & {
  readonly crashChance: number;
  readonly waitedFor?: boolean;
};

export interface Played {
  readonly graph: Graph;
  readonly world: World;
  readonly crashes: number;
  /** How much of the journal a waiting caller was told about. */
  readonly told: number | undefined;
}

export async function play(seed: number, recipe: Omit<Recipe, 'nodes'>, { crashChance, waitedFor = false, ...options }: Chances): Promise<Played> {
  const random = seeded(seed);
  const graph = randomGraph(random, { ...recipe, nodes: (waitedFor ? 1 : 4) + Math.floor(random() * 10) });
  const world = createWorld({ seed, graph, ...options });
  const told = waitedFor ? await beginAgain(world, crashChance) : undefined;
  if (!waitedFor) world.engine().wake('run', world.run);
  const early = graph.nodes
    .filter(({ type, parentId }) => type === 'callback' && parentId === undefined && random() < 0.5)
    .map(({ id }) => callbackWaitId(`${id}#1`));
  for (const waitId of early) world.signal(callbackOf('run', waitId, null));
  const crashes = await playThrough(world, crashChance, new Set(early));
  return { graph, world, crashes, told };
}

/** Starts the run as a caller that retries until it gets a response. Returns how much of the journal it was told about. */
async function beginAgain(world: World, crashChance: number): Promise<number> {
  for (let tries = 0; ; tries++) {
    if (tries > 200) throw new Error(`The run does not start: ${world.problems.slice(0, 3).join('; ')}`);
    let told: number | undefined;
    world.begin().then((seq) => {
      told = seq;
    });
    await world.play(crashChance, 1);
    if (told !== undefined) return told;
    // It exists, though the caller got no response.
    if (world.exists()) return 0;
  }
}

/** Plays on, deciding each review and calling back as soon as a step waits for it, until nothing more can happen. A callback that came early isn’t sent again. */
async function playThrough(world: World, crashChance: number, early: ReadonlySet<string>): Promise<number> {
  let crashes = await world.play(crashChance, 2);
  for (let looks = 0; ; looks++) {
    if (looks > 200) throw new Error(`The run stays open: ${world.problems.slice(0, 3).join('; ')}`);
    const runs: (readonly [string, readonly JournalEvent[]])[] = [['run', world.journal]];
    for (const [runId, { journal }] of world.children) runs.push([runId, journal]);
    const answered = runs.map(([runId, journal]) => answer(world, runId, journal, runId === 'run' ? early : new Set()));
    if (!answered.includes(true)) return crashes;
    crashes += await world.play(crashChance, 1);
  }
}

/** Answers everyone that a step of the run waits for. False if there was no one. */
function answer(world: World, runId: string, journal: readonly JournalEvent[], early: ReadonlySet<string>): boolean {
  const isAnswerable = ({ status, wait }: StepState): boolean =>
    status === 'waiting' && wait !== undefined && ('reviewId' in wait || (wait.kind === 'callback' && !early.has(wait.id)));
  const open = [...openSteps(fold(journal))].filter(isAnswerable);
  for (const { wait } of open) {
    const waitId = wait?.id ?? '';
    if (wait?.kind === 'callback') world.signal(callbackOf(runId, waitId, null));
    else {
      const decision = wait?.kind === 'interrupted' ? 'retry' : 'approve';
      world.signal({ id: `${runId}:${waitId}`, runId, kind: 'decision', waitId, value: { decision }, actor: OWNER });
    }
  }
  return open.length > 0;
}

/** Whether the journal breaks a rule. */
export function isFaulty(world: World): boolean {
  try {
    checkJournal(world);
    return false;
  } catch {
    return true;
  }
}
