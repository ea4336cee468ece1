import type { Socket } from 'node:net';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Redis } from 'ioredis';
import type { Egress } from '../egress/egress.ts';

/*
 * Connections of users to their Redis servers. Each goes through the egress, and is used until it breaks: who needs it longer opens another,
 * so every address is checked again. The client is loaded with the first one.
 */

export type { Redis };

export interface RedisAccess {
  /** `redis://user@host:port/database`, or `rediss:` for TLS. */
  readonly url: string;
  readonly password: string | undefined;
}

const DEFAULT_PORT = 6_379;
const READY_MS = 10_000;
const DISCONNECT_MS = 2_000;

/** Connects and signs in. Rejects with an error that says why, or with the signal’s reason. An abort later ends the connection. */
export async function connectRedis(egress: Pick<Egress, 'openSocket'>, { url, password }: RedisAccess, signal: AbortSignal): Promise<Redis> {
  const { AbstractConnector, Redis: Client } = await import('ioredis');
  const { hostname, port, protocol, username, pathname } = new URL(url);
  const socket = await egress.openSocket({ host: hostname, port: Number(port) || DEFAULT_PORT, tls: protocol === 'rediss:' }, signal);
  class Opened extends AbstractConnector {
    constructor() {
      super(DISCONNECT_MS);
    }
    async connect(): Promise<Socket> {
      this.connecting = true;
      this.stream = socket;
      return socket;
    }
  }
  const redis = new Client({
    Connector: Opened,
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== undefined && { password }),
    db: Number(pathname.slice(1)),
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectionName: 'switchyard',
    lazyConnect: true,
  });
  let why: Error | undefined;
  // An error event without a listener would end the process.
  redis.on('error', (error: Error) => {
    why ??= error;
  });
  const end = () => redis.disconnect();
  signal.addEventListener('abort', end, { once: true });
  redis.once('end', () => signal.removeEventListener('abort', end));
  const late = setTimeout(end, READY_MS);
  try {
    await redis.connect();
    return redis;
  } catch (thrown) {
    end();
    signal.throwIfAborted();
    throw signInError(why ?? thrown, hostname);
  } finally {
    clearTimeout(late);
  }
}

function signInError(thrown: unknown, host: string): AppError {
  const said = thrown instanceof Error ? thrown.message : '';
  if (/NOAUTH/.test(said)) return new AppError('provider-auth', 'Redis requires a password. Enter it in the connection.', { cause: thrown });
  if (/WRONGPASS|invalid password|NOPERM/i.test(said)) return new AppError('provider-auth', 'Redis rejected the user name or password.', { cause: thrown });
  return new AppError('connect-failed', `“${host}” accepted the connection, but didn’t respond like a Redis server.`, { cause: thrown });
}
