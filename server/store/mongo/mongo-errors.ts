import { AppError } from '@switchyard/shared/errors.ts';
import mongoose from 'mongoose';

const { mongo } = mongoose;

// https://www.mongodb.com/docs/manual/reference/error-codes/
const DUPLICATE_KEY = 11_000;
const TOO_LARGE: ReadonlySet<unknown> = new Set([10_334, 17_419]);
/** BadValue, NoSuchKey, FailedToParse, TypeMismatch, ImmutableField, and similar: the command itself was wrong. */
const OUR_MISTAKES: ReadonlySet<unknown> = new Set([2, 4, 9, 14, 28, 40, 52, 53, 59, 66]);
const AUTHENTICATION: ReadonlySet<unknown> = new Set([13, 18, 8_000]);

/** A failed write of a batch. */
export interface Failure {
  readonly code?: unknown;
  readonly message: string;
}

/** A unique index already has the value. Some servers that speak the protocol pass on the message of the database behind them. */
export const isDuplicate = ({ code, message }: Failure): boolean => code === DUPLICATE_KEY || /violates (?:unique|exclusion) constraint/.test(message);

/** WriteConflict, LockTimeout. */
const CONFLICTS: ReadonlySet<unknown> = new Set([24, 112]);

/** A conflict with another write: this one was not made and may be repeated at once. */
export const isConflict = ({ code, message }: Failure): boolean => CONFLICTS.has(code) || /deadlock detected|could not serialize access/.test(message);

/** Rejected because of the write itself, not because of the database's state, for example full, out of memory, or shutting down. */
export const isForGood = (failure: Failure): boolean => isDuplicate(failure) || isTooLarge(failure) || OUR_MISTAKES.has(failure.code);

/** The index named by a rejected write; undefined if the server doesn't name it. */
export const duplicateIndex = ({ message }: Failure): string | undefined =>
  /index: (?:\S*\$)?(\S+) dup key/.exec(message)?.[1] ?? /Index '([^']+)'/.exec(message)?.[1];

/** The connection broke: whether the write was made is unknown. */
export const isCutOff = (thrown: unknown): boolean => thrown instanceof mongo.MongoNetworkError;

/** No server responds at that address now; one may later. */
export const isAway = (thrown: unknown): boolean =>
  thrown instanceof mongo.MongoNetworkError ||
  thrown instanceof mongo.MongoServerSelectionError ||
  thrown instanceof mongoose.Error.MongooseServerSelectionError;

/** The server rejects the username or password, or doesn't grant the permissions we need. */
export const isRefused = (thrown: unknown): boolean => thrown instanceof mongo.MongoServerError && AUTHENTICATION.has(thrown.code);

/** The store can't write or read right now. `beforeEffect`: nothing of it has reached the database. */
export const notReady = (cause: unknown, beforeEffect = false): AppError =>
  new AppError(
    'not-ready',
    `MongoDB could not be reached: ${cause instanceof Error ? cause.message : String(cause)}. Check that it is running and reachable, then try again.`,
    { cause, beforeEffect },
  );

export const tooLarge = (collection: string, id: string, cause?: unknown): AppError =>
  new AppError('too-large', `“${id}” in “${collection}” is larger than the 16 MB that MongoDB allows per document. Make it smaller, or split it.`, { cause });

/** Errors of the machine and the network become `not-ready`; a wrong command is our mistake and stays as it is. */
export const translateMongoError = (thrown: unknown): unknown => {
  if (thrown instanceof AppError || !isOfDatabase(thrown)) return thrown;
  if (thrown instanceof mongo.MongoServerError && OUR_MISTAKES.has(thrown.code)) return thrown;
  return notReady(thrown);
};

/** The document would exceed MongoDB's limit. */
export const isTooLarge = ({ code }: Failure): boolean => TOO_LARGE.has(code);

const isOfDatabase = (thrown: unknown): boolean =>
  (thrown instanceof mongo.MongoError && !(thrown instanceof mongo.MongoInvalidArgumentError)) || thrown instanceof mongoose.Error.MongooseServerSelectionError;
