import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@switchyard/shared/errors.ts';
import { isHeaviest } from '@switchyard/shared/expression/metering/weight.ts';
import { DEEPEST_VALUE, isPlainObject, nestsDeeperThan } from '@switchyard/shared/json.ts';
import { BLOB_LIMIT, type BlobRef } from '@switchyard/shared/run/blob.ts';
import { ownTurn } from '../turns.ts';
import { type BlobLocks, createBlobLocks } from './blob-locks.ts';
import { type BlobRecord, blobs, type LooseBlobRecord, looseBlobs } from './collections.ts';
import { insertIfAbsent } from './insert-if-absent.ts';
import { surelyFits } from './json-size.ts';
import type { Store, WorkspaceStore } from './port.ts';
import { createRecentBlobs } from './recent-blobs.ts';

/*
 * Large values (S28). Owns: when a value is stored separately, how it is cut and reassembled. Does not own: who may read it (only below the
 * run that refers to it), and freeing it (blob-sweep.ts).
 * Invariants: 1. A reference is returned only after every piece is on disk. 2. Every value with its own `$blob` that `offload` returns is a
 * reference: user data with that key is stored separately whatever its size. 3. A value is stored as a whole; its parts are never examined.
 */

/** Bytes of UTF-8 in one piece. */
const PIECE = 1024 * 1024;
const PREVIEW = 500;

export interface Payloads {
  /** Returns the value itself if its JSON is small, and otherwise a BlobRef. */
  offload(workspaceId: string, value: unknown): Promise<unknown>;
  /** Reads a stored value. Throws AppError `not-found` if it doesn't exist. */
  load(workspaceId: string, hash: string): Promise<unknown>;
}

const isLookalike = (value: unknown): boolean => isPlainObject(value) && Object.hasOwn(value, '$blob');

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

/** Stores large values as blobs. `now` dates them for the sweep, which must share `locks`. */
export const createPayloads = (store: Store, now: () => Date = () => new Date(), locks: BlobLocks = createBlobLocks()): Payloads => {
  const recent = createRecentBlobs(now);
  return {
    offload: async (workspaceId, value) => {
      if (staysInPlace(value)) return value;
      await ownTurn();
      const json = jsonOf(value);
      if (json === undefined) return value;
      const bytes = Buffer.from(json);
      if (!isLookalike(value) && bytes.length <= BLOB_LIMIT) return value;
      const hash = createHash('sha256').update(bytes).digest('hex');
      await recent.unlessKept(`${workspaceId}:${hash}`, () =>
        locks.keep(hash, () => keep(store, { workspaceId, hash, bytes, at: now().toISOString() }, locks.shared)),
      );
      return { $blob: hash, bytes: bytes.length, preview: previewOf(typeof value === 'string' ? value : json) } satisfies BlobRef;
    },
    load: async (workspaceId, hash) => {
      const first = await piece(store, workspaceId, hash, 0);
      const rest = await Promise.all(Array.from({ length: first.pieces - 1 }, (_, index) => piece(store, workspaceId, hash, index + 1)));
      await ownTurn();
      return JSON.parse([first, ...rest].map((record) => record.data).join(''));
    },
  };
};

const pieceId = (hash: string, number: number): string => `${hash}:${number}`;

interface Kept {
  readonly workspaceId: string;
  readonly hash: string;
  readonly bytes: Buffer;
  readonly at: string;
}

const keep = async (store: Store, { workspaceId, hash, bytes, at }: Kept, shared: boolean): Promise<void> => {
  const workspace = store.in(workspaceId);
  const texts = cut(bytes);
  const pieces = texts.map((data, number) => ({ id: pieceId(hash, number), workspaceId, hash, number, pieces: texts.length, data, createdAt: at }));
  const loose = keepLoose(workspace, { id: hash, workspaceId, at });
  // Another process may be removing the pieces until its record is loose.
  if (shared) await loose;
  await Promise.all([loose, ...pieces.map((record) => insertIfAbsent(workspace, blobs, record))]);
};

const REMOVAL_LOOK_MS = 100;
/** A removal takes at most 10 s (blob-sweep.ts). After this long, its process has died. */
const REMOVED_WITHIN_MS = 30_000;

/** Nothing refers to it yet. If it is already loose, its day starts again. If it is being removed, waits until it is gone. */
const keepLoose = async (store: WorkspaceStore, record: LooseBlobRecord): Promise<void> => {
  const { id, at } = record;
  for (const began = performance.now(); ; await pause(REMOVAL_LOOK_MS)) {
    if (await insertIfAbsent(store, looseBlobs, record)) return;
    if (await store.update(looseBlobs, id, { at }, { equal: { isBeingRemoved: null } })) return;
    if (performance.now() - began > REMOVED_WITHIN_MS) await store.update(looseBlobs, id, { isBeingRemoved: undefined });
  }
};

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

const piece = async (store: Store, workspaceId: string, hash: string, number: number): Promise<BlobRecord> => {
  const record = await store.in(workspaceId).get(blobs, pieceId(hash, number));
  if (record) return record;
  throw new AppError('not-found', `The value ${hash.slice(0, 12)}… no longer exists. It may have been removed with the runs that referred to it.`);
};
