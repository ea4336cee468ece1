import { z } from 'zod';
import { base, declare } from '../declare-collection.ts';

/** A piece of a large value or of a file, at most 1 MB (S28, S74). Its ID is `<hash>:<number>`. */
const blobRecord = z.object({
  ...base,
  hash: z.string(),
  number: z.number(),
  pieces: z.number(),
  data: z.string(),
  createdAt: z.string(),
  /** The run whose key decrypts it. Only files, of runs with logging `metadata`. */
  sealedBy: z.string().optional(),
});
export type BlobRecord = z.infer<typeof blobRecord>;
export const blobs = declare<BlobRecord>({ name: 'blobs', schema: blobRecord, indexes: [{ name: 'pieces', fields: ['hash', 'number'] }] });

/** A blob that no run is known to refer to yet; see blob-sweep.ts. Its ID is its hash. */
const looseBlobRecord = z.object({
  ...base,
  /** When it was last written. */
  at: z.string(),
  /** A sweep removes its pieces. It is not written again before this record is gone. */
  isBeingRemoved: z.boolean().optional(),
});
export type LooseBlobRecord = z.infer<typeof looseBlobRecord>;
export const looseBlobs = declare<LooseBlobRecord>({ name: 'loose_blobs', schema: looseBlobRecord, indexes: [{ name: 'at', fields: ['at'] }] });
