import { temporaryDir } from '../kit/server.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';

/** A server that is restarted whenever its process ends, as by Docker or systemd. */
export interface SupervisedServer extends AsyncDisposable {
  /** The current process, once it is ready. */
  now(): Promise<ServerProcess>;
  /** How often the process ended. */
  readonly deaths: number;
}

export async function superviseServer(env: Readonly<Record<string, string>>): Promise<SupervisedServer> {
  const dir = await temporaryDir();
  let deaths = 0;
  let stopped = false;
  const start = async (): Promise<ServerProcess> => {
    for (;;) {
      try {
        const server = await startServerProcess({ dataDir: dir.path, env });
        void server.exited.then(() => {
          if (stopped) return;
          deaths++;
          current = start();
        });
        return server;
      } catch (error) {
        // It ended before it was ready. A build that has nothing to break never starts.
        if (stopped || !String(error).includes('ended with') || String(error).includes('to break')) throw error;
        deaths++;
      }
    }
  };
  let current = start();
  await current;
  return {
    now: () => current,
    get deaths() {
      return deaths;
    },
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      await (await current).kill();
      await dir[Symbol.asyncDispose]();
    },
  };
}
