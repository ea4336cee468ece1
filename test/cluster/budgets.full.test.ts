import { createBudget, getBudgetUsage, setPrice } from '@switchyard/shared/contracts/money.ts';
import { listRuns, type RunStep } from '@switchyard/shared/contracts/runs.ts';
import { expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { begin, readRun, workflowOf } from '../kit/runs.ts';
import type { ServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';
import { type Cluster, NO_CLUSTER, startCluster } from './cluster.ts';

/* A budget whose calls three workers make, 500 each at once (S44, S63). */

const WORKERS = 3;
const RUNS_EACH = 20;
/** Parallel calls of a run. */
const CALLS_EACH = 25;
const CALLS = WORKERS * RUNS_EACH * CALLS_EACH;
const MODEL = 'fake-paid';
/** In micro-dollars. */
const OUTPUT_TOKEN = 1_000;
const MOST_TOKENS = 20;
/** A tenth of the calls can be open at once. */
const LIMIT = (CALLS / 10) * MOST_TOKENS * OUTPUT_TOKEN;

const keys = Array.from({ length: CALLS_EACH }, (_, index) => `ask${index}`);
const instead = { policy: { onError: 'continue-with' as const, continueWith: { text: 'none', model: 'none', demo: false, finishReason: 'none' } } };
const ask = (key: string) => node('prompt', key, { message: '{{ input.message }}', route: 'paid', maxTokens: MOST_TOKENS }, instead);
const graph = graphOf(
  [messageInput(), ...keys.map(ask)],
  keys.map((key) => edge('start', key)),
);

async function spendingOn({ webs, workers }: Cluster, fake: FakeProvider) {
  const web = webs[0]?.now as ServerProcess;
  await routeTo(web, 'paid', fakeTarget(fake, { model: MODEL, atOnce: 1_000 }));
  await web.call(setPrice, { params: { model: MODEL }, body: { input: 0, output: OUTPUT_TOKEN } });
  const workflowId = await workflowOf(web, graph);
  const budget = await web.call(createBudget, {
    body: { scope: { kind: 'workflow', id: workflowId }, period: 'month', hardMicros: LIMIT, onHard: 'stop' },
  });
  const usage = async () => (await web.call(getBudgetUsage, { params: { id: budget.id } })).items[0];
  expect(workers).toHaveLength(WORKERS);
  return { web, workflowId, usage };
}

test.skipIf(NO_CLUSTER)('the hard limit is never passed while three processes make 500 calls each', async () => {
  await using fake = await startFakeProvider();
  fake.failAlways({ kind: 'slow', delayMs: 100 });
  await using cluster = await startCluster({ workers: WORKERS, env: { LOG_LEVEL: 'silent', WORKER_SLOTS: String(RUNS_EACH) } });
  const { web, workflowId, usage } = await spendingOn(cluster, fake);
  const began = performance.now();
  const runs = await Promise.all(Array.from({ length: WORKERS * RUNS_EACH }, (_, run) => begin(web, workflowId, `run ${run}`)));
  let most = 0;
  await until('the end of all runs', async () => {
    const { settledMicros = 0, reservedMicros = 0 } = (await usage()) ?? {};
    most = Math.max(most, settledMicros + reservedMicros);
    const { items } = await web.call(listRuns, { query: { workflowId, status: 'succeeded', limit: 100 } });
    return items.length === runs.length;
  });
  const seconds = (performance.now() - began) / 1_000;

  const steps: RunStep[] = [];
  for (const { id } of runs) steps.push(...(await readRun(web, id)).steps.filter(({ nodeKey }) => nodeKey !== 'start'));
  const refused = steps.filter(({ recovered }) => recovered?.code === 'budget-exceeded').length;
  const made = steps.filter(({ recovered }) => recovered === null).length;
  expect(refused + made).toBe(CALLS);
  expect(most).toBeGreaterThan(LIMIT / 2);
  expect(most).toBeLessThanOrEqual(LIMIT);
  const spent = await usage();
  expect(spent).toMatchObject({ calls: made, reservedMicros: 0, overrunMicros: 0 });
  expect(spent?.settledMicros).toBeLessThanOrEqual(LIMIT);
  expect(fake.calls).toHaveLength(made);
  console.info(`budget: ${JSON.stringify({ calls: CALLS, made, refused, most, limit: LIMIT, seconds })}`);
});
