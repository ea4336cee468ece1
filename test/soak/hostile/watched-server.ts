import { join } from 'node:path';
import { type ServerProcess, startServerProcess } from '../../kit/server-process.ts';
import { until } from '../../kit/until.ts';
import { type Breakage, brokenBuild } from '../broken-build.ts';
import type { Vitals } from './stall-probe.ts';

export interface WatchedServer extends ServerProcess {
  /** Measurements since the last request. */
  vitals(): Promise<Vitals>;
  /** The same, after a garbage collection. */
  settled(): Promise<Vitals>;
}

/** A server process that reports how long its event loop was blocked. */
export async function startWatchedServer(breakages: readonly Breakage[], env: Readonly<Record<string, string>> = {}): Promise<WatchedServer> {
  const build = brokenBuild(...breakages);
  const probe = `--import=${join(import.meta.dirname, 'stall-probe.ts')}`;
  const server = await startServerProcess({ env: { ...build, NODE_OPTIONS: `${build.NODE_OPTIONS} ${probe}`, LOG_LEVEL: 'error', ...env } });
  const port = await until('the probe', () => /probe on port (\d+)/.exec(server.output())?.[1]);
  const ask = async (path: string): Promise<Vitals> => (await fetch(`http://127.0.0.1:${port}${path}`)).json() as Promise<Vitals>;
  return { ...server, vitals: () => ask('/'), settled: () => ask('/settled') };
}
