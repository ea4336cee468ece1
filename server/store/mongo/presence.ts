import { setTimeout as pause } from 'node:timers/promises';
import mongoose, { type mongo } from 'mongoose';
import { notReady } from './mongo-errors.ts';

/*
 * Whether a server currently accepts writes, by the driver's heartbeats. While there is none, the driver lets every operation wait, and one
 * in flight may never end; callers should get an error at once.
 */

/** A connection may break while its server is fine, so a lost server gets this long to be found again. */
const GRACE_MS = 1_000;
const LOOK_MS = 20;
const SEEK_AGAIN_MS = 200;

export interface Presence {
  /**
   * Resolves once a server is available, at once or within a moment. Throws `not-ready`, before anything was sent, if it has been away
   * longer.
   */
  here(): Promise<void>;
  /** Abandons an operation, as if its connection had broken, if the server stays away. */
  whileHere<T>(operation: Promise<T>): Promise<T>;
}

/** Starts when a server has just responded. */
export function watchPresence(client: mongo.MongoClient): Presence {
  /** Called if the server stays away. */
  const underWay = new Set<(reason: Error) => void>();
  let away: NodeJS.Timeout | undefined;
  let gone = false;
  let isClosed = false;
  let isSeeking = false;
  let reason = new Error('no server accepts writes');

  const stayAway = (): void => {
    gone = true;
    for (const giveUp of underWay) giveUp(new mongoose.mongo.MongoNetworkError(reason.message));
  };
  /** The driver looks for a lost server every 500 ms only while an operation waits for it. */
  const seek = async (): Promise<void> => {
    if (isSeeking) return;
    isSeeking = true;
    while (away !== undefined && !isClosed) {
      await client
        .db('admin')
        .command({ ping: 1 })
        .catch(() => pause(SEEK_AGAIN_MS, undefined, { ref: false }));
    }
    isSeeking = false;
  };
  client.once('topologyClosed', () => {
    isClosed = true;
  });
  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    const servers = [...newDescription.servers.values()];
    reason = servers.find(({ error }) => error !== null)?.error ?? reason;
    if (!servers.some(({ isWritable }) => isWritable)) {
      away ??= setTimeout(stayAway, GRACE_MS).unref();
      void seek();
    } else {
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
