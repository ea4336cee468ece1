import { isPlainObject } from '../json.ts';

/** Values whose JSON is longer than this, in bytes of UTF-8, are kept beside the journal and the records (S28). */
export const BLOB_LIMIT = 64 * 1024;

/** Stands where a large value was. `$blob` is the SHA-256 of its JSON, in hex. */
export interface BlobRef {
  readonly $blob: string;
  /** Length of the JSON, in bytes of UTF-8. */
  readonly bytes: number;
  /** How the value begins: of a text the text itself, of anything else its JSON. */
  readonly preview: string;
}

/**
 * Whether a value that was offloaded as a whole is a reference. Only to be asked of such a place (a step's output, a request, a result),
 * never of what lies inside it: there an object of this form is somebody's data.
 */
export const isBlobRef = (value: unknown): value is BlobRef =>
  isPlainObject(value) &&
  Object.keys(value).length === 3 &&
  typeof value.$blob === 'string' &&
  /^[0-9a-f]{64}$/.test(value.$blob) &&
  typeof value.bytes === 'number' &&
  typeof value.preview === 'string';
