import { createHash } from 'node:crypto';
import { AppError } from '@switchyard/shared/errors.ts';
import { isHeaviest } from '@switchyard/shared/expression/metering/weight.ts';
import { findFiles, isFilesRef, isLookalike, restoreFiles } from '@switchyard/shared/files/stored-value.ts';
import { DEEPEST_VALUE, nestsDeeperThan } from '@switchyard/shared/json.ts';
import { BLOB_LIMIT, type BlobRef, isBlobRef } from '@switchyard/shared/run/blob.ts';
import { ownTurn } from '../turns.ts';
import { type BlobLocks, createBlobLocks } from './blob-locks.ts';
import { surelyFits } from './json-size.ts';
import { createFileContents, type FileContents } from './pieces/file-contents.ts';
import { createPieces, type Pieces } from './pieces/pieces.ts';
import type { Store } from './port.ts';

/*
 * Values as journals and records store them (S28, S74). Owns: when a value is stored separately, how it is cut and reassembled, and how its
 * files are kept apart from data. Does not own: who may read it (only below the run that refers to it), and freeing it (blob-sweep.ts).
 * Invariants: 1. A reference is returned only after every piece is on disk. 2. Every value with its own `$blob` or `$files` that `offload`
 * returns is a reference: user data with such a key is stored separately whatever its size. 3. A value is stored as a whole; its parts are
 * never examined, except to find its files.
 */

/** Bytes of UTF-8 in one piece. */
const PIECE = 1024 * 1024;
const PREVIEW = 500;

export interface Payloads {
  /** Returns the value itself if its JSON is small and it has no files, and otherwise a reference (stored-value.ts). */
  offload(workspaceId: string, value: unknown): Promise<unknown>;
  /** Reads a large value. Throws AppError `not-found` if it doesn't exist. */
  load(workspaceId: string, hash: string): Promise<unknown>;
  /** The full value of a stored one, with its files. Throws as `load` does. */
  read(workspaceId: string, stored: unknown): Promise<unknown>;
  readonly files: FileContents;
}

/** A quick check without creating JSON: the value is so small that `offload` would return it unchanged. */
export const staysInPlace = (value: unknown): boolean => !isLookalike(value) && surelyFits(value, BLOB_LIMIT);

/** The JSON of a value; undefined if JSON can't represent it. Throws AppError `node-failed` for a value that is too deep or too long. */
function jsonOf(value: unknown): string | undefined {
  // First, because it bounds the traversals below: values that repeat the same parts grow without limit.
  if (typeof value === 'object' && value !== null && isHeaviest(value)) throw tooLarge();
  if (nestsDeeperThan(DEEPEST_VALUE, value))
    throw new AppError('node-failed', `The value is nested more than ${DEEPEST_VALUE} levels deep. Flatten it, or pass it as text.`);
  try {
    return JSON.stringify(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw tooLarge(cause);
  }
}

const tooLarge = (cause?: unknown): AppError => new AppError('node-failed', 'The value is too large to store. Pass on only the fields you need.', { cause });

/** Stores large values and files. `now` dates them for the sweep, which must share `locks`. */
export const createPayloads = (store: Store, now: () => Date = () => new Date(), locks: BlobLocks = createBlobLocks()): Payloads => {
  const pieces = createPieces({ store, now, locks });
  const load = async (workspaceId: string, hash: string): Promise<unknown> => {
    const found = await pieces.load(workspaceId, hash);
    if (!found)
      throw new AppError('not-found', `The value ${hash.slice(0, 12)}… no longer exists. It may have been removed with the runs that referred to it.`);
    await ownTurn();
    return JSON.parse(found.map((record) => record.data).join(''));
  };
  return {
    offload: async (workspaceId, value) => {
      if (staysInPlace(value)) return value;
      await ownTurn();
      const json = jsonOf(value);
      if (json === undefined) return value;
      const files = findFiles(value);
      const stored = await keepLarge(pieces, workspaceId, value, json);
      return files.length === 0 ? stored : { $files: files, value: stored === value ? (JSON.parse(json) as unknown) : stored };
    },
    load,
    read: async (workspaceId, stored) => {
      const value = isFilesRef(stored) ? stored.value : stored;
      const whole = isBlobRef(value) ? await load(workspaceId, value.$blob) : value;
      return isFilesRef(stored) ? restoreFiles(whole === value ? structuredClone(whole) : whole, stored.$files) : whole;
    },
    files: createFileContents(pieces),
  };
};

/** Stores a value if it is large, or could be read as a reference. Otherwise, returns it. */
async function keepLarge(pieces: Pieces, workspaceId: string, value: unknown, json: string): Promise<unknown> {
  const bytes = Buffer.from(json);
  if (!isLookalike(value) && bytes.length <= BLOB_LIMIT) return value;
  const hash = createHash('sha256').update(bytes).digest('hex');
  await pieces.keep(workspaceId, hash, cut(bytes));
  return { $blob: hash, bytes: bytes.length, preview: previewOf(typeof value === 'string' ? value : json) } satisfies BlobRef;
}

/** Cuts between characters, never within one. */
const cut = (bytes: Buffer): string[] => {
  const texts: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + PIECE, bytes.length);
    while (end < bytes.length && isContinuation(bytes[end])) end--;
    texts.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return texts;
};

/** UTF-8: every byte of a character except the first begins with the bits 10. */
const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;

const previewOf = (text: string): string => {
  const beginning = text.slice(0, PREVIEW);
  // The cut may have kept the first half of a surrogate pair.
  return beginning.isWellFormed() ? beginning : beginning.slice(0, -1).toWellFormed();
};
