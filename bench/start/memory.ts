import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, median, underLimit } from '../figure.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { loadPage } from './load-page.ts';

const SETTLE_MS = 3_000;
const SAMPLES = 5;
const BETWEEN_MS = 500;

/** Resident memory of an idle server that has served its page once. */
export async function memory(): Promise<Figure[]> {
  using folder = temporaryFolder();
  // So a build, if needed, is not part of the measurement.
  await (await startServer(folder.path, { page: true })).stop();
  await using server = await startServer(folder.path, { page: true });
  await loadPage(server.address);
  await pause(SETTLE_MS);
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    samples.push(residentKib(server.pid) / 1024);
    await pause(BETWEEN_MS);
  }
  return [underLimit('memory', 'MB', { value: median(samples), goal: 130 })];
}

/** Resident memory of a process, in KiB. */
export function residentKib(pid: number): number {
  if (process.platform !== 'linux') return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!line) throw new Error(`The memory of process ${pid} could not be read.`);
  return Number(line[1]);
}
