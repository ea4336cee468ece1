import { isPlainObject } from '../json.ts';

/** Values whose JSON is longer than this, in bytes of UTF-8, are stored separately from the journal and the records (S28). */
export const BLOB_LIMIT = 64 * 1024;

/** Replaces a large value. `$blob` is the SHA-256 of its JSON, in hex. */
export interface BlobRef {
  readonly $blob: string;
  /** Length of the JSON, in bytes of UTF-8. */
  readonly bytes: number;
  /** How the value starts: the text itself for a text, its JSON for anything else. */
  readonly preview: string;
}

/**
 * Whether a value that may have been stored separately is a reference. Call this only for such places (a step's output, a request, a
 * result), never for values inside them: there, an object of this shape is user data.
 */
export const isBlobRef = (value: unknown): value is BlobRef =>
  isPlainObject(value) &&
  Object.keys(value).length === 3 &&
  typeof value.$blob === 'string' &&
  /^[0-9a-f]{64}$/.test(value.$blob) &&
  typeof value.bytes === 'number' &&
  typeof value.preview === 'string';

/**
 * The places of an event that contain a complete value. Only there is an object shaped like a reference one: each field, the reply's value,
 * the request of a call, and the full review. Deeper values are user data.
 */
export function wholeValues(event: object): unknown[] {
  const { reply, record, wait } = event as Record<string, unknown>;
  const inside = (value: unknown, name: string): unknown => (isPlainObject(value) ? value[name] : undefined);
  return [...Object.values(event), inside(reply, 'value'), inside(record, 'request'), inside(wait, 'whole')];
}
