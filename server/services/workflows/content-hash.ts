import { createHash } from 'node:crypto';
import { isPlainObject } from '@switchyard/shared/json.ts';

/** JSON with the keys of every object sorted: equal contents give equal texts. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    isPlainObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) : part,
  );

/** SHA-256 of the content, in hex. */
export const contentHash = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
