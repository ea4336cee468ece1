import { Optional } from '@marcbachmann/cel-js';
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { DEEPEST_VALUE } from '../json.ts';
import { toBase64 } from './base64.ts';
import { DataMap, rawListOf } from './data-map.ts';
import { copyData, copyText, makeElements } from './metering/meter.ts';

/** Thrown for a result that JSON can't represent. */
export class NotJsonError extends Error {}

/** Sets an own property whatever its name, so `__proto__` is a key like any other. */
export function setOwn(target: object, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else (target as Record<string, unknown>)[name] = value;
}

/** Counts applied while a value is converted. */
interface Counts {
  text(length: number): void;
  data(data: object): void;
  elements(count: number): void;
}

/** For the result of an expression: everything counts each time it occurs. */
const RESULT: Counts = { text: copyText, data: copyData, elements: makeElements };
/** For a value that a function reads, which is counted elsewhere. */
const READ: Counts = { text: () => {}, data: () => {}, elements: () => {} };

/** The result of an expression as plain JSON. An empty optional becomes null, times ISO 8601 text, bytes Base64. Throws NotJsonError, MeterError. */
export const toPlain = (value: unknown): unknown => convert(value, 0, RESULT);

/** The same for a value that is only read, after `visitDeep` counted it. */
export const readPlain = (value: unknown): unknown => convert(value, 0, READ);

function convert(value: unknown, depth: number, counts: Counts): unknown {
  switch (typeof value) {
    case 'string':
      counts.text(value.length);
      return value.isWellFormed() ? value : value.toWellFormed();
    case 'boolean':
      return value;
    case 'number':
      return finite(value);
    case 'bigint':
      return Number(value);
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : convertObject(value, depth, counts);
    default:
      throw new NotJsonError('the result can’t be stored as JSON');
  }
}

function convertObject(value: object, depth: number, counts: Counts): unknown {
  if (value instanceof DataMap) return data(value.raw, counts);
  if (depth > DEEPEST_VALUE) throw new NotJsonError(`the result is nested more than ${DEEPEST_VALUE} levels deep`);
  if (Array.isArray(value)) {
    const raw = rawListOf(value);
    if (raw) return data(raw, counts);
    counts.elements(value.length);
    return value.map((item) => convert(item, depth + 1, counts));
  }
  if (value instanceof Map) return convertEntries(value, depth, counts);
  if (value instanceof Optional) return value.hasValue() ? convert(value.value(), depth, counts) : null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof UnsignedInt) return Number(value.valueOf());
  if (value instanceof Duration) return `PT${value.valueOf() / 1000}S`;
  if (value instanceof Uint8Array) return base64(value, counts);
  if (Object.getPrototypeOf(value) === Object.prototype) return convertEntries(Object.entries(value), depth, counts);
  if ('name' in value && typeof value.name === 'string') return value.name;
  throw new NotJsonError('the result can’t be stored as JSON');
}

function data<T extends object>(raw: T, counts: Counts): T {
  counts.data(raw);
  return raw;
}

function convertEntries(entries: Iterable<[unknown, unknown]>, depth: number, counts: Counts): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, item] of entries) {
    counts.elements(1);
    const name = String(key);
    counts.text(name.length);
    setOwn(plain, name, convert(item, depth + 1, counts));
  }
  return plain;
}

function base64(bytes: Uint8Array, counts: Counts): string {
  counts.text(2 * bytes.length);
  return toBase64(bytes);
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new NotJsonError('the result is not a number: it divides by zero or is too large');
}

/** A value as part of a text: text unchanged, null as nothing, lists and objects as JSON. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
