import { createBudget, getBudgetUsage, setPrice } from '@switchyard/shared/contracts/money.ts';
import { expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { begin, ended } from '../kit/runs.ts';
import type { ServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';
import { atOnce } from './at-once.ts';
import { IGNORES_RESERVATIONS } from './breakages.ts';
import { brokenBuild } from './broken-build.ts';
import { type KilledServer, startKilledServer } from './killed-server.ts';
import { SOAK_LIMIT_MS, sizeOf } from './size.ts';

/*
 * Spending stops at the hard limit of a budget: of each run that loops without end, although the server is killed meanwhile, and of a
 * workflow, however many of its calls are made at once (S63).
 */

const MODEL = 'fake-paid';
/** In micro-dollars. */
const OUTPUT_TOKEN = 1_000;
const MOST_TOKENS = 20;
const LIMIT = 5 * MOST_TOKENS * OUTPUT_TOKEN;
const KILLS = 2;

const ask = node('prompt', 'ask', { message: '{{ input.message }}', route: 'paid', maxTokens: MOST_TOKENS });
const reply = node('output', 'reply', { value: '{{ steps.ask.text }}' });
const once = graphOf([messageInput(), ask, reply], [edge('start', 'ask'), edge('ask', 'reply')]);
const endless = graphOf(
  [messageInput(), ask, node('condition', 'more', { branches: [{ name: 'again', by: 'expression', expression: 'true' }] }), reply],
  [edge('start', 'ask'), edge('ask', 'more'), edge('more.again', 'ask', { back: true, limit: 1_000 }), edge('more.else', 'reply')],
);

async function priced(server: ServerProcess, fake: FakeProvider): Promise<void> {
  await routeTo(server, 'paid', fakeTarget(fake, { model: MODEL }));
  await server.call(setPrice, { params: { model: MODEL }, body: { input: 0, output: OUTPUT_TOKEN } });
}

/** All periods of a budget. */
const spentOf = async (server: ServerProcess, id: string) => (await server.call(getBudgetUsage, { params: { id } })).items;

/** Runs that would loop 1,000 times, while the server is killed. Returns what each run spent, and how often each called the model. */
async function loop(server: KilledServer, fake: FakeProvider, runs: number) {
  await priced(server.now, fake);
  const { id } = await publishedWorkflow(server.now, endless);
  const budget = await server.now.call(createBudget, { body: { scope: { kind: 'run' }, period: 'run', hardMicros: LIMIT, onHard: 'stop' } });
  const ids: string[] = [];
  await atOnce(8, Array(runs).keys(), async (number) => void ids.push((await begin(server.now, id, `run ${number}.`)).id));
  for (let kill = 1; kill <= KILLS; kill++) {
    await until('the runs to be in the middle of their loops', async () => fake.calls.length >= runs * 3 * kill);
    await server.crash();
  }
  const ends: (string | undefined)[] = [];
  await atOnce(4, ids, async (runId) => void ends.push((await ended(server.now, runId)).error?.code));
  const callsOf = (number: number): number => fake.calls.filter(({ messages }) => messages.at(-1)?.text === `run ${number}.`).length;
  return { ends, calls: Array.from({ length: runs }, (_, number) => callsOf(number)), spent: await spentOf(server.now, budget.id) };
}

test('no endless loop spends more than the limit of its run, although the server is killed', { timeout: SOAK_LIMIT_MS }, async () => {
  const runs = sizeOf(100);
  await using fake = await startFakeProvider();
  fake.failAlways({ kind: 'slow', delayMs: 20 });
  await using server = await startKilledServer({ EGRESS_ALLOW: '127.0.0.1', LOG_LEVEL: 'silent' });
  const { ends, calls, spent } = await loop(server, fake, runs);
  expect(new Set(ends)).toEqual(new Set(['budget-exceeded']));
  expect(spent).toHaveLength(runs);
  for (const { settledMicros, reservedMicros, overrunMicros } of spent) {
    expect(settledMicros).toBeLessThanOrEqual(LIMIT);
    expect(settledMicros).toBeGreaterThan(LIMIT / 2);
    expect([reservedMicros, overrunMicros]).toEqual([0, 0]);
  }
  // A call that was cut off by a kill is made again, and its cost is unknown.
  const most = Math.max(...spent.map((one) => one.calls)) + KILLS;
  for (const count of calls) expect(count).toBeLessThanOrEqual(most);
  console.info(
    `loops: ${JSON.stringify({ runs, kills: server.kills, calls: fake.calls.length, most: Math.max(...spent.map((one) => one.settledMicros)), limit: LIMIT })}`,
  );
});

/** Many calls at once of a workflow whose budget allows only some of them. */
async function flood(calls: number, env: Readonly<Record<string, string>> = {}) {
  await using fake = await startFakeProvider();
  fake.failAlways({ kind: 'slow', delayMs: 5 });
  await using server = await startKilledServer({ EGRESS_ALLOW: '127.0.0.1', LOG_LEVEL: 'silent', ...env });
  await priced(server.now, fake);
  const { id, url } = await publishedWorkflow(server.now, once);
  const budget = await server.now.call(createBudget, {
    body: { scope: { kind: 'workflow', id }, period: 'day', hardMicros: LIMIT, onHard: 'stop' },
  });
  const statuses: number[] = [];
  await atOnce(calls, Array(calls).keys(), async (number) => {
    statuses.push((await server.now.send('POST', url, { body: { message: `call ${number} of many.` } })).status);
  });
  const [spent] = await spentOf(server.now, budget.id);
  return { succeeded: statuses.filter((status) => status === 200).length, answered: statuses.length, called: fake.calls.length, spent };
}

test('calls at once never spend more than the limit together', { timeout: SOAK_LIMIT_MS }, async () => {
  const calls = sizeOf(500);
  const { spent, ...seen } = await flood(calls);
  expect(seen.answered).toBe(calls);
  expect(seen.succeeded).toBeGreaterThan(3);
  expect(seen.called).toBe(seen.succeeded);
  expect(spent).toMatchObject({ reservedMicros: 0, overrunMicros: 0, calls: seen.succeeded });
  expect(spent?.settledMicros).toBeLessThanOrEqual(LIMIT);
  console.info(`calls at once: ${JSON.stringify({ ...seen, settledMicros: spent?.settledMicros, limit: LIMIT })}`);
});

test('a build that ignores reservations is caught', { timeout: SOAK_LIMIT_MS }, async () => {
  const { spent } = await flood(60, brokenBuild(IGNORES_RESERVATIONS));
  expect(spent?.overrunMicros).toBeGreaterThan(0);
});
