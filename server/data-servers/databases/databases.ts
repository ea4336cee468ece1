import type { DatabaseAnswer, DatabaseRequest } from '@switchyard/nodes/sdk/database.ts';
import { DATABASE_NAMES } from '@switchyard/shared/contracts/connections/database.ts';
import type { Egress } from '../../egress/egress.ts';
import type { DatabaseTarget } from './database-target.ts';
import { askMongo, checkMongo } from './mongo.ts';
import { askPostgres, checkPostgres } from './postgres.ts';
import { askRedis, checkRedis } from './redis.ts';

/*
 * Statements to databases. Owns how many connections are open at once: each statement has its own, which ends with it, so no transaction,
 * setting, or lock outlives a step.
 */

/** Per database and process. */
const AT_ONCE = 20;

export type DatabaseEgress = Pick<Egress, 'addressOf' | 'openSocket'>;

/** Performs a statement. Rejects with an AppError, or with the signal’s reason. */
export type AskDatabase = (target: DatabaseTarget, request: DatabaseRequest, signal: AbortSignal) => Promise<DatabaseAnswer>;

export function createDatabases(egress: DatabaseEgress): AskDatabase {
  const inPlaces = createPlaces(AT_ONCE);
  return (target, request, signal) => inPlaces(target.url, signal, () => perform(egress, target, request, signal));
}

function perform(egress: DatabaseEgress, target: DatabaseTarget, request: DatabaseRequest, signal: AbortSignal): Promise<DatabaseAnswer> {
  switch (target.kind) {
    case 'postgresql':
      return askPostgres(target, egress.addressOf, request, signal);
    case 'mongodb':
      return askMongo(target, egress.addressOf, request, signal);
    case 'redis':
      return askRedis(target, egress, request, signal);
  }
}

/** Connects to a database, and returns its name and version. */
export async function checkDatabase(egress: DatabaseEgress, target: DatabaseTarget, signal: AbortSignal): Promise<string> {
  return `${DATABASE_NAMES[target.kind]} ${await versionOf(egress, target, signal)}`.trim();
}

function versionOf(egress: DatabaseEgress, target: DatabaseTarget, signal: AbortSignal): Promise<string> {
  switch (target.kind) {
    case 'postgresql':
      return checkPostgres(target, egress.addressOf, signal);
    case 'mongodb':
      return checkMongo(target, egress.addressOf, signal);
    case 'redis':
      return checkRedis(target, egress, signal);
  }
}

/** Lets only so much work of one key run at once. The rest waits in order, until its signal aborts. */
function createPlaces(places: number) {
  const running = new Map<string, { count: number; readonly waiting: Set<() => void> }>();
  return async <T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const group = running.get(key) ?? { count: 0, waiting: new Set<() => void>() };
    running.set(key, group);
    if (group.count >= places) await turnIn(group.waiting, signal);
    else group.count++;
    try {
      return await work();
    } finally {
      const [next] = group.waiting;
      if (next) next();
      else if (--group.count === 0) running.delete(key);
    }
  };
}

/** Resolves when a place is passed on. */
function turnIn(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      waiting.delete(go);
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      waiting.delete(go);
      reject(signal.reason);
    };
    waiting.add(go);
    signal.addEventListener('abort', leave, { once: true });
  });
}
