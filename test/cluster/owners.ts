import { DEFAULT_WORKSPACE, processes, runs } from '@switchyard/server/store/collections.ts';
import { openMongoStore } from '@switchyard/server/store/mongo/mongo-store.ts';

export type Owners = Awaited<ReturnType<typeof openOwners>>;

/** Which process drives a run, by the record of the run: the figures of processes are up to 2 s old. */
export async function openOwners(mongodbUri: string) {
  const store = await openMongoStore({ uri: mongodbUri });
  const here = store.in(DEFAULT_WORKSPACE);
  const pidOf = async (runId: string): Promise<number | undefined> => {
    const owner = (await here.get(runs, runId))?.owner;
    return owner ? (await here.get(processes, owner))?.pid : undefined;
  };
  return {
    pidOf,
    /** Those of these runs that this process drives. */
    ownedBy: async (pid: number, runIds: readonly string[]): Promise<string[]> => {
      const pids = await Promise.all(runIds.map(pidOf));
      return runIds.filter((_, index) => pids[index] === pid);
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
}
