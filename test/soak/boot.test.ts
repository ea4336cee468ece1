import { setTimeout as pause } from 'node:timers/promises';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { listWorkflows } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { echoGraph } from '../kit/graph.ts';
import { patience } from '../kit/patience.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { temporaryDir } from '../kit/server.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { ON_MONGODB } from '../kit/store.ts';
import { fillRuns } from './fill-runs.ts';
import { SIZE, SOAK_LIMIT_MS } from './size.ts';

/* An installation with many runs starts quickly, and its pages are quick without delaying webhooks. */

const RUNS = SIZE === 'whole' ? 1_000_000 : 20_000;
/** The promise holds on an idle reference machine. The small size runs next to other tests. */
const LEEWAY = SIZE === 'whole' ? 1 : 10;
const within = (ms: number): number => patience(ms * LEEWAY);

const READY_MS = 3_000;
const PAGE_MS = 50;
const DELAY_MS = 20;
const CALLS = 200;

type Query = NonNullable<Parameters<typeof listRunsOf>[1]>;
const listRunsOf = (server: ServerProcess, query: { search?: string; label?: string; version?: string; trigger?: 'api' }) =>
  server.call(listRuns, { query: { limit: 50, ...query } });

/** Each with the number of runs on its first page. */
const PAGES: readonly (readonly [string, Query, number])[] = [
  ['the newest runs', {}, 50],
  ['a frequent word', { search: 'grace hopper' }, 50],
  ['a word in one run', { search: `order-${RUNS - 3}"` }, 1],
  ['a word in none', { search: 'zebra crossing' }, 0],
  ['a rare label', { label: 'tenant:tenant7' }, Math.min(50, RUNS / 500)],
  ['a label of none', { label: 'tenant:missing' }, 0],
  ['an unknown version', { version: '99' }, 0],
  ['a rare trigger', { trigger: 'api' }, Math.ceil((2 * RUNS) / 50_000)],
];

const timed = async <T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> => {
  const began = performance.now();
  const value = await work();
  return { ms: performance.now() - began, value };
};

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[values.length >> 1] ?? 0;
/** All but the slowest two of a hundred: the machine has its own pauses. */
const slow = (values: readonly number[]): number => sorted(values)[Math.floor(values.length * 0.98)] ?? 0;

async function callTimes(url: string): Promise<number[]> {
  const times: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const headers = { 'content-type': 'application/json' };
    const { ms, value } = await timed(async () => {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ message: `call ${call}` }) });
      await response.text();
      return response.status;
    });
    expect(value).toBe(200);
    times.push(ms);
    await pause(2);
  }
  return times;
}

test.skipIf(ON_MONGODB)(
  'an installation with many ended and open runs is ready soon, lists and searches quickly, and delays no webhook',
  { timeout: SOAK_LIMIT_MS },
  async () => {
    await using dir = await temporaryDir();
    const before = await startServerProcess({ dataDir: dir.path });
    const { id, url } = await publishedWorkflow(before, echoGraph());
    await before.stop();
    fillRuns({ dataDir: dir.path, workflowId: id, ended: RUNS, open: RUNS });

    const started = await timed(() => startServerProcess({ dataDir: dir.path }));
    await using server = started.value;
    const measured: Record<string, number> = { ready: started.ms };
    const live = `${server.base}${new URL(url).pathname}`;
    await callTimes(live);
    const alone = await callTimes(live);

    let looking = true;
    const look = async (): Promise<void> => {
      while (looking) {
        for (const [, query] of PAGES) await listRunsOf(server, query);
        await server.call(listWorkflows, {});
      }
    };
    const pages = look();
    const beside = await callTimes(live);
    looking = false;
    await pages;
    measured.delay = slow(beside) - slow(alone);

    for (const [name, query, count] of PAGES) {
      const times: number[] = [];
      for (let go = 0; go < 5; go++) {
        const { ms, value } = await timed(() => listRunsOf(server, query));
        expect(value.items, name).toHaveLength(count);
        times.push(ms);
      }
      measured[name] = median(times);
    }
    console.info(
      Object.entries(measured)
        .map(([name, ms]) => `${name}: ${Math.round(ms)} ms`)
        .join(', '),
    );
    expect(measured.ready).toBeLessThan(within(READY_MS));
    expect(measured.delay).toBeLessThan(within(DELAY_MS));
    for (const [name] of PAGES) expect(measured[name], name).toBeLessThan(within(PAGE_MS));
  },
);
