import { isEnded } from '@switchyard/shared/run/state.ts';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { allRuns, ended, journalOf } from '../kit/runs.ts';
import { until } from '../kit/until.ts';
import { atOnce } from '../soak/at-once.ts';
import { FORGETS_WHAT_FINISHED } from '../soak/breakages.ts';
import { brokenBuild } from '../soak/broken-build.ts';
import { SIZE, SOAK_LIMIT_MS } from '../soak/size.ts';
import { type Cluster, type Member, NO_CLUSTER, startCluster } from './cluster.ts';
import { startReceiver } from './receiver.ts';
import { type Acknowledged, type RunAfter, violations } from './violations.ts';

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
  tenth: { runs: 200, kills: 10, wipes: 1, cuts: 1 },
};
const COUNTS: Size = SIZES[SIZE ?? ''] ?? { runs: 24, kills: 2, wipes: 1, cuts: 0 };
/** How long the database is away. Drivers that cannot write their heartbeat for this long stop. */
const CUT_MS = 9_000;

/** Input, a model call, a request with an idempotency key, another model call, output. */
const graph = (receiver: string) =>
  graphOf(
    [
      messageInput(),
      node('prompt', 'one', { message: 'one: {{ input.message }}', route: 'fake' }),
      node('tool', 'post', { url: receiver, method: 'POST', bodyKind: 'json', json: { subject: '{{ input.message }}' }, effect: 'keyed' }),
      node('prompt', 'two', { message: 'two: {{ steps.one.text }}', route: 'fake' }),
      node('output', 'reply', { value: '{{ steps.two.text }}' }),
    ],
    [edge('start', 'one'), edge('one', 'post'), edge('post', 'two'), edge('two', 'reply')],
  );
const expected = (subject: string) => `You said: two: You said: one: ${subject}`;

/** Sends a request to any web process until one acknowledges it. */
async function send(cluster: Cluster, paths: Readonly<Record<'accepted' | 'finished', string>>, number: number): Promise<Acknowledged> {
  const subject = `message-${number}`;
  const mode = number % 3 === 0 ? 'finished' : 'accepted';
  const headers = { 'content-type': 'application/json', 'idempotency-key': subject };
  let last = 'nothing';
  const acknowledged = until(`${subject} to be acknowledged`, async () => {
    const web = cluster.webs[number % cluster.webs.length] as Member;
    const reply = await fetch(new URL(paths[mode], web.now.base), { method: 'POST', body: JSON.stringify({ message: subject }), headers }).catch(
      () => undefined,
    );
    const text = await reply?.text().catch(() => undefined);
    if (!reply || text === undefined) return undefined;
    last = `${reply.status} ${text}`;
    const runId = reply.headers.get('x-run-id');
    // A failed run is also returned, and its output is then reported as missing.
    if (runId) return { subject, runId, ...(reply.status === 200 && { output: text }) };
    if (reply.status >= 400 && reply.status < 500 && reply.status !== 429) throw new Error(`${subject} got ${last}`);
    return undefined;
  });
  return acknowledged.catch((error: unknown) => {
    throw new Error(`${subject} got ${last} at last`, { cause: error });
  });
}

async function afterwards(cluster: Cluster, known: readonly Acknowledged[]): Promise<RunAfter[]> {
  const api = (cluster.webs[0] as Member).now;
  await atOnce(8, known, ({ runId }) => until(`run ${runId} to end`, () => ended(api, runId).catch(() => undefined)));
  const runs: RunAfter[] = [];
  await atOnce(8, await allRuns(api), async ({ id }) => {
    const run = await ended(api, id);
    runs.push({ id, status: run.status, output: run.output, events: await journalOf(api, id) });
  });
  return runs;
}

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
  await using receiver = await startReceiver();
  await using cluster = await startCluster({ env: { LOG_LEVEL: 'silent', ...env } });
  const api = (cluster.webs[0] as Member).now;
  await routeTo(api, 'fake', fakeTarget(fake));
  const path = async (mode: 'accepted' | 'finished') => new URL((await publishedWorkflow(api, graph(receiver.url), { mode })).url).pathname;
  const paths = { accepted: await path('accepted'), finished: await path('finished') };
  const acknowledged: Acknowledged[] = [];
  const waves: Promise<unknown>[] = [];
  const each = Math.ceil(size.runs / size.kills);
  let number = 0;
  for (const trouble of troubles(cluster, size)) {
    const wave = Array.from({ length: Math.min(each, size.runs - number) }, () => number++);
    // At a different moment each time, from the first calls to the last.
    const wanted = fake.calls.length + 1 + ((waves.length * 7) % (2 * wave.length));
    const sent = atOnce(8, wave, async (one) => acknowledged.push(await send(cluster, paths, one)));
    // Awaited later: it may fail before.
    sent.catch(() => {});
    waves.push(sent);
    await until('calls to be made', () => fake.calls.length >= wanted);
    await trouble();
    // A run that is interrupted three times in a row is given up (S29a), so none lives through more than two kills.
    await waves.at(-2);
    await atOnce(4, acknowledged.slice(0, -2 * each), ({ runId }) => untilEnded(cluster, runId));
  }
  await Promise.all(waves);
  const runs = await afterwards(cluster, acknowledged);
  const takeOvers = runs.flatMap(({ events }) => events.filter(({ type }) => type === 'driver-changed')).length;
  return {
    faults: violations({ acknowledged, effects: receiver.effects, runs, expected }),
    runs: runs.length,
    kills: cluster.kills,
    takeOvers,
    repeated: receiver.effects.length - runs.length,
  };
}

const untilEnded = (cluster: Cluster, runId: string) =>
  until(`run ${runId} to end`, async () => isEnded((await ended((cluster.webs[0] as Member).now, runId).catch(() => ({ status: 'running' as const }))).status));

test.skipIf(NO_CLUSTER)(
  `${COUNTS.runs} runs are neither lost nor repeated while processes are killed ${COUNTS.kills} times`,
  { timeout: SOAK_LIMIT_MS },
  async () => {
    const { faults, ...seen } = await chaos(COUNTS);
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
