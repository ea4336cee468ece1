import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Figure, median, underLimit, withinFloor } from '../figure.ts';
import { type Child, startServer } from '../process/child.ts';
import { resultOf } from '../process/forked.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { cpuSeconds, setUpModels, startModelServer } from './model-bench.ts';
import type { SdkResult } from './sdk-calls.ts';

const PASSES = 3;
const WORDS = 20;
const COMMITS = 200;

/** One kind of load. */
interface Load {
  readonly pace: 'fast' | 'paced';
  readonly connections: number;
  readonly calls: number;
}
const WARM_UP: Load = { pace: 'fast', connections: 8, calls: 150 };
const BUSY: Load = { ...WARM_UP, calls: 600 };
const ONE: Load = { pace: 'fast', connections: 1, calls: 150 };
const PARALLEL: Load = { pace: 'paced', connections: 200, calls: 600 };

type Side = 'sdk' | 'route' | 'run';

interface Measured {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly firstWordMs: number;
  readonly cpuMsPerCall: number;
}

/**
 * Compares model calls through Switchyard (through a route, and as a run with one Prompt node and a data policy) with direct calls, alternately
 * and with the same OpenAI SDK client. A budget counts each call. CPU time is the server’s, and the client’s for direct calls. A failed call
 * ends the measurement.
 */
export async function layer(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using models = await startModelServer();
  await using server = await startServer(folder.path);
  const [fast, paced] = await setUpModels(server.address, models, [`fast-${WORDS}`, `paced-${WORDS}`]);
  const measure = async (side: Side, { pace, connections, calls }: Load): Promise<Measured> => {
    const names = pace === 'fast' ? fast : paced;
    const name = { sdk: names?.direct, route: names?.route, run: names?.workflow }[side] ?? '';
    return makeCalls(side === 'sdk' ? models : server, name, side !== 'sdk', [connections, calls]);
  };
  const inTurn = async (load: Load): Promise<Record<Side, Measured>> => {
    const values: Record<Side, Measured[]> = { sdk: [], route: [], run: [] };
    for (let pass = 0; pass < PASSES; pass++) {
      for (const side of ['sdk', 'route', 'run'] as const) values[side].push(await measure(side, load));
    }
    return { sdk: medians(values.sdk), route: medians(values.route), run: medians(values.run) };
  };
  await inTurn(WARM_UP);
  const busy = await inTurn(BUSY);
  const one = await inTurn(ONE);
  const addedMs = 2 * commitMs(folder.path) + 0.5;
  const parallel = await inTurn(PARALLEL);
  return (['route', 'run'] as const).flatMap((side) => [
    withinFloor(`layer-${side}-cpu`, 'ms', { value: busy[side].cpuMsPerCall, floor: busy.sdk.cpuMsPerCall, goal: 3 }),
    underLimit(`layer-${side}-p50-added`, 'ms', { value: one[side].p50Ms - one.sdk.p50Ms, goal: Number(addedMs.toPrecision(3)) }),
    underLimit(`layer-${side}-first-word-added`, 'ms', { value: one[side].firstWordMs - one.sdk.firstWordMs, goal: 1 }),
    withinFloor(`layer-${side}-p99-200`, 'ms', { value: parallel[side].p99Ms, floor: parallel.sdk.p99Ms, goal: 3 }),
  ]);
}

function medians(passes: readonly Measured[]): Measured {
  const of = (read: (measured: Measured) => number): number => median(passes.map(read));
  return {
    p50Ms: of(({ p50Ms }) => p50Ms),
    p99Ms: of(({ p99Ms }) => p99Ms),
    firstWordMs: of(({ firstWordMs }) => firstWordMs),
    cpuMsPerCall: of(({ cpuMsPerCall }) => cpuMsPerCall),
  };
}

async function makeCalls({ address }: Child, model: string, isServer: boolean, [connections, calls]: readonly [number, number]): Promise<Measured> {
  const before = isServer ? await cpuSeconds(address) : 0;
  const result = await resultOf<SdkResult>(join(import.meta.dirname, 'sdk-calls.ts'), [`${address}/v1`, model, connections, calls, WORDS]);
  if (result.wrong !== null) throw new Error(`A call of ${model} was wrong: ${result.wrong}`);
  const cpuMsPerCall = isServer ? (((await cpuSeconds(address)) - before) / result.calls) * 1_000 : result.cpuMsPerCall;
  const { p50Ms, p99Ms, firstWordMs } = result;
  process.stderr.write(
    `  ${model}, ${connections} at once: p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(1)} ms, CPU ${cpuMsPerCall.toFixed(2)} ms per call\n`,
  );
  return { p50Ms, p99Ms, firstWordMs, cpuMsPerCall };
}

/** The median time of a synced commit of one row. */
function commitMs(folder: string): number {
  const database = new DatabaseSync(join(folder, 'commit.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE entry (id INTEGER PRIMARY KEY, text TEXT NOT NULL)');
  const insert = database.prepare('INSERT INTO entry (text) VALUES (?)');
  const times = Array.from({ length: COMMITS }, () => {
    const began = performance.now();
    insert.run('x'.repeat(1_000));
    return performance.now() - began;
  });
  database.close();
  return median(times);
}
