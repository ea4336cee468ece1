import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, median, underLimit, withinFloor } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { resultOf } from '../process/forked.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { until } from '../process/until.ts';
import { residentKib } from '../start/memory.ts';
import { GRAPH, ITEMS } from './graph.ts';

const PASSES = 5;
const SETTLE_MS = 3_000;
/** Seldom, because looking takes time from the run. */
const LOOK_MS = 100;
const LIMIT_MS = 60_000;

interface EndedRun {
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly error: unknown;
}

/** Time and memory of a run with 10,000 items of a for-each, each journaled, against inserts of the same results. */
export async function forEach(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path);
  const { id } = await call<{ id: string }>(server.address, 'POST', '/api/workflows', { name: 'For-each', graph: GRAPH });
  const times: number[] = [];
  const floors: number[] = [];
  let idle = Number.POSITIVE_INFINITY;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, residentKib(server.pid) / 1024);
  }, 20);
  try {
    await pause(SETTLE_MS);
    idle = residentKib(server.pid) / 1024;
    most = idle;
    for (let pass = 0; pass < PASSES; pass++) {
      // Of one run. What several leave behind depends on when V8 collects it.
      if (pass === 1) clearInterval(watch);
      times.push(await timeOfRun(server.address, id));
      floors.push(await resultOf<number>(join(import.meta.dirname, 'insert-floor.ts'), [folder.path, ITEMS]));
    }
  } finally {
    clearInterval(watch);
  }
  return [
    withinFloor('for-each', 'ms', { value: median(times), floor: median(floors), goal: 3 }),
    underLimit('for-each-memory', 'MB', { value: most - idle, goal: 60 }),
  ];
}

async function timeOfRun(address: string, workflowId: string): Promise<number> {
  const { id } = await call<{ id: string }>(address, 'POST', `/api/workflows/${workflowId}/runs`, { input: {} });
  const run = await until(
    'the run to end',
    async () => {
      const { items: found } = await call<{ items: (EndedRun & { id: string })[] }>(address, 'GET', `/api/runs?workflowId=${workflowId}&limit=1`);
      return found[0]?.id === id && found[0].endedAt ? found[0] : undefined;
    },
    LIMIT_MS,
    LOOK_MS,
  );
  if (run.status !== 'succeeded') throw new Error(`The run is ${run.status}: ${JSON.stringify(run.error)}`);
  return Date.parse(run.endedAt) - Date.parse(run.startedAt);
}
