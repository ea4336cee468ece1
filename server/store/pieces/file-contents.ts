import { createHash } from 'node:crypto';
import { AppError } from '@switchyard/shared/errors.ts';
import type { FileFacts } from '@switchyard/shared/files/file-handle.ts';
import { ownTurn } from '../../turns.ts';
import type { Pieces } from './pieces.ts';

/*
 * The contents of files (S74), stored in pieces like large values. Invariants: 1. The ID follows from what is stored, so the same content is
 * stored once in a workspace. 2. No large value has the ID of a file. 3. A sealed content is unreadable once the key of its run is deleted.
 */

/** Encrypts with the key of a run. */
interface Seal {
  seal(value: unknown): string;
}

export interface FileContents {
  /** Stores a content and returns its ID. It is on disk when this resolves. `seal` encrypts it with the key of the run `by`. */
  keep(workspaceId: string, content: Uint8Array, sealed?: { readonly by: string; readonly seal: Seal }): Promise<string>;
  /** Reads a content. `open` decrypts it with the key of a run, if there still is one. Throws AppError `file-removed`. */
  read(workspaceId: string, file: Pick<FileFacts, 'id' | 'name'>, open: OpenSealed): Promise<Buffer>;
}

/** Decrypts what was sealed with the key of this run. Undefined if the key is gone. */
export type OpenSealed = (runId: string, sealed: string) => Promise<unknown>;

/** Base64 of so many bytes is one piece of 1 MB. A multiple of 3, so the pieces join. */
const PIECE_BYTES = 786_432;
/** JSON can't begin like this, so no large value has the same hash. */
const DOMAIN = 'file\0';

export const fileRemoved = (name: string): AppError =>
  new AppError('file-removed', `The file “${name}” no longer exists. It was removed with the data that it belonged to.`);

export const createFileContents = (pieces: Pieces): FileContents => ({
  keep: async (workspaceId, content, sealed) => {
    const hash = createHash('sha256').update(DOMAIN);
    const texts: string[] = [];
    for (const bytes of partsOf(sealed ? Buffer.from(sealed.seal.seal(base64Of(content))) : content)) {
      await ownTurn();
      hash.update(bytes);
      texts.push(base64Of(bytes));
    }
    const id = hash.digest('hex');
    await pieces.keep(workspaceId, id, texts, sealed?.by);
    return id;
  },
  read: async (workspaceId, { id, name }, open) => {
    const found = await pieces.load(workspaceId, id);
    if (!found) throw fileRemoved(name);
    await ownTurn();
    const stored = Buffer.concat(found.map(({ data }) => Buffer.from(data, 'base64')));
    const by = found[0]?.sealedBy;
    if (by === undefined) return stored;
    const opened = await open(by, stored.toString());
    if (typeof opened !== 'string') throw fileRemoved(name);
    return Buffer.from(opened, 'base64');
  },
});

const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

function* partsOf(content: Uint8Array): Generator<Uint8Array> {
  // An empty content has one empty piece.
  for (let from = 0; from === 0 || from < content.length; from += PIECE_BYTES) yield content.subarray(from, from + PIECE_BYTES);
}
