import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createApi, type TestApi } from './api.ts';
import { repositoryRoot, type ServerOptions, temporaryDir } from './server.ts';
import { storeSettingsOfProcess } from './store.ts';
import { until } from './until.ts';

export interface ServerProcess extends AsyncDisposable, TestApi {
  readonly base: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Resolves with the exit code when the process ends for any reason. */
  readonly exited: Promise<number | null>;
  /** Everything it has printed. */
  output(): string;
  /** SIGKILL, like a crash. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM. Resolves with the exit code. */
  stop(): Promise<number | null>;
}

interface Started {
  readonly child: ReturnType<typeof spawn>;
  readonly exited: Promise<number | null>;
  output(): string;
}

/** Starts the program as `pnpm start` does, without building the page. */
export function spawnServer(dataDir: string, env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [join(repositoryRoot, 'server', 'start.js'), '--no-build'], {
    cwd: repositoryRoot,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LOG_LEVEL: 'error',
      PORT: '0',
      MODEL_SERVER_PORTS: 'none',
      ...storeSettingsOfProcess(dataDir),
      ...env,
      DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, exited, output: () => output };
}

/** A server in its own process, for tests that kill it: `await using server = await startServerProcess()`. */
export async function startServerProcess({ env = {}, dataDir }: ServerOptions = {}): Promise<ServerProcess> {
  const own = dataDir === undefined ? await temporaryDir() : undefined;
  const dir = dataDir ?? own?.path ?? '';
  const { child, exited, output } = spawnServer(dir, env);
  const base = await until('the address', () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server ended with ${child.exitCode ?? child.signalCode}: ${output()}`);
    return /ready at (http:\S+)\n/.exec(output())?.[1];
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null) child.kill(signal);
    return exited;
  };
  return {
    base,
    dataDir: dir,
    pid: child.pid ?? 0,
    ...createApi(base),
    output,
    exited,
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL');
      await own?.[Symbol.asyncDispose]();
    },
  };
}
