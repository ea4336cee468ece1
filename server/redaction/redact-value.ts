import { type FileHandle, isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { type EncodedText, encodedTexts } from './base64.ts';
import { fieldsInText, jsonIn, mayBeJson } from './json-fields.ts';
import { isMark } from './placeholders.ts';
import { type Redacting, redactLong, redactShort, replacement, SHORT_TEXT } from './redact-text.ts';
import type { Treatment } from './rules.ts';

/*
 * Redacts JSON values: texts, numbers, and field names, and JSON and base64 within texts. Yields often, so large values don't block
 * the event loop. Returns the value itself if nothing in it was found.
 */

/** Shorter texts contain no base64 worth decoding. */
const SHORTEST_ENCODED = 16;
/** Numbers below this are too short for any built-in detector: cards have 12 digits. */
const SMALLEST_NUMBER = 1e11;
/** Characters between two pauses. */
const WORK = 4_096;
/** What replacing a field within a text costs, in characters: a keyed hash or an encrypted value. */
const FIELD_WORK = 200;

interface Walk extends Redacting {
  /** The names that lead to the value. */
  readonly path: string[];
  /** Characters seen since the last pause. */
  work: number;
}

/** Redacts a value. `path` names where it comes from, for rules that name fields. */
export function redactValue(redacting: Redacting, value: unknown, path: readonly string[] = []): Generator<void, unknown> {
  return redactAny({ ...redacting, path: [...path], work: 0 }, value);
}

/** Redacts a value that takes steps: a list, an object, or a long text. */
function* redactAny(walk: Walk, value: unknown): Generator<void, unknown> {
  if (!takesSteps(value)) return redactScalar(walk, value);
  if (typeof value === 'string') return yield* redactText(walk, value);
  if (isFileHandle(value)) return redactFileName(walk, value);
  return Array.isArray(value) ? yield* redactList(walk, value) : yield* redactObject(walk, value as Record<string, unknown>);
}

/** Contents of files are checked where they enter (enter-files.ts). */
function redactFileName(walk: Walk, file: FileHandle): FileHandle {
  const name = redactShort(walk, file.name);
  return name === file.name ? file : file.renamed(name);
}

const takesSteps = (value: unknown): boolean =>
  typeof value === 'string' ? value.length > SHORT_TEXT || mayBeJson(value) : typeof value === 'object' && value !== null;

/** Whether others should get a turn. */
function isTired(walk: Walk, work: number): boolean {
  walk.work += work;
  if (walk.work < WORK) return false;
  walk.work = 0;
  return true;
}

function redactScalar(walk: Walk, value: unknown): unknown {
  if (typeof value === 'string') return redactShortText(walk, value);
  return typeof value === 'number' ? redactNumber(walk, value) : value;
}

function redactNumber(walk: Walk, value: number): unknown {
  if (walk.skipNumbers) return value;
  if (!walk.rules.hasPatterns && !(Number.isInteger(value) && value >= SMALLEST_NUMBER)) return value;
  const text = String(value);
  const redacted = redactShort(walk, text);
  return redacted === text ? value : redacted;
}

function* redactList(walk: Walk, list: readonly unknown[]): Generator<void, unknown> {
  let changed: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    if (isTired(walk, workOf(item))) yield;
    const redacted = takesSteps(item) ? yield* redactAny(walk, item) : redactScalar(walk, item);
    if (redacted !== item) changed ??= [...list];
    if (changed) changed[index] = redacted;
  }
  return changed ?? list;
}

function* redactObject(walk: Walk, object: Record<string, unknown>): Generator<void, unknown> {
  const entries: [string, unknown][] = [];
  const used = new Set<string>();
  let hasChanged = false;
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (isTired(walk, name.length + workOf(value))) yield;
    const shown = unused(name.length > SHORT_TEXT ? yield* redactLong(walk, name) : redactShort(walk, name), used);
    walk.path.push(name);
    const treatment = walk.rules.fieldTreatment(walk.path);
    const redacted = treatment ? redactField(walk, treatment, value) : takesSteps(value) ? yield* redactAny(walk, value) : redactScalar(walk, value);
    walk.path.pop();
    hasChanged ||= shown !== name || redacted !== value;
    entries.push([shown, redacted]);
  }
  // fromEntries defines own properties, so a field may be named `__proto__`.
  return hasChanged ? Object.fromEntries(entries) : object;
}

const workOf = (value: unknown): number => (typeof value === 'string' ? 8 + value.length : 8);

/** Redacted names can collide: later ones are numbered. */
function unused(name: string, used: Set<string>): string {
  let free = name;
  for (let count = 2; used.has(free); count++) free = `${name} (${count})`;
  used.add(free);
  return free;
}

/** A field that the policy names is replaced as a whole. */
function redactField(walk: Walk, treatment: Treatment, value: unknown): unknown {
  if (value === null || value === undefined || value === '' || (typeof value === 'string' && isMark(value))) return value;
  return replacement(walk, treatment, typeof value === 'string' ? value : JSON.stringify(value), value);
}

/** Redacts a text that is JSON as JSON, so rules for fields apply and it remains valid. */
function* redactText(walk: Walk, text: string): Generator<void, string> {
  const json = jsonIn(text);
  const redacted = json && (yield* redactAny(walk, json.value));
  const known = !json || redacted === json.value ? text : JSON.stringify(redacted);
  return known.length > SHORT_TEXT ? yield* redactLongText(walk, known) : redactShortText(walk, known);
}

function redactShortText(walk: Walk, text: string): string {
  if (text.length < SHORTEST_ENCODED) return redactShort(walk, text);
  const known = redactFieldsInShort(walk, text);
  return redactShort(
    walk,
    replaceParts(known, encodedTexts(known), ({ decoded }) => redactShort(walk, redactFieldsInShort(walk, decoded))),
  );
}

function* redactLongText(walk: Walk, longText: string): Generator<void, string> {
  const text = yield* redactFieldsInText(walk, longText);
  const redacted: EncodedPart[] = [];
  for (const part of encodedTexts(text)) {
    yield;
    const decoded = yield* redactFieldsInText(walk, part.decoded);
    redacted.push({ ...part, redacted: decoded.length > SHORT_TEXT ? yield* redactLong(walk, decoded) : redactShort(walk, decoded) });
  }
  return yield* redactLong(
    walk,
    replaceParts(text, redacted, (part) => part.redacted),
  );
}

/** The same for a short text, without pauses. */
function redactFieldsInShort(walk: Walk, text: string): string {
  const steps = redactFieldsInText(walk, text);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Replaces fields that the policy names in JSON that is cut off or part of a text. */
function* redactFieldsInText(walk: Walk, text: string): Generator<void, string> {
  if (!walk.rules.hasFields) return text;
  let out = '';
  let at = 0;
  for (const { name, start, end, quote } of fieldsInText(text, (name) => walk.rules.fieldNamed(name) !== undefined)) {
    if (isTired(walk, FIELD_WORK + end - start)) yield;
    const treatment = walk.rules.fieldNamed(name);
    const value = text.slice(start, end);
    const isQuoted = value.startsWith(quote);
    const inner = isQuoted ? value.slice(quote.length, value.endsWith(quote) ? -quote.length : undefined) : value;
    if (!treatment || inner === 'null' || isMark(inner)) continue;
    out += `${text.slice(at, start)}${quote}${replacement(walk, treatment, inner)}${quote}`;
    at = end;
  }
  return at === 0 ? text : out + text.slice(at);
}

type EncodedPart = EncodedText & { readonly redacted: string };

/** Replaces texts encoded as base64 with their redacted form. */
function replaceParts<P extends EncodedText>(text: string, parts: Iterable<P>, redact: (part: P) => string): string {
  let out = '';
  let at = 0;
  for (const part of parts) {
    const redacted = redact(part);
    if (redacted === part.decoded) continue;
    out += text.slice(at, part.start) + part.encode(redacted);
    at = part.end;
  }
  return at === 0 ? text : out + text.slice(at);
}
