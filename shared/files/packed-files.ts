import { FileHandle, isFileHandle } from './file-handle.ts';

/*
 * Values with files that are stored and changed outside runs: stored state and pinned outputs (S74). A file becomes `{"$file": ID, …}`, and data
 * that has the key `$file` is wrapped, so it is never read as a file.
 */

const KEY = '$file';

/** A value as it is stored. Returns the value itself if nothing in it has to change. */
export function packFiles(value: unknown): unknown {
  if (isFileHandle(value)) {
    const { id, name, type, bytes } = value;
    return { [KEY]: id, name, type, bytes };
  }
  const packed = mapMembers(value, packFiles);
  return hasKey(value) ? { [KEY]: { data: packed } } : packed;
}

/** The value that was stored, with its files. */
export function unpackFiles(stored: unknown): unknown {
  if (!hasKey(stored)) return mapMembers(stored, unpackFiles);
  const { [KEY]: file, name, type, bytes } = stored;
  if (typeof file === 'object' && file !== null && 'data' in file) return mapMembers(file.data, unpackFiles);
  return typeof file === 'string' && typeof name === 'string' && typeof type === 'string' && typeof bytes === 'number'
    ? new FileHandle({ id: file, name, type, bytes })
    : stored;
}

const hasKey = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, KEY);

/** A value with its items or fields replaced. Returns the value itself if none changes. */
function mapMembers(value: unknown, map: (member: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(map);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => [key, map(member)]);
  // fromEntries defines own properties, so a field may be named `__proto__`.
  return entries.some(([key, member]) => member !== (value as Record<string, unknown>)[key]) ? Object.fromEntries(entries) : value;
}

/** Whether a value has files. */
export function hasFiles(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isFileHandle(value) || Object.values(value).some(hasFiles);
}
