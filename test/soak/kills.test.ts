import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { expect, test } from 'vitest';
import { chainGraph } from '../kit/chain.ts';
import { eachGraph } from '../kit/each-graph.ts';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { node } from '../kit/graph.ts';
import { journalFaults } from '../kit/journal-rules.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { allRuns, ended, journalOf } from '../kit/runs.ts';
import { ON_MONGODB } from '../kit/store.ts';
import { until } from '../kit/until.ts';
import { atOnce } from './at-once.ts';
import { FORGETS_WHAT_FINISHED } from './breakages.ts';
import { brokenBuild } from './broken-build.ts';
import { type KilledServer, startKilledServer } from './killed-server.ts';
import { SIZE, SOAK_LIMIT_MS } from './size.ts';

/* A finished step never runs again: runs of three model calls each, on a server that is killed again and again in the middle of them. */

/** The full size is 200 runs and 20 kills. A start takes longest on MongoDB, so there it is less. */
const SMALL = { runs: 30, kills: 3 };
const TENTH = ON_MONGODB ? { runs: 60, kills: 6 } : { runs: 200, kills: 20 };
const COUNTS = SIZE === 'whole' ? { runs: 5_000, kills: 500 } : SIZE === 'tenth' ? TENTH : SMALL;
/** Journals that are remembered before a kill, to be compared after it. */
const REMEMBERED = 4;

/** What each run does. All their calls use the route `fake`. */
interface Work {
  readonly graph: Graph;
  readonly calls: number;
  /** How many of them are in flight at the same time. */
  readonly atOnce: number;
  readonly output: (message: string) => unknown;
}

const CHAIN: Work = { graph: chainGraph('fake'), calls: 3, atOnce: 1, output: (message) => `You said: three: You said: two: You said: one: ${message}` };
const ITEMS = ['one', 'two', 'three', 'four', 'five'];
const EACH: Work = {
  graph: eachGraph({ items: `{{ ${JSON.stringify(ITEMS)} }}`, concurrency: 2, result: '{{ steps.ask.text }}' }, [
    node('prompt', 'ask', { message: '{{ item }}: {{ input.message }}', route: 'fake' }),
  ]),
  calls: ITEMS.length,
  atOnce: 2,
  output: (message) => ({ items: ITEMS.map((item) => `You said: ${item}: ${message}`), failed: [], count: ITEMS.length, succeeded: ITEMS.length }),
};

/** Starts runs. Returns their IDs. */
async function accept(server: KilledServer, path: string, messages: readonly string[]): Promise<string[]> {
  const replies = await Promise.all(messages.map((message) => server.now.send('POST', path, { body: { message } })));
  return replies.map(({ status, json, text }) => {
    if (status !== 202) throw new Error(`A request got ${status}: ${text}`);
    return (json as { runId: string }).runId;
  });
}

/** Starts this many runs between two kills, and kills when some of their calls are done. Returns what is wrong in the end. */
async function killAmongRuns({ runs, kills }: typeof COUNTS, env: Readonly<Record<string, string>> = {}, work: Work = CHAIN) {
  await using fake = await startFakeProvider();
  fake.failAlways({ kind: 'slow', delayMs: 8 });
  await using server = await startKilledServer({ EGRESS_ALLOW: '127.0.0.1', LOG_LEVEL: 'silent', ...env });
  await routeTo(server.now, 'fake', fakeTarget(fake));
  const { url } = await publishedWorkflow(server.now, work.graph, { mode: 'accepted' });
  const messages = new Map<string, string>();
  /** What was on disk when the server was killed. */
  const before = new Map<string, JournalEvent[]>();
  const faults: string[] = [];
  /** Runs that were accepted before each kill. */
  const cycles: string[][] = [];
  let interrupted = 0;
  /** Calls that started according to the journals. */
  let begun = 0;

  for (let kill = 0; kill < kills; kill++) {
    const texts = Array.from({ length: runs / kills }, (_, number) => `${kill} ${number}`);
    const called = fake.calls.length;
    const ids = await accept(server, new URL(url).pathname, texts);
    for (const [index, id] of ids.entries()) messages.set(id, texts[index] ?? '');
    cycles.push(ids);
    // A step that is interrupted three times is given up (S11), so no run lives through more than two kills.
    await atOnce(4, cycles.at(-3) ?? [], (id) => ended(server.now, id));
    // A different moment each time: from the first calls to the last ones.
    const wanted = called + 1 + ((kill * 7) % (2 * texts.length));
    await until('calls to be made', () => fake.calls.length >= wanted);
    for (const id of ids.slice(0, REMEMBERED)) before.set(id, await journalOf(server.now, id));
    interrupted += [...before.values()].slice(-REMEMBERED).filter((events) => events.at(-1)?.type !== 'run-finished').length;
    await server.crash();
  }
  for (const { id, status } of await allRuns(server.now)) if (!messages.has(id)) faults.push(`run ${id} (${status}) belongs to no request`);
  await atOnce(8, messages, async ([id, message]) => {
    const run = await until(`run ${id} to end`, () => ended(server.now, id).catch(() => undefined)).catch(() => undefined);
    if (!run) return void faults.push(`run ${id} does not end`);
    if (!isEnded(run.status) || !sameJson(run.output, work.output(message))) faults.push(`run ${id} is ${run.status}`);
    const events = await journalOf(server.now, id);
    faults.push(...journalFaults(events).map((fault) => `run ${id}: ${fault}`));
    begun += events.filter(({ type }) => type === 'call-started').length;
    const remembered = before.get(id) ?? [];
    if (JSON.stringify(events.slice(0, remembered.length)) !== JSON.stringify(remembered)) faults.push(`run ${id} lost what was on disk`);
  });
  const calls = fake.calls.length;
  if (calls > begun) faults.push(`the model was called ${calls} times, but only ${begun} calls were started`);
  return { faults, runs: messages.size, kills: server.kills, interrupted, repeated: calls - work.calls * messages.size };
}

test(`none of ${COUNTS.runs} runs on a server killed ${COUNTS.kills} times loses or repeats a finished step`, { timeout: SOAK_LIMIT_MS }, async () => {
  const { faults, ...seen } = await killAmongRuns(COUNTS);
  console.info(`kills: ${JSON.stringify(seen)}`);
  expect(faults).toEqual([]);
  expect(seen).toMatchObject(COUNTS);
  expect(seen.interrupted, 'enough runs were in the middle of something').toBeGreaterThan(COUNTS.kills);
  // A kill interrupts at most one call of a run, and no run lives through more than two.
  expect(seen.repeated).toBeGreaterThan(0);
  expect(seen.repeated).toBeLessThanOrEqual(2 * COUNTS.runs);
});

/** Fewer, because each has more calls. */
const COUNTS_OF_ITEMS = { runs: Math.ceil(COUNTS.runs / 5), kills: Math.ceil(COUNTS.kills / 5) };
test.skipIf(SIZE === undefined)(
  `nor does any of ${COUNTS_OF_ITEMS.runs} runs with a for-each on a server killed ${COUNTS_OF_ITEMS.kills} times, or a finished item`,
  { timeout: SOAK_LIMIT_MS },
  async () => {
    const { faults, ...seen } = await killAmongRuns(COUNTS_OF_ITEMS, {}, EACH);
    console.info(`kills among items: ${JSON.stringify(seen)}`);
    expect(faults).toEqual([]);
    expect(seen).toMatchObject(COUNTS_OF_ITEMS);
    expect(seen.interrupted).toBeGreaterThan(0);
    expect(seen.repeated).toBeGreaterThan(0);
    expect(seen.repeated).toBeLessThanOrEqual(2 * EACH.atOnce * COUNTS_OF_ITEMS.runs);
  },
);

test('a build that forgets finished steps is caught', { timeout: SOAK_LIMIT_MS }, async () => {
  const { faults } = await killAmongRuns({ runs: 20, kills: 2 }, brokenBuild(FORGETS_WHAT_FINISHED));
  expect(faults.join('\n')).toMatch(/after the end of|is failed|does not end/);
});
