import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@switchyard/server/config.ts';
import { lockDataDir } from '@switchyard/server/data-dir/lock.ts';
import { main } from '@switchyard/server/main.ts';
import { createApi, type TestApi } from './api.ts';
import { forgetStore, storeSettings } from './store.ts';

export const repositoryRoot = join(import.meta.dirname, '..', '..');

export interface ServerOptions {
  /** Settings in addition to PORT and DATA_DIR. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder to continue with. By default, a new folder that is removed at the end. */
  readonly dataDir?: string;
  /** Its own gallery instead of the shipped one. */
  readonly templatesDir?: string;
  /** Limit for bytes of bodies in memory, instead of the default. */
  readonly bodyBytes?: number;
}

export interface TestServer extends AsyncDisposable, TestApi {
  /** `http://127.0.0.1:…` */
  readonly base: string;
  readonly dataDir: string;
  stop(): Promise<void>;
}

/** A folder for a test. Disposing it also removes everything a server on it has stored. */
export async function temporaryDir(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'switchyard-test-'));
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await forgetStore(path);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** A real server for one test, in this process, on a free port: `await using server = await startTestServer()`. */
export async function startTestServer({ env = {}, dataDir, templatesDir, bodyBytes }: ServerOptions = {}): Promise<TestServer> {
  const own = dataDir === undefined ? await temporaryDir() : undefined;
  const dir = dataDir ?? own?.path ?? '';
  const config = readConfig({ LOG_LEVEL: 'silent', MODEL_SERVER_PORTS: 'none', ...storeSettings(dir), ...env, PORT: '0', DATA_DIR: dir });
  const running = await main({
    say: () => {},
    config,
    lock: lockDataDir(config.dataDir),
    pageDir: join(dir, 'no-page'),
    templatesDir: templatesDir ?? join(repositoryRoot, 'templates'),
    bodyBytes,
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= running.stop();
    return stopped;
  };
  return {
    base: running.address,
    dataDir: dir,
    ...createApi(running.address),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await own?.[Symbol.asyncDispose]();
    },
  };
}
