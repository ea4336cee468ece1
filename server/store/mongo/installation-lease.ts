import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@switchyard/shared/errors.ts';
import mongoose, { type Connection } from 'mongoose';
import { placeOf } from './mongo-address.ts';
import { isDuplicate } from './mongo-errors.ts';

/*
 * One process per database. Owns: the record that says who works on it. Invariants: 1. No clocks are compared: a holder counts beats, and
 * who wants the database watches whether they go on. 2. Every change of holder is one compare-and-set. 3. The same data directory
 * takes its lease back at once: its own lock says that the process before is gone. Were two processes at work all the same
 * (one was cut off for long and came back), the journal still lets only one drive a run; the lease ends the other.
 */

const BEAT_MS = 5_000;
/** Without a beat for so long, a holder is taken to be gone. */
const GONE_MS = 20_000;
const WATCH_MS = 500;
const ID = 'lease';

export interface LeaseHolder {
  /** The data directory's own name, see installation-id.ts. */
  readonly installation: string;
  /** Another process took the database over; this one must end. */
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
  /** One process at one time. */
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  readonly beat: number;
}

/** Takes the database for this process. Waits while a holder may be gone; throws AppError `in-use` when it is not. */
export const takeLease = async (connection: Connection, uri: string, holder: LeaseHolder, say: (line: string) => void): Promise<InstallationLease> => {
  const leases = connection.collection<LeaseDocument>('lease');
  const own: LeaseDocument = { _id: ID, installation: holder.installation, token: randomUUID(), host: hostname(), pid: process.pid, beat: 0 };
  while (!(await tryToTake(leases, own))) await awaitEnd(leases, uri, holder, say);
  const beat = async (): Promise<void> => {
    // While the database is away there is nothing to say; whoever waits cannot see it either.
    const beaten = await leases.updateOne({ _id: ID, token: own.token }, { $inc: { beat: 1 } }).catch(() => undefined);
    if (beaten?.matchedCount !== 0) return;
    clearInterval(timer);
    holder.lost(
      new AppError('in-use', `Another Switchyard has taken over the database ${placeOf(uri)}, as this one was not heard of for some time. This one ends.`),
    );
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
      // A record that is being changed may be missed by a delete at the same moment.
      await beating;
      // Left there, it only makes the next one wait.
      await leases.deleteOne({ _id: ID, token: own.token }).catch(() => undefined);
    },
  };
};

type Leases = mongoose.Collection<LeaseDocument>;

/** Takes a lease that nobody has, or that an earlier process of the same installation left. */
const tryToTake = async (leases: Leases, own: LeaseDocument): Promise<boolean> => {
  try {
    const taken = await leases.findOneAndReplace({ _id: ID, installation: own.installation }, withoutId(own));
    if (taken) return true;
    if (await leases.findOne({ _id: ID })) return false;
    await leases.insertOne(own);
    return true;
  } catch (thrown) {
    if (thrown instanceof mongoose.mongo.MongoServerError && isDuplicate(thrown)) return false;
    throw thrown;
  }
};

const withoutId = ({ _id: _, ...document }: LeaseDocument): Omit<LeaseDocument, '_id'> => document;

/** Watches a holder: returns when it has given up or is gone, throws when it lives. */
const awaitEnd = async (leases: Leases, uri: string, { goneMs = GONE_MS }: LeaseHolder, say: (line: string) => void): Promise<void> => {
  const seen = await leases.findOne({ _id: ID });
  if (!seen) return;
  const who = `the Switchyard on ${seen.host} (process ${seen.pid})`;
  say(`The database ${placeOf(uri)} was last used by ${who}. Waiting up to ${Math.ceil(goneMs / 1_000)} s to see whether it still runs.`);
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
