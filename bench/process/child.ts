import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from './until.ts';

/** The project's own folder. */
export const ROOT = join(import.meta.dirname, '..', '..');

export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** The first URL it printed. */
  readonly address: string;
  /** Asks it to stop and waits until it has, including its child processes. */
  stop(): Promise<void>;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take to print its URL. */
  readonly limitMs?: number;
}

/** Starts a program that prints its URL on standard output, and waits for that line. The program gets its own process group. */
export async function startChild({ file, args, cwd = ROOT, env = {}, limitMs = 60_000 }: Command): Promise<Child> {
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const exited = once(child, 'exit');
  let said = '';
  let complained = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (complained = (complained + chunk.toString('utf8')).slice(-4_000)));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} could not be started.`);
  const stop = async (): Promise<void> => {
    signalGroup(pid, 'SIGTERM');
    await exited;
    await until('the process group to end', () => (signalGroup(pid, 0) ? undefined : true));
  };
  try {
    const address = await until(
      'a URL',
      () => {
        if (child.exitCode !== null) throw new Error(`${file} ${args.join(' ')} ended: ${said}${complained}`);
        return /http:\/\/[\w.[\]:]+:\d+(?=[\s/])/.exec(said)?.[0];
      },
      limitMs,
      2,
    );
    return { pid, address, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    signalGroup(pid, 'SIGKILL');
    throw error;
  }
}

/** Signals the processes of a group that we created. False if none is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Starts our server on a data directory. */
export const startServer = (dataDir: string, { page = false, env = {} }: { page?: boolean; env?: Readonly<Record<string, string>> } = {}): Promise<Child> =>
  startChild({
    file: process.execPath,
    args: [join(ROOT, 'server', 'start.js'), ...(page ? [] : ['--no-build'])],
    env: { ...serverEnvironment(dataDir), ...env },
    limitMs: 180_000,
  });

/** The environment of every measurement, independent of the caller's. */
export const serverEnvironment = (dataDir: string): Record<string, string> => ({
  DATA_DIR: dataDir,
  PORT: '0',
  LOG_LEVEL: 'warn',
  HOST: '',
  PUBLIC_URL: '',
  OPENAI_API_KEY: '',
  ANTHROPIC_API_KEY: '',
  SWITCHYARD_DEMO_DELAY_MS: '',
});
