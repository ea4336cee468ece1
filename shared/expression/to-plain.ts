import { Optional } from '@marcbachmann/cel-js';
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { DataMap, rawListOf } from './data-map.ts';

/** Thrown for a result that JSON cannot carry. */
export class NotJsonError extends Error {}

/** Sets an own property whatever its name, so that `__proto__` is a key like any other. */
export function setOwn(target: object, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else (target as Record<string, unknown>)[name] = value;
}

/** A CEL value as plain JSON. An optional without a value is null; times are ISO 8601 text, bytes are Base64. */
export function toPlain(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return finite(value);
    case 'bigint':
      return Number(value);
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : objectToPlain(value);
    default:
      throw new NotJsonError('the result is not a value that can be kept');
  }
}

function objectToPlain(value: object): unknown {
  if (value instanceof DataMap) return value.raw;
  if (Array.isArray(value)) return rawListOf(value) ?? value.map(toPlain);
  if (value instanceof Map) return entriesToPlain(value);
  if (value instanceof Optional) return value.hasValue() ? toPlain(value.value()) : null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof UnsignedInt) return Number(value.valueOf());
  if (value instanceof Duration) return `PT${value.valueOf() / 1000}S`;
  if (value instanceof Uint8Array) return btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join(''));
  if (Object.getPrototypeOf(value) === Object.prototype) return entriesToPlain(Object.entries(value));
  if ('name' in value && typeof value.name === 'string') return value.name;
  throw new NotJsonError('the result is not a value that can be kept');
}

function entriesToPlain(entries: Iterable<[unknown, unknown]>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, item] of entries) setOwn(plain, String(key), toPlain(item));
  return plain;
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new NotJsonError('the result is not a number; something was divided by zero, or it is too large');
}

/** A value as part of a text: text as it is, nothing for null, JSON for lists and objects. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
