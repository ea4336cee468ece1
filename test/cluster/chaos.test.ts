import { isEnded } from '@switchyard/shared/run/state.ts';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { ended } from '../kit/runs.ts';
import { until } from '../kit/until.ts';
import { atOnce } from '../soak/at-once.ts';
import { FORGETS_WHAT_FINISHED } from '../soak/breakages.ts';
import { brokenBuild } from '../soak/broken-build.ts';
import { SIZE, SOAK_LIMIT_MS } from '../soak/size.ts';
import { type Cluster, type Member, NO_CLUSTER, startCluster } from './cluster.ts';
import { startTraffic } from './traffic.ts';

/*
 * Any process may die (promise 22): a web process and two workers are killed at random while requests arrive, Redis is wiped, and the
 * databases are cut off. Everything acknowledged ends, once.
 */

interface Size {
  readonly runs: number;
  readonly kills: number;
  readonly wipes: number;
  readonly cuts: number;
}

const SIZES: Readonly<Record<string, Size>> = {
  whole: { runs: 2_000, kills: 100, wipes: 5, cuts: 5 },
  // Less than a tenth: each kill takes more than ten seconds on two cores.
  tenth: { runs: 100, kills: 6, wipes: 1, cuts: 1 },
};
const COUNTS: Size = SIZES[SIZE ?? ''] ?? { runs: 24, kills: 2, wipes: 1, cuts: 0 };
/** How long the database is away. Drivers that cannot write their heartbeat for this long stop. */
const CUT_MS = 9_000;

/** The disruption after each part of the requests, in a fixed order: kills of each member in turn, with wipes and cuts in between. */
function* troubles(cluster: Cluster, { kills, wipes, cuts }: Size): Generator<() => Promise<void>> {
  const members = [...cluster.workers, ...cluster.webs];
  const isDue = (times: number, kill: number) => Math.floor(((kill + 1) * times) / kills) > Math.floor((kill * times) / kills);
  for (let kill = 0; kill < kills; kill++) {
    yield async () => {
      if (isDue(wipes, kill)) await cluster.wipeRedis();
      if (isDue(cuts, kill)) {
        await cluster.mongo.cut();
        const until = performance.now() + CUT_MS;
        while (performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
        await cluster.mongo.mend();
      }
      await cluster.crash(members[kill % members.length] as Member);
    };
  }
}

async function chaos(size: Size, env: Readonly<Record<string, string>> = {}) {
  await using fake = await startFakeProvider();
  fake.failAlways({ kind: 'slow', delayMs: 8 });
  await using cluster = await startCluster({ env: { LOG_LEVEL: 'silent', ...env } });
  await routeTo((cluster.webs[0] as Member).now, 'fake', fakeTarget(fake));
  await using traffic = await startTraffic(cluster);
  const waves: Promise<unknown>[] = [];
  const each = Math.ceil(size.runs / size.kills);
  let left = size.runs;
  for (const trouble of troubles(cluster, size)) {
    const wave = Math.min(each, left);
    left -= wave;
    // At a different moment each time, from the first calls to the last.
    const wanted = fake.calls.length + 1 + ((waves.length * 7) % (2 * wave));
    const sent = traffic.send(wave);
    // Awaited later: it may fail before.
    sent.catch(() => {});
    waves.push(sent);
    await until('calls to be made', () => fake.calls.length >= wanted);
    await trouble();
    // A run that is interrupted three times in a row is given up (S29a), so none lives through more than two kills.
    await waves.at(-2);
    await atOnce(4, traffic.acknowledged.slice(0, -2 * each), ({ runId }) => untilEnded(cluster, runId));
  }
  await Promise.all(waves);
  return { ...(await traffic.outcome()), kills: cluster.kills };
}

const untilEnded = (cluster: Cluster, runId: string) =>
  until(`run ${runId} to end`, async () => isEnded((await ended((cluster.webs[0] as Member).now, runId).catch(() => ({ status: 'running' as const }))).status));

test.skipIf(NO_CLUSTER)(
  `${COUNTS.runs} runs are neither lost nor repeated while processes are killed ${COUNTS.kills} times`,
  { timeout: SOAK_LIMIT_MS },
  async () => {
    const { faults, crashes: _, ...seen } = await chaos(COUNTS);
    console.info(`chaos: ${JSON.stringify(seen)}`);
    expect(faults).toEqual([]);
    expect(seen).toMatchObject({ runs: COUNTS.runs, kills: COUNTS.kills });
    expect(seen.takeOvers, 'runs were taken over').toBeGreaterThan(0);
  },
);

test.skipIf(NO_CLUSTER || SIZE === undefined)('a build that forgets finished steps is caught', { timeout: SOAK_LIMIT_MS }, async () => {
  const { faults } = await chaos({ runs: 24, kills: 2, wipes: 0, cuts: 0 }, brokenBuild(FORGETS_WHAT_FINISHED));
  expect(faults).not.toEqual([]);
});
