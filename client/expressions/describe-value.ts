import { isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

const cut = (text: string, maxLength: number): string => (text.length > maxLength ? `${text.slice(0, maxLength - 1).trimEnd()}…` : text);
const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object';

/** A value in one short line: text as is, lists and objects by their content. */
export function describeValue(value: unknown, maxLength = 60): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'nothing';
  if (typeof value === 'string') return value.trim() === '' ? 'empty text' : cut(value.replace(/\s+/g, ' ').trim(), maxLength);
  if (Array.isArray(value)) return describeList(value, maxLength);
  if (!isPlainObject(value)) return String(value);
  if (isFileHandle(value)) return cut(`file ${value.name}`, maxLength);
  if (typeof value.$blob === 'string' && typeof value.preview === 'string') return cut(value.preview.replace(/\s+/g, ' '), maxLength);
  const names = Object.keys(value);
  return names.length === 0 ? 'no fields' : cut(`{ ${names.join(', ')} }`, maxLength);
}

function describeList(list: readonly unknown[], maxLength: number): string {
  if (list.length === 0) return 'empty list';
  const count = list.length === 1 ? '1 item' : `${list.length} items`;
  return list.every(isScalar) ? cut(`${count}: ${list.map(String).join(', ')}`, maxLength) : count;
}
