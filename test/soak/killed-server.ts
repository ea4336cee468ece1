import { temporaryDir } from '../kit/server.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';

/** A server that is killed now and then and restarts on the same data, on another port. */
export interface KilledServer extends AsyncDisposable {
  /** The current process. */
  readonly now: ServerProcess;
  readonly kills: number;
  /** SIGKILL, then the next process. Resolves when that one is ready. */
  crash(): Promise<void>;
}

export async function startKilledServer(env: Readonly<Record<string, string>>): Promise<KilledServer> {
  const dir = await temporaryDir();
  const start = (): Promise<ServerProcess> => startServerProcess({ dataDir: dir.path, env });
  let now = await start();
  let kills = 0;
  return {
    get now() {
      return now;
    },
    get kills() {
      return kills;
    },
    crash: async () => {
      await now.kill();
      kills++;
      now = await start();
    },
    [Symbol.asyncDispose]: async () => {
      await now.kill();
      await dir[Symbol.asyncDispose]();
    },
  };
}
