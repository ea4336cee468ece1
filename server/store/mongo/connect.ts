import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@switchyard/shared/errors.ts';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import { databaseOf, placeOf } from './mongo-address.ts';
import { isAway, isRefused } from './mongo-errors.ts';

/** How long an operation looks for a server before it fails. */
const FIND_SERVER_MS = 3_000;
/** A server that holds a connection but says nothing is away as well. */
const SILENCE_MS = 20_000;
const MAJORITY_MS = 8_000;
/** A server that is back is known to be so soon, and asked for nothing before. */
const HEARTBEAT_MS = 500;
const TRY_AGAIN_MS = 1_000;
const SAY_AGAIN_MS = 30_000;

const OPTIONS: ConnectOptions = {
  appName: 'switchyard',
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_MS },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  serverSelectionTimeoutMS: FIND_SERVER_MS,
  connectTimeoutMS: FIND_SERVER_MS,
  heartbeatFrequencyMS: HEARTBEAT_MS,
  socketTimeoutMS: SILENCE_MS,
  waitQueueTimeoutMS: SILENCE_MS,
  maxPoolSize: 50,
  // A write that waits in memory for a server is one that a crash loses.
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
};

/** Connects; while no server answers it says so and waits. Throws AppError `not-ready` when the address or the password is wrong. */
export const connect = async (uri: string, say: (line: string) => void): Promise<Connection> => {
  let saidAt: number | undefined;
  for (;;) {
    const connection = mongoose.createConnection();
    try {
      await connection.openUri(uri, { ...OPTIONS, dbName: databaseOf(uri) });
      assertDurable(connection);
      if (saidAt !== undefined) say(`MongoDB at ${placeOf(uri)} answers. Going on.`);
      return connection;
    } catch (thrown) {
      await connection.close(true);
      if (!isAway(thrown)) throw explain(uri, thrown);
      if (saidAt === undefined || performance.now() - saidAt > SAY_AGAIN_MS) {
        saidAt = performance.now();
        say(`MongoDB at ${placeOf(uri)} does not answer: ${messageOf(thrown)}. Waiting for it; check that it runs and that MONGODB_URI is right.`);
      }
      await pause(TRY_AGAIN_MS);
    }
  }
};

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

const explain = (uri: string, thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown;
  const what = isRefused(thrown)
    ? `MongoDB at ${placeOf(uri)} refuses this user or password. Check the name and the password in MONGODB_URI`
    : `MONGODB_URI cannot be used: ${messageOf(thrown)}. It looks like mongodb://name:password@host:27017/switchyard`;
  return new AppError('not-ready', `${what}.`, { cause: thrown });
};

/** Options in the URI can weaken ours: then what is acknowledged could be lost. */
const assertDurable = (connection: Connection): void => {
  const concern = connection.getClient().options.writeConcern;
  if (concern?.w === 'majority' && concern.journal !== false) return;
  throw new AppError('not-ready', 'MONGODB_URI asks for a weaker write concern than Switchyard needs. Take w and journal out of it.');
};
