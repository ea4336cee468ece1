import { frameOf } from '@switchyard/shared/run/address.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { describe, expect, it } from 'vitest';
import { checkJournal } from './check-journal.ts';
import { compare } from './compare.ts';
import { expected } from './plain-model.ts';
import { isFaulty, play } from './play.ts';
import type { World } from './world.ts';

/** How many seeds: 500 in `pnpm test:full`. */
const SEEDS = { whole: 10_000, tenth: 500 }[process.env.TEST_SIZE ?? ''] ?? 60;
/** How many seeds of a broken world. */
const BROKEN = 50;

const count = (world: World, type: JournalEvent['type']): number => world.journal.filter((event) => event.type === type).length;

describe('the engine in a simulated world', () => {
  it(`matches the plain model over ${SEEDS} random graphs with faults and crashes`, async () => {
    let crashes = 0;
    let ways = 0;
    const seen = { items: 0, failed: 0, nested: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const withLoop = seed % 3 === 0;
      const played = await play(seed, { withFailures: false, withLoop, withItems: seed % 2 === 0 }, { faultChance: 0.2, crashChance: 0.02 });
      crashes += played.crashes;
      ways += played.graph.edges.some((edge) => edge.data?.back) ? 1 : 0;
      seen.items += count(played.world, 'frame-finished');
      seen.failed += count(played.world, 'frame-failed');
      seen.nested += played.world.journal.filter((event) => event.type === 'frame-finished' && frameOf(event.frameId) !== undefined).length;
      checkJournal(played.world);
      const state = fold(played.world.journal);
      expect(state.status, `seed ${seed}: ${JSON.stringify(state.error)}`).toBe('succeeded');
      compare(played.world.journal, expected(played.graph), `seed ${seed}`);
    }
    expect(crashes, 'enough crashes happened').toBeGreaterThan(SEEDS / 5);
    expect(ways, 'enough graphs had a loop').toBeGreaterThan(SEEDS / 20);
    expect(seen.items, 'enough items').toBeGreaterThan(SEEDS * 3);
    expect(seen.failed, 'enough items failed').toBeGreaterThan(SEEDS / 5);
    expect(seen.nested, 'enough items of items').toBeGreaterThan(SEEDS / 5);
  });

  it('ends every run cleanly when steps fail permanently', async () => {
    const ends = new Map<string, number>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { world } = await play(
        seed * 7919,
        { withFailures: true, withLoop: seed % 2 === 0, withItems: seed % 3 !== 0 },
        { faultChance: 0.5, crashChance: 0.02 },
      );
      checkJournal(world);
      const { status } = fold(world.journal);
      ends.set(status, (ends.get(status) ?? 0) + 1);
    }
    expect(ends.get('failed')).toBeGreaterThan(SEEDS / 20);
    expect(ends.get('succeeded')).toBeGreaterThan(SEEDS / 20);
  });

  it('produces the same journal from the same seed', async () => {
    const journals = await Promise.all(
      [1, 2].map(async () => (await play(42, { withFailures: true, withLoop: true, withItems: true }, { faultChance: 0.3, crashChance: 0.05 })).world.journal),
    );
    expect(journals[0]).toEqual(journals[1]);
  });

  it('repeats an effect at most once per crash, always with the same key', async () => {
    const seen = { effects: 0, repeated: 0, crashes: 0 };
    for (let seed = 1; seed <= SEEDS / 5; seed++) {
      const { world, crashes } = await play(seed, { withFailures: false, withLoop: false, withItems: seed % 2 === 0 }, { faultChance: 0, crashChance: 0.05 });
      for (const [key, times] of world.effects) {
        expect(times, key).toBeLessThanOrEqual(1 + crashes);
        seen.repeated += times - 1;
      }
      seen.effects += world.effects.size;
      seen.crashes += crashes;
    }
    expect(seen.effects, 'enough effects').toBeGreaterThan(SEEDS / 5);
    expect(seen.crashes, 'enough crashes').toBeGreaterThan(SEEDS / 10);
    expect(seen.repeated, 'some were interrupted').toBeGreaterThan(SEEDS / 100);
  });

  it('is caught if all calls of a step share an idempotency key', async () => {
    let caught = 0;
    for (let seed = 1; seed <= BROKEN; seed++) {
      const changeKey = (key: string) => key.slice(0, key.lastIndexOf('/'));
      const { world } = await play(seed, { withFailures: false, withLoop: false }, { faultChance: 0, crashChance: 0, changeKey });
      if (isFaulty(world)) caught++;
    }
    expect(caught).toBeGreaterThan(BROKEN / 5);
  });

  it('runs the pure part of a run first, so a crash leaves all of it or nothing', async () => {
    let pure = 0;
    for (let seed = 1; seed <= SEEDS / 2; seed++) {
      const { world, graph, told } = await play(
        seed,
        { withFailures: false, withLoop: seed % 3 === 0, withItems: seed % 2 === 0 },
        { faultChance: 0.2, crashChance: 0.05, waitedFor: true },
      );
      checkJournal(world);
      expect(told, `seed ${seed}`).toBeLessThanOrEqual(world.journal.length);
      compare(world.journal, expected(graph), `seed ${seed}`);
      if (told === world.journal.length) pure++;
    }
    expect(pure, 'some runs ended in their pure part').toBeGreaterThan(0);
  });

  it('is caught if a pure part is published before its commit', async () => {
    let caught = 0;
    for (let seed = 1; seed <= BROKEN; seed++) {
      const chances = { faultChance: 0, crashChance: 0.2, waitedFor: true, early: true };
      // A run that never ends is a fault too.
      const faulty = await play(seed, { withFailures: false, withLoop: false }, chances).then(
        ({ world, told = 0 }) => isFaulty(world) || told > world.journal.length,
        () => true,
      );
      if (faulty) caught++;
    }
    expect(caught).toBeGreaterThan(BROKEN / 20);
  });

  it('is caught if a store loses what it acknowledged', async () => {
    let caught = 0;
    for (let seed = 1; seed <= BROKEN; seed++) {
      const chances = { faultChance: 0, crashChance: 0.05, lostInCrash: 1 };
      // A run that never ends is a fault too.
      if (
        await play(seed, { withFailures: false, withLoop: false }, chances).then(
          ({ world }) => isFaulty(world),
          () => true,
        )
      )
        caught++;
    }
    // A crash may also lose what was never published, which is no fault.
    expect(caught).toBeGreaterThan(BROKEN / 2);
  });
});
