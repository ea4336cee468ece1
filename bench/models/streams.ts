import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type Figure, underLimit } from '../figure.ts';
import { startServer } from '../process/child.ts';
import { resultOf } from '../process/forked.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { liveBytes } from './live-bytes.ts';
import { cpuSeconds, setUpModels, startModelServer } from './model-bench.ts';
import type { StreamsResult } from './read-streams.ts';

const STREAMS = 200;
const WORDS = 500;
const WARM_UP_WORDS = 100;
const WORD_MS = 20;
/** How long a stream lasts if nothing is late. */
const PLANNED_MS = WORDS * WORD_MS;
const SETTLE_MS = 2_000;

/**
 * 200 streams of 50 words per second, through a route, and as runs with a data policy. The server keeps up if it uses less CPU time than the
 * streams last, and words arrive as quickly in the last quarter of the streams as in the first. Memory is the live memory after garbage
 * collection while all streams are open.
 */
export async function streams(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using models = await startModelServer();
  const probe = join(folder.path, 'live-bytes');
  const preload = pathToFileURL(join(import.meta.dirname, 'memory-probe.ts'));
  await using server = await startServer(folder.path, { env: { NODE_OPTIONS: `--import ${preload}`, BENCH_MEMORY_PROBE: probe } });
  const names = await setUpModels(server.address, models, [`paced-${WARM_UP_WORDS}`, `paced-${WORDS}`]);
  const read = async (name = '', words: number): Promise<StreamsResult> => {
    const result = await resultOf<StreamsResult>(join(import.meta.dirname, 'read-streams.ts'), [`${server.address}/v1`, name, STREAMS, words]);
    if (result.wrong !== null) throw new Error(`A stream of ${name} was wrong: ${result.wrong}`);
    return result;
  };
  const settledBytes = () => pause(SETTLE_MS).then(() => liveBytes(server, probe));
  /** The lower of two samples: right after the start, a slow machine also has words that wait. */
  const bytesWhileOpen = async (): Promise<number> => {
    const samples: number[] = [];
    for (const share of [1 / 2, 1 / 4]) {
      await pause(PLANNED_MS * share);
      samples.push(await liveBytes(server, probe));
    }
    return Math.min(...samples);
  };
  const figures: Figure[] = [];
  for (const side of ['route', 'workflow'] as const) {
    const [warmUp, model] = names.map((name) => name[side]);
    await read(warmUp, WARM_UP_WORDS);
    const before = await settledBytes();
    const cpu = await cpuSeconds(server.address);
    const [result, during] = await Promise.all([read(model, WORDS), bytesWhileOpen()]);
    const cpuOfStreams = (await cpuSeconds(server.address)) - cpu;
    const [first = 0, , , last = 0] = result.delaysMs;
    const label = side === 'route' ? 'streams-route' : 'streams-run';
    const delays = result.delaysMs.map((ms) => ms.toFixed(1)).join(', ');
    process.stderr.write(`  ${label}: words arrive after ${delays} ms in each quarter, p99 ${result.p99Ms.toFixed(1)} ms, in ${result.ms.toFixed(0)} ms\n`);
    figures.push(
      underLimit(`${label}-cpu`, 'cores', { value: cpuOfStreams / (PLANNED_MS / 1_000), goal: 1 }),
      underLimit(`${label}-growth`, 'ms', { value: last - first, goal: WORD_MS }),
      underLimit(`${label}-memory`, 'KB', { value: (during - Math.min(before, await settledBytes())) / STREAMS / 1_000, goal: 60 }),
    );
  }
  return figures;
}
