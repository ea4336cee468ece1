import { tooLarge } from './mongo-errors.ts';

/** MongoDB's limit, minus room for names, numbers, and index copies. https://www.mongodb.com/docs/manual/reference/limits/ */
const LIMIT_BYTES = 16 * 1024 * 1024 - 256 * 1024;
/** UTF-8 takes at most three bytes per UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** Rejects a document that would be too large, before it is sent. Throws AppError `too-large`. */
export const assertFits = (collection: string, id: string, values: readonly unknown[]): void => {
  const texts = values.filter((value) => typeof value === 'string');
  const units = texts.reduce((sum, text) => sum + text.length, 0);
  if (units * BYTES_PER_UNIT <= LIMIT_BYTES) return;
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > LIMIT_BYTES) throw tooLarge(collection, id);
};
