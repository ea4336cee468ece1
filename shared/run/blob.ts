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

/**
 * The places of an event that hold a value as a whole: there, and only there, an object of the form of a reference is one. It is each
 * field, the reply's value, the request of a call, and the whole of a task. What lies deeper is somebody's data.
 */
export function wholeValues(event: object): unknown[] {
  const { reply, record, wait } = event as Record<string, unknown>;
  const inside = (value: unknown, name: string): unknown => (isPlainObject(value) ? value[name] : undefined);
  return [...Object.values(event), inside(reply, 'value'), inside(record, 'request'), inside(wait, 'whole')];
}
