import { looksLikeJson, readJsonTree } from '@switchyard/shared/expression/json-tree.ts';

/** What is wrong with a JSON text, and where. */
export interface JsonFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type JsonReading = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: JsonFault };

/** Reads JSON; a fault names line and column from 1, in words. */
export function readJson(text: string): JsonReading {
  try {
    return { ok: true, value: readJsonTree(text) };
  } catch (thrown) {
    return { ok: false, fault: faultOf(thrown instanceof Error ? thrown.message : '', text) };
  }
}

function faultOf(message: string, text: string): JsonFault {
  const named = message.match(/at position (\d+)/)?.[1];
  const position = named === undefined ? text.trimEnd().length : Number(named);
  const before = text.slice(0, position).split('\n');
  const found = text[position];
  const words =
    found === undefined || named === undefined
      ? 'the JSON is incomplete: check for a missing bracket or quote'
      : `did not expect ${JSON.stringify(found)} here`;
  return { message: words, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

export const describeFault = (fault: JsonFault): string => `Line ${fault.line}, column ${fault.column}: ${fault.message}.`;

/**
 * How a value is written where plain text may stand for itself: a text as it is, unless it would be read back as something else
 * (`42`, `true`, `"a"`); all else as JSON.
 */
export function writeLoosely(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value, null, 2);
  return readJson(value).ok ? JSON.stringify(value) : value;
}

/** The reverse of `writeLoosely`: JSON where it is JSON, else the text itself; nothing for an empty text. */
export function readLoosely(text: string): unknown {
  if (text.trim() === '') return undefined;
  const reading = readJson(text);
  return reading.ok ? reading.value : text;
}

/** A text that was surely meant as an object or a list but is not JSON; undefined when all is well. */
export function brokenJson(value: unknown): JsonFault | undefined {
  if (typeof value !== 'string' || !(looksLikeJson(value) || /^\s*"[^"\n]*"\s*:/.test(value))) return undefined;
  const reading = readJson(value);
  return reading.ok ? undefined : reading.fault;
}
