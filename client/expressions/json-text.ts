import { looksLikeJson, readJsonTree } from '@switchyard/shared/expression/json-tree.ts';

/** What is wrong with a JSON text, and where. */
export interface JsonFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type JsonReading = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: JsonFault };

/** Parses JSON. An error has its line and column, starting at 1, and a message for the user. */
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
    found === undefined || named === undefined ? 'the JSON is incomplete: check for a missing bracket or quote' : `unexpected ${JSON.stringify(found)}`;
  return { message: words, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

export const describeFault = (fault: JsonFault): string => `Line ${fault.line}, column ${fault.column}: ${fault.message}.`;

/**
 * Writes a value where plain text needs no quotes: text as is, unless it would be read back as something else (`42`, `true`, `"a"`).
 * Everything else as JSON.
 */
export function writeLoosely(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value, null, 2);
  return readJson(value).ok ? JSON.stringify(value) : value;
}

/** The reverse of `writeLoosely`: JSON if it is valid, else the text itself. Undefined for empty text. */
export function readLoosely(text: string): unknown {
  if (text.trim() === '') return undefined;
  const reading = readJson(text);
  return reading.ok ? reading.value : text;
}

/** The error in a text that is evidently meant as an object or a list but is not valid JSON. Undefined if there is none. */
export function brokenJson(value: unknown): JsonFault | undefined {
  if (typeof value !== 'string' || !(looksLikeJson(value) || /^\s*"[^"\n]*"\s*:/.test(value))) return undefined;
  const reading = readJson(value);
  return reading.ok ? undefined : reading.fault;
}
