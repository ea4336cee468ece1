import type { RedisStatus } from '@switchyard/shared/contracts/system.ts';
import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../log.ts';

/*
 * The connections of this process to Redis. Owns whether Redis is reachable, and what the operator is told about it.
 * Invariants: 1. Redis may be away at any time, even at startup: nothing here ends the process or waits for it (S43). 2. A command fails
 * at once while Redis is away, and after `COMMAND_MS` if Redis doesn't answer. 3. `connected` means that both connections answered a ping
 * within the last few seconds.
 */

/** How often to check that Redis responds. */
const CHECK_MS = 1_000;
const COMMAND_MS = 2_000;
const CONNECT_MS = 3_000;
const MOST_BACKOFF_MS = 2_000;

/** Its problems are full sentences without addresses: why Redis is away, or what its settings risk. */
export type RedisHealth = RedisStatus;

export interface RedisLink {
  /** Sends commands. */
  readonly commands: Redis;
  /** Receives messages. */
  readonly subscriber: Redis;
  /** Opens another connection, closed with the others. Its commands wait for Redis. */
  open(name: string): Redis;
  health(): RedisHealth;
  /** Calls the listener whenever Redis becomes reachable or unreachable. */
  onChange(listener: (state: RedisHealth['state']) => void): void;
  close(): Promise<void>;
}

export interface RedisLinkParts {
  readonly url: string;
  readonly log: Pick<Log, 'warn' | 'info'>;
}

/** Connects. Resolves when Redis has answered, or after a few seconds without it. */
export async function openRedis({ url, log }: RedisLinkParts): Promise<RedisLink> {
  const place = placeOf(url);
  const connections: Redis[] = [];
  const listeners: ((state: RedisHealth['state']) => void)[] = [];
  let state: RedisHealth['state'] = 'away';
  let since = new Date().toISOString();
  let why = 'Redis is unavailable.';
  let settings: readonly string[] = [];

  const connect = (name: string, options: Options): Redis => {
    const connection = new Redis(url, { ...SHARED_OPTIONS, ...options, connectionName: `switchyard-${name}` });
    // An error event without a listener would end the process.
    connection.on('error', (error: Error) => {
      why = explain(error);
    });
    connections.push(connection);
    return connection;
  };
  const change = (next: RedisHealth['state']): void => {
    if (next === state) return;
    state = next;
    since = new Date().toISOString();
    if (next === 'away') log.warn({ redis: place }, why);
    else log.info({ redis: place }, 'Redis is connected');
    for (const listener of listeners) listener(next);
  };
  const commands = connect('commands', FAILING_FAST);
  const subscriber = connect('subscriber', FAILING_FAST);
  const check = async (): Promise<void> => {
    const isAlive = await Promise.all([answers(commands), answers(subscriber)]);
    change(isAlive.every(Boolean) ? 'connected' : 'away');
  };
  const readSettings = async (): Promise<void> => {
    settings = settingProblems(await commands.info('memory'));
    for (const problem of settings) log.warn({ redis: place }, problem);
  };
  commands.on('ready', () => void readSettings().catch(() => {}));
  for (const connection of [commands, subscriber]) {
    connection.on('ready', () => void check());
    connection.on('close', () => void check());
  }
  const stopChecks = repeat(check);
  await firstAnswer(commands, subscriber);
  await check();
  if (state === 'away') log.warn({ redis: place }, why);

  return {
    commands,
    subscriber,
    open: (name) => connect(name, WAITING),
    health: () => ({ state, since, problems: state === 'away' ? [why] : settings }),
    onChange: (listener) => void listeners.push(listener),
    close: async () => {
      stopChecks();
      for (const connection of connections) connection.disconnect();
    },
  };
}

type Options = Omit<RedisOptions, 'replyMapping'>;

const SHARED_OPTIONS: Options = {
  connectTimeout: CONNECT_MS,
  retryStrategy: (attempts) => Math.min(100 * 2 ** Math.min(attempts, 10), MOST_BACKOFF_MS) * (0.75 + Math.random() / 4),
};
const FAILING_FAST: Options = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0, commandTimeout: COMMAND_MS };
/** BullMQ blocks on its connections, and requires commands that wait. */
const WAITING: Options = { maxRetriesPerRequest: null, lazyConnect: true };

/** Reopens a connection that is open but silent. */
async function answers(connection: Redis): Promise<boolean> {
  if (connection.status !== 'ready') return false;
  try {
    await connection.ping();
    return true;
  } catch {
    if (connection.status === 'ready') connection.disconnect(true);
    return false;
  }
}

async function firstAnswer(...connections: readonly Redis[]): Promise<void> {
  let stop = (): void => {};
  const timeUp = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, CONNECT_MS);
    stop = () => clearTimeout(timer);
  });
  const settled = (connection: Redis) =>
    new Promise<void>((resolve) => {
      connection.once('ready', resolve);
      connection.once('close', resolve);
    });
  await Promise.race([timeUp, Promise.all(connections.map(settled))]).finally(stop);
}

/** Repeats the check, waiting after each time it finishes. */
function repeat(check: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const arm = (): void => {
    if (!isStopped) timer = setTimeout(() => void check().finally(arm), CHECK_MS).unref();
  };
  arm();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

function explain(error: Error & { readonly code?: string }): string {
  if (/NOAUTH/.test(error.message)) return 'Redis requires a password. Add it to REDIS_URL, for example redis://:password@redis.example.com:6379.';
  if (/WRONGPASS|invalid password/.test(error.message)) return 'Redis rejected the user name or password in REDIS_URL.';
  return error.code === undefined ? 'Redis is unavailable.' : `Redis is unavailable (${error.code}).`;
}

/** With any other policy, Redis deletes queued jobs when its memory is full. */
function settingProblems(memoryInfo: string): string[] {
  const policy = /maxmemory_policy:(\S+)/.exec(memoryInfo)?.[1] ?? 'noeviction';
  if (policy === 'noeviction') return [];
  return [`Redis has the setting maxmemory-policy ${policy}, so runs may start up to 10 s late when its memory is full. Set it to noeviction.`];
}

/** Host and port, without the password, for the log. */
function placeOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 6_379}`;
}
