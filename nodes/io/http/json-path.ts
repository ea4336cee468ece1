import { isPlainObject } from '@switchyard/shared/json.ts';

/* Paths into JSON, as in `data.items[0].id`. An empty path is the whole value. */

const STEP = /^(?:[^.[\]]+|\[\d+\])$/;

/** The names and indexes of a path. Undefined if it isn’t one. */
export function readPath(path: string): readonly (string | number)[] | undefined {
  const text = path.trim();
  if (text === '') return [];
  const parts = text.replaceAll('[', '.[').replace(/^\./, '').split('.');
  if (!parts.every((part) => STEP.test(part))) return undefined;
  return parts.map((part) => (part.startsWith('[') ? Number(part.slice(1, -1)) : part));
}

export const isPath = (path: string): boolean => readPath(path) !== undefined;

/** The value at a path. Undefined if there is none. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const part of readPath(path) ?? []) {
    if (typeof part === 'number') at = Array.isArray(at) ? at[part] : undefined;
    else at = isPlainObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  }
  return at;
}

/** A copy with another value at a path of names. Objects that are missing on the way are added. */
export function withValueAt(value: unknown, path: string, inserted: unknown): unknown {
  const set = (at: unknown, [name, ...rest]: readonly (string | number)[]): unknown => {
    if (name === undefined) return inserted;
    const known = isPlainObject(at) ? at : {};
    return Object.fromEntries([...Object.entries(known).filter(([other]) => other !== String(name)), [String(name), set(known[String(name)], rest)]]);
  };
  return set(value, readPath(path) ?? []);
}
