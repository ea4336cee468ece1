import { setTimeout as pause } from 'node:timers/promises';
import type { BlobLocks } from '../blob-locks.ts';
import { insertIfAbsent } from '../insert-if-absent.ts';
import type { Store, WorkspaceStore } from '../port.ts';
import { createRecentBlobs } from '../recent-blobs.ts';
import { type BlobRecord, blobs, type LooseBlobRecord, looseBlobs } from './piece-collections.ts';

/*
 * Contents in pieces of at most 1 MB, by hash (S28). Owns how they get on disk and back. Does not own what they contain (payloads.ts,
 * file-contents.ts), and freeing them (blob-sweep.ts). Invariant: `keep` resolves only after every piece is on disk.
 */

export interface Pieces {
  /** Writes contents unless they were just written. `sealedBy` names the run whose key decrypts them. */
  keep(workspaceId: string, hash: string, texts: readonly string[], sealedBy?: string): Promise<void>;
  /** All pieces of contents, in order. Undefined if they don't exist, or not anymore. */
  load(workspaceId: string, hash: string): Promise<readonly BlobRecord[] | undefined>;
}

interface Parts {
  readonly store: Store;
  readonly now: () => Date;
  /** Shared with the sweep. */
  readonly locks: BlobLocks;
}

/** Pieces that are written at the same time. */
const AT_ONCE = 4;

export function createPieces({ store, now, locks }: Parts): Pieces {
  const recent = createRecentBlobs(now);
  const write = async (workspaceId: string, hash: string, texts: readonly string[], sealedBy: string | undefined): Promise<void> => {
    const workspace = store.in(workspaceId);
    const at = now().toISOString();
    const loose = keepLoose(workspace, { id: hash, workspaceId, at });
    // Another process may be removing the pieces until its record is loose.
    if (locks.shared || texts.length > AT_ONCE) await loose;
    const common = { workspaceId, hash, pieces: texts.length, createdAt: at, ...(sealedBy !== undefined && { sealedBy }) };
    for (let from = 0; from < texts.length; from += AT_ONCE) {
      const batch = texts.slice(from, from + AT_ONCE).map((data, index) => ({ ...common, id: pieceId(hash, from + index), number: from + index, data }));
      await Promise.all([loose, ...batch.map((record) => insertIfAbsent(workspace, blobs, record))]);
    }
  };
  return {
    keep: (workspaceId, hash, texts, sealedBy) =>
      recent.unlessKept(`${workspaceId}:${hash}`, () => locks.keep(hash, () => write(workspaceId, hash, texts, sealedBy))),
    load: async (workspaceId, hash) => {
      const piece = (number: number) => store.in(workspaceId).get(blobs, pieceId(hash, number));
      const first = await piece(0);
      if (!first) return undefined;
      const rest = await Promise.all(Array.from({ length: first.pieces - 1 }, (_, index) => piece(index + 1)));
      const found = [first, ...rest].filter((record) => record !== undefined);
      return found.length === first.pieces ? found : undefined;
    },
  };
}

const pieceId = (hash: string, number: number): string => `${hash}:${number}`;

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
