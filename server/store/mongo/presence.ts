import { setTimeout as pause } from 'node:timers/promises';
import mongoose, { type mongo } from 'mongoose';
import { notReady } from './mongo-errors.ts';

/*
 * Whether there is a server that takes writes, as the driver knows it from its heartbeats. While there is none, the driver lets each operation wait
 * for one, and one that was under way may never end; whoever calls should be told at once instead.
 */

/** A connection may break while its server is well, so one that has just gone is given so long to be found again. */
const GRACE_MS = 1_000;
const LOOK_MS = 20;

export interface Presence {
  /** Resolves when a server is there, at once or within a moment. Throws `not-ready`, before anything was sent, when it has been away for longer. */
  here(): Promise<void>;
  /** Gives an operation up, as if its connection had broken, when the server stays away. */
  whileHere<T>(operation: Promise<T>): Promise<T>;
}

/** Begins when a server has just answered. */
export function watchPresence(client: mongo.MongoClient): Presence {
  /** What to do when it stays away. */
  const underWay = new Set<(reason: Error) => void>();
  let away: NodeJS.Timeout | undefined;
  let gone = false;
  let reason = new Error('no server takes writes');

  const stayAway = (): void => {
    gone = true;
    for (const giveUp of underWay) giveUp(new mongoose.mongo.MongoNetworkError(reason.message));
  };
  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    const servers = [...newDescription.servers.values()];
    reason = servers.find(({ error }) => error !== null)?.error ?? reason;
    if (!servers.some(({ isWritable }) => isWritable)) away ??= setTimeout(stayAway, GRACE_MS).unref();
    else {
      clearTimeout(away);
      away = undefined;
      gone = false;
    }
  });
  return {
    here: async () => {
      while (away !== undefined) {
        if (gone) throw notReady(reason, true);
        await pause(LOOK_MS);
      }
    },
    whileHere: (operation) =>
      new Promise((resolve, reject) => {
        underWay.add(reject);
        operation.then(resolve, reject).finally(() => underWay.delete(reject));
      }),
  };
}
