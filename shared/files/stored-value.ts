import { AppError } from '../errors.ts';
import { isPlainObject } from '../json.ts';
import { type BlobRef, isBlobRef, wholeValues } from '../run/blob.ts';
import { FileHandle, isFileHandle } from './file-handle.ts';
import { MOST_REFERENCES } from './limits.ts';

/*
 * How a complete value is stored in journals and records: as it is, as a reference to a large value (S28), or with a list of the files in it
 * (S74). Files are named by where they are, so no data inside a value can pass for one.
 */

/** A file in a stored value: the ID of its contents, and where it is. */
export interface FileEntry {
  readonly $file: string;
  readonly path: readonly (string | number)[];
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

/** Replaces a value with files. In `value`, each file is plain data. */
export interface FilesRef {
  readonly $files: readonly FileEntry[];
  /** The value, or a reference to it. */
  readonly value: unknown;
}

const isEntry = (value: unknown): value is FileEntry =>
  isPlainObject(value) && typeof value.$file === 'string' && Array.isArray(value.path) && typeof value.name === 'string' && typeof value.type === 'string';

/** Whether a stored value contains files. Like `isBlobRef`, only for the places of complete values. */
export const isFilesRef = (value: unknown): value is FilesRef =>
  isPlainObject(value) && Object.keys(value).length === 2 && 'value' in value && Array.isArray(value.$files) && value.$files.every(isEntry);

/** Whether a stored value differs from the value that it represents. */
export const isReference = (value: unknown): value is BlobRef | FilesRef => isBlobRef(value) || isFilesRef(value);

/** Whether an object has a key of a reference. Stored as it is, it could be read as one. */
export const isLookalike = (value: unknown): boolean => isPlainObject(value) && (Object.hasOwn(value, '$blob') || Object.hasOwn(value, '$files'));

/** The reference to a large value in a stored value, if there is one. */
export function blobOf(stored: unknown): BlobRef | undefined {
  const value = isFilesRef(stored) ? stored.value : stored;
  return isBlobRef(value) ? value : undefined;
}

/** The files of a stored value. */
export const filesOf = (stored: unknown): readonly FileEntry[] => (isFilesRef(stored) ? stored.$files : []);

/** The hashes of everything that a stored value refers to: its large value, and the contents of its files. */
export function hashesOf(stored: unknown): string[] {
  const blob = blobOf(stored);
  return [...(blob ? [blob.$blob] : []), ...filesOf(stored).map(({ $file }) => $file)];
}

/** The hashes of everything that an event refers to. */
export const hashesInEvent = (event: object): string[] => wholeValues(event).flatMap(hashesOf);

/**
 * The files in a value, with their places. The value must be of limited depth. Throws AppError `node-failed` if there are more than a value may
 * refer to.
 */
export function findFiles(value: unknown): FileEntry[] {
  const found: FileEntry[] = [];
  const visit = (part: unknown, path: readonly (string | number)[]): void => {
    if (typeof part !== 'object' || part === null) return;
    if (isFileHandle(part)) {
      const { name, type, bytes, id } = part;
      if (found.push({ $file: id, path, name, type, bytes }) > MOST_REFERENCES) throw tooMany();
    } else if (Array.isArray(part)) for (const [index, item] of part.entries()) visit(item, [...path, index]);
    else for (const key of Object.keys(part)) visit((part as Record<string, unknown>)[key], [...path, key]);
  };
  visit(value, []);
  return found;
}

const tooMany = (): AppError => new AppError('node-failed', `The value contains more than ${MOST_REFERENCES.toLocaleString('en')} files. Pass on fewer.`);

/** A value as it is stored if it is small: with a list of its files, if it has any. */
export function withFileList(value: unknown): unknown {
  const files = findFiles(value);
  return files.length === 0 ? value : { $files: files, value: JSON.parse(JSON.stringify(value)) as unknown };
}

/** A value with its files, from its JSON and the list of them. Changes `value`. */
export function restoreFiles(value: unknown, files: readonly FileEntry[]): unknown {
  let root = value;
  for (const { $file: id, path, name, type, bytes } of files) {
    const handle = new FileHandle({ id, name, type, bytes });
    const last = path.at(-1);
    if (last === undefined) {
      root = handle;
      continue;
    }
    const holder = path.slice(0, -1).reduce<unknown>((part, key) => memberOf(part, key), root);
    // Defined, so a field may be named `__proto__`.
    if (memberOf(holder, last) !== undefined) Object.defineProperty(holder, last, { value: handle, enumerable: true, configurable: true, writable: true });
  }
  return root;
}

const memberOf = (part: unknown, key: string | number): unknown =>
  typeof part === 'object' && part !== null && Object.hasOwn(part, key) ? (part as Record<string | number, unknown>)[key] : undefined;

/** The value of a stored value that is not large. */
export const restored = (stored: unknown): unknown => (isFilesRef(stored) ? restoreFiles(structuredClone(stored.value), stored.$files) : stored);

/** A copy of a value in which each file is replaced. Returns the value itself if it has none. */
export function mapFiles(value: unknown, replace: (file: FileHandle) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isFileHandle(value)) return replace(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => mapFiles(item, replace));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, mapFiles(item, replace)]);
  const hasChanged = entries.some(([key, item]) => item !== (value as Record<string, unknown>)[key]);
  return hasChanged ? Object.fromEntries(entries) : value;
}
