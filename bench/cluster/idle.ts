import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { clusterSettings } from '@switchyard/test/cluster/cluster.ts';
import { startServerProcess } from '@switchyard/test/kit/server-process.ts';
import { type Figure, underLimit } from '../figure.ts';
import { residentKib } from '../start/memory.ts';
import { countMessages } from './count-messages.ts';
import { mongoForBench } from './databases.ts';

const SETTLE_MS = 20_000;
const WATCH_MS = 30_000;
/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Resources that an idle worker uses, next to an idle web process. Linux only. */
export async function idle(): Promise<Figure[]> {
  await using database = mongoForBench();
  await using counter = await countMessages(database.uri);
  await using _web = await startServerProcess({ env: { ...clusterSettings(database.uri), ROLE: 'web' } });
  await using worker = await startServerProcess({ env: { ...clusterSettings(database.uri), MONGODB_URI: counter.uri, ROLE: 'worker' } });
  await pause(SETTLE_MS);
  const [ticks, before] = [processorTicks(worker.pid), counter.counts()];
  await pause(WATCH_MS);
  const seconds = WATCH_MS / 1_000;
  const sent = [...counter.counts()].map(([name, count]) => ({ name, count: count - (before.get(name) ?? 0) })).filter(({ count }) => count > 0);
  for (const { name, count } of sent.sort((a, b) => b.count - a.count)) process.stderr.write(`  ${(count / seconds).toFixed(2)}/s ${name}\n`);
  return [
    underLimit('idle-memory', 'MB', { value: residentKib(worker.pid) / 1024, goal: 120 }),
    underLimit('idle-cpu', '%', { value: ((processorTicks(worker.pid) - ticks) / TICKS_PER_SECOND / seconds) * 100, goal: 1 }),
    underLimit('idle-operations', 'per second', { value: sent.reduce((sum, { count }) => sum + count, 0) / seconds, goal: 3 }),
  ];
}

/** User and system time of a process. The name in the second field may contain spaces. */
function processorTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
