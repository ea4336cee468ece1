import { join } from 'node:path';
import { createRollUpJob } from '@switchyard/server/insight/roll-ups/roll-up-job.ts';
import { createJobLease } from '@switchyard/server/ownership/job-lease.ts';
import { DEFAULT_WORKSPACE, type RunRecord } from '@switchyard/server/store/collections.ts';
import { findAll } from '@switchyard/server/store/find-all.ts';
import { rollUpProgress, rollUps } from '@switchyard/server/store/insight/insight-collections.ts';
import type { Store } from '@switchyard/server/store/port.ts';
import { openSqliteStore } from '@switchyard/server/store/sqlite/sqlite-store.ts';
import { processorMs } from '../cluster/processor-time.ts';
import { type Figure, median, underLimit } from '../figure.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { publishOrders } from '../webhook/publish-orders.ts';
import { putLoad } from '../webhook/put-load.ts';
import { insertSampleRuns, sampleRuns } from './sample-runs.ts';

const RUNS = 100_000;
/** The job works while runs arrive. */
const PARTS = 20;
const WORKFLOWS = Array.from({ length: 10 }, (_, index) => `wfl_${index}`);
const PASSES = 15;
const LOAD_S = 8;
const EVERY_S = 5;

/**
 * 100,000 runs of 28 days: how long the requests of the Insight page take, whether figures that are made again from all runs are equal, and
 * what rolling up a run costs as a share of what a webhook request costs.
 */
export async function rollup(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await rollUpSamples(folder.path);
  await using server = await startServer(folder.path);
  const times: number[] = [];
  for (let pass = 0; pass < PASSES; pass++) times.push(await dashboardMs(server.address));
  const webhook = await webhookMicros();
  const { perRun, perMark } = await rollUpMicros(webhook.perSecond);
  say(
    `a webhook request takes ${webhook.micros.toFixed(0)} µs of processor time, marking a run ${perMark.toFixed(1)} µs, rolling it up ${perRun.toFixed(1)} µs`,
  );
  return [
    underLimit('rollup-dashboard', 'ms', { value: median(times), goal: 100 }),
    underLimit('rollup-cost', '% of webhook', { value: (100 * (perRun + perMark)) / webhook.micros, goal: 5 }),
  ];
}

const say = (line: string): void => void process.stderr.write(`  ${line}\n`);

function jobOver(stores: Store) {
  const elapsed = () => performance.now();
  const lease = createJobLease({ store: stores, job: 'roll-ups', processId: 'bench', isAlone: true, elapsed });
  const report = (problem: string, error: unknown): never => {
    throw new Error(problem, { cause: error });
  };
  return createRollUpJob({ stores, workspaces: async () => [DEFAULT_WORKSPACE], lease, now: () => new Date(), elapsed, report });
}

/** Rolls up runs as they arrive, and again from all of them. Throws if any figure differs. */
async function rollUpSamples(folder: string): Promise<void> {
  const stores = openSqliteStore({ file: join(folder, 'switchyard.db') });
  const store = stores.in(DEFAULT_WORKSPACE);
  const job = jobOver(stores);
  const all = [...sampleRuns(RUNS, new Date(), WORKFLOWS)];
  let workMs = 0;
  for (let part = 0; part < PARTS; part++) {
    await insertSampleRuns(store, all.slice((part * RUNS) / PARTS, ((part + 1) * RUNS) / PARTS));
    const began = performance.now();
    await job.work();
    workMs += performance.now() - began;
  }
  const figures = async () => new Map((await findAll(store, rollUps)).map(({ id, figures: found }) => [id, JSON.stringify(found)]));
  const first = await figures();
  say(`${RUNS} runs rolled up into ${first.size} documents in ${(workMs / 1_000).toFixed(1)} s`);
  for (const id of first.keys()) await store.delete(rollUps, id);
  for (const { id } of await findAll(store, rollUpProgress)) await store.delete(rollUpProgress, id);
  // Each pass continues with the next hours.
  while ((await findAll(store, rollUpProgress)).every(({ from }) => from !== null)) await jobOver(stores).work();
  const again = await figures();
  const different = [...first].filter(([id, found]) => again.get(id) !== found);
  if (different.length > 0 || again.size !== first.size)
    throw new Error(`${different.length} of ${first.size} documents differ when made again, ${different[0]?.[0]}`);
  say(`all ${again.size} documents are equal when made again from all runs`);
  await stores.close();
}

/** What the page requests, all at once. */
async function dashboardMs(address: string): Promise<number> {
  const began = performance.now();
  await Promise.all(
    ['overview', 'exceptions', 'comparison', 'reviewers'].map(async (part) => {
      const response = await fetch(`${address}/api/insight/${part}`);
      if (!response.ok) throw new Error(`${part}: ${response.status}`);
      await response.text();
    }),
  );
  return performance.now() - began;
}

/** The processor time of a webhook request, with everything that the server does meanwhile. */
async function webhookMicros(): Promise<{ readonly micros: number; readonly perSecond: number }> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path);
  const url = await publishOrders(server.address);
  await putLoad(url, { seconds: 4 });
  const before = processorMs(server.pid);
  const { replies, perSecond } = await putLoad(url, { seconds: LOAD_S });
  return { micros: ((processorMs(server.pid) - before) * 1_000) / replies, perSecond };
}

/** The processor time of rolling up a run of a busy webhook, and of marking it when it is inserted. */
async function rollUpMicros(perSecond: number): Promise<{ readonly perRun: number; readonly perMark: number }> {
  using folder = temporaryFolder();
  const stores = openSqliteStore({ file: join(folder.path, 'switchyard.db') });
  const store = stores.in(DEFAULT_WORKSPACE);
  const job = jobOver(stores);
  await job.work();
  const now = Date.now();
  const size = Math.round(perSecond * EVERY_S);
  const runsAt = (offset: number, isMarked: boolean): RunRecord[] =>
    [...sampleRuns(size, new Date(), ['wfl_orders'], offset)].map(({ unrolled, facts: _facts, ...run }, index) => {
      const at = new Date(now + index / 10).toISOString();
      const id = `${offset}_${run.id}`;
      return { ...run, id, statusToken: id, createdAt: at, endedAt: at, ...(isMarked && unrolled !== undefined && { unrolled: at }) };
    });
  const cost: number[] = [];
  const inserts: Record<'marked' | 'bare', number[]> = { marked: [], bare: [] };
  for (let pass = 1; pass <= 6; pass++) {
    for (const kind of ['marked', 'bare'] as const) {
      const batch = runsAt(pass * 2 + (kind === 'bare' ? 1 : 0), kind === 'marked');
      inserts[kind].push((await microsOf(() => insertSampleRuns(store, batch))) / size);
    }
    cost.push((await microsOf(job.work)) / size);
  }
  await stores.close();
  return { perRun: median(cost), perMark: Math.max(0, median(inserts.marked) - median(inserts.bare)) };
}

async function microsOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
