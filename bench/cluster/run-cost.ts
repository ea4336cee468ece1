import { redisCommands } from '@switchyard/server/cluster/redis-commands.fixture.ts';
import { clusterSettings } from '@switchyard/test/cluster/cluster.ts';
import { startFakeProvider } from '@switchyard/test/kit/fake-provider/fake-provider.ts';
import { modelGraph } from '@switchyard/test/kit/graph.ts';
import { fakeTarget, routeTo } from '@switchyard/test/kit/model-route.ts';
import { publishedWorkflow } from '@switchyard/test/kit/published.ts';
import { allRuns } from '@switchyard/test/kit/runs.ts';
import { startServerProcess } from '@switchyard/test/kit/server-process.ts';
import { atOnce } from '@switchyard/test/soak/at-once.ts';
import { type Figure, underLimit } from '../figure.ts';
import { until } from '../process/until.ts';
import { countMessages } from './count-messages.ts';
import { mongoForBench } from './databases.ts';
import { processorMs } from './processor-time.ts';

const RUNS = 200;
const WARM_UP = 50;
const AT_ONCE = 16;
const LIMIT_MS = 300_000;

/** What a run with one model call, in mode `accepted`, costs each part of a cluster of one web process and one worker. Linux only. */
export async function runCost(): Promise<Figure[]> {
  await using database = mongoForBench();
  await using ofWeb = await countMessages(database.uri);
  await using ofWorker = await countMessages(database.uri);
  const settings: Readonly<Record<string, string>> = { ...clusterSettings(database.uri), LOG_LEVEL: 'silent' };
  const redisUrl = settings.REDIS_URL ?? '';
  await using provider = await startFakeProvider();
  await using web = await startServerProcess({ env: { ...settings, MONGODB_URI: ofWeb.uri, ROLE: 'web' } });
  await using worker = await startServerProcess({ env: { ...settings, MONGODB_URI: ofWorker.uri, ROLE: 'worker' } });
  await routeTo(web, 'fast', fakeTarget(provider));
  const { url } = await publishedWorkflow(web, modelGraph(), { mode: 'accepted' });
  const { pathname } = new URL(url);
  const drive = async (runs: number): Promise<void> => {
    const before = provider.calls.length;
    const numbers = Array.from({ length: runs }, (_, number) => number);
    await atOnce(AT_ONCE, numbers, async (number) => {
      const { status, text } = await web.send('POST', pathname, { body: { message: `message ${number}` } });
      if (status !== 202) throw new Error(`A request got ${status}: ${text.slice(0, 300)}`);
    });
    await until('all calls', () => (provider.calls.length >= before + runs ? true : undefined), LIMIT_MS);
  };
  await drive(WARM_UP);
  const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);
  const look = async () => ({
    web: processorMs(web.pid),
    worker: processorMs(worker.pid),
    webOperations: total(ofWeb.counts()),
    workerOperations: total(ofWorker.counts()),
    commands: await redisCommands(redisUrl),
    by: ofWorker.counts(),
  });
  const before = await look();
  await drive(RUNS);
  const after = await look();
  const ended = (await allRuns(web)).filter(({ status }) => status === 'succeeded').length;
  process.stderr.write(`  ${ended} runs succeeded\n`);
  const sent = [...after.by].map(([name, count]) => ({ name, perRun: (count - (before.by.get(name) ?? 0)) / RUNS })).filter((one) => one.perRun >= 0.05);
  for (const { name, perRun } of sent.sort((a, b) => b.perRun - a.perRun)) process.stderr.write(`  worker, per run: ${perRun.toFixed(2)} ${name}\n`);
  const perRun = (name: Exclude<keyof typeof after, 'by'>): number => (after[name] - before[name]) / RUNS;
  return [
    underLimit('run-cost-web', 'ms of processor time', { value: perRun('web'), goal: 3 }),
    underLimit('run-cost-worker', 'ms of processor time', { value: perRun('worker'), goal: 8 }),
    underLimit('run-cost-web-operations', 'messages to MongoDB', { value: perRun('webOperations'), goal: 2 }),
    underLimit('run-cost-worker-operations', 'messages to MongoDB', { value: perRun('workerOperations'), goal: 13 }),
    underLimit('run-cost-redis', 'commands to Redis', { value: perRun('commands'), goal: 40 }),
  ];
}
