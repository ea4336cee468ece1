import { setTimeout as pause } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { notReady } from './mongo-errors.ts';

/*
 * Whether there is a server that takes writes, as the driver knows it from its heartbeats. While there is none, the driver lets each operation wait
 * for one; whoever calls should be told at once instead.
 */

/** A connection may break while its server is well, so one that has just gone is given so long to be found again. */
const GRACE_MS = 1_000;
const LOOK_MS = 20;

export interface Presence {
  /** Resolves when a server is there, at once or within a moment. Throws `not-ready` when it has been away for longer. */
  here(): Promise<void>;
}

/** Begins when a server has just answered. */
export function watchPresence(client: mongo.MongoClient): Presence {
  let awaySince: number | undefined;
  let reason: Error | undefined;
  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    const servers = [...newDescription.servers.values()];
    reason = servers.find(({ error }) => error !== null)?.error ?? reason;
    if (servers.some(({ isWritable }) => isWritable)) awaySince = undefined;
    else awaySince ??= performance.now();
  });
  return {
    here: async () => {
      while (awaySince !== undefined) {
        if (performance.now() - awaySince > GRACE_MS) throw notReady(reason ?? new Error('no server takes writes'));
        await pause(LOOK_MS);
      }
    },
  };
}
