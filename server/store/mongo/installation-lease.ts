import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@switchyard/shared/errors.ts';
import mongoose, { type Connection } from 'mongoose';
import { placeOf } from './mongo-address.ts';
import { isDuplicate } from './mongo-errors.ts';

/*
 * One process per database, or several that work together. Owns: the record of which process uses it.
 * Invariants: 1. No clock comparison: the holder increments a heartbeat counter, and a contender watches whether it advances. 2. Every
 * change of holder is one compare-and-set. 3. The same data directory gets its lease back at once: its own lock proves that the earlier
 * process is gone. 4. Processes that work together share one record: each increments its heartbeat.
 * If two processes run anyway (one was cut off for long and came back), the journal still lets only one drive a run, and the lease ends the
 * other.
 */

const BEAT_MS = 5_000;
/** A holder without a heartbeat for this long counts as gone. */
const GONE_MS = 20_000;
const WATCH_MS = 500;
const ID = 'lease';
/** In place of the names of one process. */
const TOGETHER = 'together';

export interface LeaseHolder {
  /** The data directory's name; see installation-id.ts. `together`: processes that share the database. */
  readonly installation: string | { readonly together: true };
  /** Another process took over the database; this one must end. */
  lost(reason: AppError): void;
  readonly beatMs?: number;
  readonly goneMs?: number;
}

export interface InstallationLease {
  release(): Promise<void>;
}

interface LeaseDocument {
  readonly _id: string;
  readonly installation: string;
  /** Identifies one process. */
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  readonly beat: number;
}

/** Takes the database for this process. Waits while the holder may be gone; throws AppError `in-use` if it is alive. */
export const takeLease = async (connection: Connection, uri: string, holder: LeaseHolder, say: (line: string) => void): Promise<InstallationLease> => {
  const leases = connection.collection<LeaseDocument>('lease');
  const who = { _id: ID, host: hostname(), pid: process.pid, beat: 0 };
  const isShared = typeof holder.installation !== 'string';
  const own: LeaseDocument = isShared
    ? { ...who, installation: TOGETHER, token: TOGETHER }
    : { ...who, installation: holder.installation, token: randomUUID() };
  while (!(await tryToTake(leases, own))) await awaitEnd(leases, uri, holder, say);
  const beat = async (): Promise<void> => {
    // While the database is unavailable, nothing is reported: a contender can't see it either.
    const beaten = await leases.updateOne({ _id: ID, token: own.token }, { $inc: { beat: 1 } }).catch(() => undefined);
    if (beaten?.matchedCount !== 0 || (await isStillOwn(leases, own))) return;
    clearInterval(timer);
    holder.lost(new AppError('in-use', `Another Switchyard took over the database ${placeOf(uri)} because this one didn’t respond for some time. Stopping.`));
  };
  let beating: Promise<void> | undefined;
  const timer = setInterval(() => {
    beating ??= beat().finally(() => {
      beating = undefined;
    });
  }, holder.beatMs ?? BEAT_MS);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      // A delete may miss a record that is being changed at the same moment.
      await beating;
      // A shared record stays for the other processes. If there are none, the next single process only waits for it to expire.
      if (!isShared) await leases.deleteOne({ _id: ID, token: own.token }).catch(() => undefined);
    },
  };
};

type Leases = mongoose.Collection<LeaseDocument>;

/** Takes a lease that is free, is shared, or was left by an earlier process of the same installation. */
const tryToTake = async (leases: Leases, own: LeaseDocument): Promise<boolean> => {
  try {
    const { host, pid } = own;
    const taken =
      own.token === TOGETHER
        ? await leases.findOneAndUpdate({ _id: ID, token: TOGETHER }, { $set: { host, pid }, $inc: { beat: 1 } })
        : await leases.findOneAndReplace({ _id: ID, installation: own.installation }, withoutId(own));
    if (taken) return true;
    if (await leases.findOne({ _id: ID })) return false;
    await leases.insertOne(own);
    return true;
  } catch (thrown) {
    if (thrown instanceof mongoose.mongo.MongoServerError && isDuplicate(thrown)) return false;
    throw thrown;
  }
};

/** An update may miss a record that another process changes at the same moment, so a beat that matched nothing is checked by a read. */
const isStillOwn = async (leases: Leases, { token }: LeaseDocument): Promise<boolean> => {
  const read = await leases.findOne({ _id: ID }).catch(() => 'unknown' as const);
  return read === 'unknown' || read?.token === token;
};

const withoutId = ({ _id: _, ...document }: LeaseDocument): Omit<LeaseDocument, '_id'> => document;

/** Watches a holder. Returns once it has given up or is gone; throws if it is alive. */
const awaitEnd = async (leases: Leases, uri: string, { goneMs = GONE_MS }: LeaseHolder, say: (line: string) => void): Promise<void> => {
  const seen = await leases.findOne({ _id: ID });
  if (!seen) return;
  const who = `the Switchyard on ${seen.host} (process ${seen.pid})`;
  say(`The database ${placeOf(uri)} was last used by ${who}. Waiting up to ${Math.ceil(goneMs / 1_000)} s to see whether it is still running.`);
  for (const end = performance.now() + goneMs; performance.now() < end; ) {
    await pause(Math.min(WATCH_MS, goneMs / 10));
    const now = await leases.findOne({ _id: ID });
    if (!now) return;
    if (now.token !== seen.token || now.beat !== seen.beat) {
      throw new AppError('in-use', `The database ${placeOf(uri)} is in use by ${who}. Use that one, stop it, or set MONGODB_URI to another database.`);
    }
  }
  await leases.deleteOne({ _id: ID, token: seen.token, beat: seen.beat });
};
