import { emptyRedis } from '@switchyard/server/cluster/empty-redis.fixture.ts';
import { type BreakableProxy, openBreakableProxy } from '@switchyard/server/store/mongo/breakable-proxy.fixture.ts';
import { TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { mongoForTest } from '../kit/mongo.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';

/* Web processes and workers on one MongoDB and one Redis, for tests that kill any of them, and cut off or wipe the databases. */

/** A Redis for tests. They use one of its databases, so it can be wiped without touching others. */
const REDIS = process.env.TEST_REDIS_URL ? `${process.env.TEST_REDIS_URL.replace(/\/+$/, '')}/5` : undefined;

/** True if this machine has no databases for a cluster. */
export const NO_CLUSTER = TEST_MONGODB_URI === undefined || REDIS === undefined;

export type Role = 'web' | 'worker';

export interface Member {
  readonly role: Role;
  /** The current process. */
  readonly now: ServerProcess;
}

export interface Cluster extends AsyncDisposable {
  readonly webs: readonly Member[];
  readonly workers: readonly Member[];
  readonly mongo: BreakableProxy;
  readonly redis: BreakableProxy;
  readonly kills: number;
  /** Another process, with its own settings, until it is disposed. */
  add(role: Role, env?: Readonly<Record<string, string>>): Promise<Member & AsyncDisposable>;
  /** SIGKILL, then another process in the same role. Resolves when that one is ready. */
  crash(member: Member): Promise<void>;
  /** SIGTERM, then another process in the same role. */
  restart(member: Member): Promise<void>;
  /** Deletes everything in Redis. */
  wipeRedis(): Promise<void>;
}

/** What all processes on this database have in common. */
export const clusterSettings = (mongodbUri: string): Readonly<Record<string, string>> => ({
  MONGODB_URI: mongodbUri,
  REDIS_URL: REDIS ?? '',
  SWITCHYARD_SECRET_KEY: 'ab'.repeat(32),
  EGRESS_ALLOW: '127.0.0.1',
});

interface ClusterOptions {
  readonly webs?: number;
  readonly workers?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startCluster({ webs = 1, workers = 2, env = {} }: ClusterOptions = {}): Promise<Cluster> {
  const database = mongoForTest();
  if (!database || REDIS === undefined) throw new Error('Set TEST_MONGODB_URI and TEST_REDIS_URL.');
  const mongo = await openBreakableProxy(database.uri);
  const redis = await openBreakableProxy(REDIS);
  const settings = { ...clusterSettings(mongo.uri), REDIS_URL: redis.uri, ...env };
  const start = (role: Role, own: Readonly<Record<string, string>> = {}): Promise<ServerProcess> =>
    startServerProcess({ env: { ...settings, ...own, ROLE: role } });
  const join = async (role: Role): Promise<{ role: Role; now: ServerProcess }> => ({ role, now: await start(role) });
  // The first one creates the collections.
  const first = await join('web');
  const others = await Promise.all([...Array<Role>(webs - 1).fill('web'), ...Array<Role>(workers).fill('worker')].map(join));
  const members = [first, ...others];
  let kills = 0;
  const replace = async (member: Member): Promise<void> => {
    const replaced = members.find((one) => one === member);
    await member.now[Symbol.asyncDispose]();
    if (replaced) replaced.now = await start(member.role);
  };
  const add: Cluster['add'] = async (role, own) => {
    const member = { role, now: await start(role, own) };
    members.push(member);
    const leave = async (): Promise<void> => {
      members.splice(members.indexOf(member), 1);
      await member.now[Symbol.asyncDispose]();
    };
    return { ...member, [Symbol.asyncDispose]: leave };
  };
  return {
    get webs() {
      return members.filter(({ role }) => role === 'web');
    },
    get workers() {
      return members.filter(({ role }) => role === 'worker');
    },
    add,
    mongo,
    redis,
    get kills() {
      return kills;
    },
    crash: async (member) => {
      await member.now.kill();
      kills++;
      await replace(member);
    },
    restart: async (member) => {
      await member.now.stop();
      await replace(member);
    },
    wipeRedis: () => emptyRedis(REDIS),
    [Symbol.asyncDispose]: async () => {
      for (const { now } of members) await now[Symbol.asyncDispose]();
      for (const proxy of [mongo, redis]) await proxy[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
