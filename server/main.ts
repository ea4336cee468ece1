import type { Config } from './config.ts';
import type { DataDirLock } from './data-dir/lock.ts';
import { openStartupGate } from './http/startup-gate.ts';
import { createMetrics } from './metrics/metrics.ts';
import { type Foundation, type FoundationParts, openFoundation } from './roles/foundation.ts';
import type { Web, WebParts } from './roles/http-frame.ts';
import { createWorker } from './roles/worker.ts';
import { workspaces } from './roles/workspaces.ts';
import { queueFigures } from './services/queue/get-queue.ts';
import { warnOfUnreadable } from './services/unreadable-secrets.ts';
import type { Tracing } from './tracing/tracing.ts';
import { VERSION } from './version.ts';
import type { startWatchdog } from './watchdog.ts';

/*
 * Starts a process in the role `web`, `worker`, or both. Start order: store, worker, port, recovery, requests. Callers before that get
 * `not-ready`. Stopping reverses the order.
 */

export interface MainParts extends FoundationParts {
  /** Absent if several processes work on one MongoDB. */
  readonly lock: DataDirLock | undefined;
  /** Folder of the built page. */
  readonly pageDir: string;
  /** Starts a watchdog over the event loop. */
  readonly watchdog?: typeof startWatchdog;
  /** Maximum bytes of bodies in memory, if not the default. */
  readonly bodyBytes?: number | undefined;
}

export interface RunningServer {
  /** The address it listens on: `http://127.0.0.1:4310`. */
  readonly address: string;
  /** Stops accepting, lets runs finish or hands them off in time, closes the store, and unlocks the data directory. */
  stop(): Promise<void>;
}

/** Runs that a process drives at once. */
const slotsOf = ({ role, redisUrl, workerSlots }: Config): number => (role === 'web' ? 0 : redisUrl === undefined ? Number.POSITIVE_INFINITY : workerSlots);

/** Only what the role serves is loaded. */
const loadWeb = async ({ role }: Config): Promise<(parts: WebParts) => Web> =>
  role === 'worker' ? (await import('./roles/worker-web.ts')).createWorkerWeb : (await import('./roles/web.ts')).createWeb;

/** OpenTelemetry is loaded only if traces are exported. */
const tracingOf = async ({ tracing }: Config, { bus, policies, retrying }: Foundation): Promise<Tracing | undefined> => {
  if (!tracing) return undefined;
  const { startTracing } = await import('./tracing/tracing.ts');
  const mayShow = ({ workspaceId, policy }: { workspaceId: string; policy?: string }) =>
    policy === undefined || policies.mayLeave(retrying.in(workspaceId), policy);
  return startTracing(tracing, { bus, version: VERSION, mayShow });
};

/** Starts the server. Resolves once it is ready. Throws ConfigError if the port is taken. */
export async function main({ lock, watchdog: watch, pageDir, bodyBytes, ...parts }: MainParts): Promise<RunningServer> {
  const { config } = parts;
  const loadingWeb = loadWeb(config);
  const foundation = await openFoundation(parts);
  const tracing = await tracingOf(config, foundation);
  const metrics = createMetrics({
    version: VERSION,
    driven: () => engine.load() - engine.queued(),
    slots: slotsOf(config),
    queued: () => engine.queued(),
    queue: async () => {
      const { depths, oldestAt } = await queueFigures(foundation.store, workspaces);
      return { depths, oldestSeconds: oldestAt === undefined ? 0 : Math.max(0, Date.now() - Date.parse(oldestAt)) / 1_000 };
    },
    fallingBack: () => foundation.memory.figures.warnings(),
    spans: tracing?.counts,
  });
  const watchdog = watch?.({ running: () => engine.running() });
  const worker = createWorker({ config, foundation, metrics, address: () => config.publicUrl ?? startupGate.address, tracing, starting: watchdog?.note });
  const { engine } = worker;
  const startupGate = await openStartupGate(config, foundation.log).catch(async (error) => {
    await foundation.close();
    throw error;
  });
  const createWeb = await loadingWeb;
  const web = createWeb({ config, pageDir, bodyBytes, version: VERSION, foundation, engine, startupGate, metrics });
  await worker.recover();
  web.open();
  worker.startJobs();
  lock?.announce(startupGate.address);
  void warnOfUnreadable(foundation, workspaces);
  return {
    address: startupGate.address,
    stop: async () => {
      startupGate.shut();
      await worker.stop(config.shutdownMs);
      web.close();
      await startupGate.close();
      await worker.stopJobs();
      await tracing?.stop();
      await foundation.close();
      await watchdog?.stop();
      lock?.release();
    },
  };
}
