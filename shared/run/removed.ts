import { ERRORS, type ErrorData } from '../errors.ts';
import { isFilesRef } from '../files/stored-value.ts';
import { isPlainObject } from '../json.ts';
import { isBlobRef } from './blob.ts';
import type { CallRecord, ModelCallRecord, Reply, ReviewTask, RunEvent, Wait, WhenDue } from './events.ts';
import type { Pins } from './pin.ts';

/*
 * Removes the payloads of a run (S66a): what users and models wrote, and everything computed from it. What remains says what happened: which
 * steps ran, when, how they ended, and what they cost.
 */

/** Replaces a removed value. `bytes` is the length of its JSON. */
export interface Removed {
  readonly $removed: { readonly type: 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'; readonly bytes: number };
}

export const isRemoved = (value: unknown): value is Removed => isPlainObject(value) && Object.keys(value).length === 1 && isPlainObject(value.$removed);

/** Whether the field at the end of a path, the outermost name first, is kept. Lists have no names. */
export type Keeps = (path: readonly string[]) => boolean;

const NOTHING: Keeps = () => false;

/**
 * What remains of a value: its type and length, and the kept fields with the objects and lists around them. Null stays. Nothing is kept of a
 * value that is stored separately.
 */
export function removed(value: unknown, keeps: Keeps = NOTHING): unknown {
  // Its files become data. Of one in a kept field, the description remains.
  if (isFilesRef(value)) return removed(value.value, keeps);
  return isBlobRef(value) ? { $removed: { type: typeOfPreview(value.preview), bytes: value.bytes } } : strip(value, keeps, []).left;
}

const typeOfPreview = (preview: string): Removed['$removed']['type'] => (/^\s*\[/.test(preview) ? 'array' : /^\s*\{/.test(preview) ? 'object' : 'string');

interface Stripped {
  readonly left: unknown;
  readonly keptAny: boolean;
}

function strip(value: unknown, keeps: Keeps, path: readonly string[]): Stripped {
  if (value === null || value === undefined || isRemoved(value)) return { left: value, keptAny: isRemoved(value) && path.length > 0 };
  if (typeof value !== 'object') return { left: marker(value), keptAny: false };
  if (Array.isArray(value)) {
    const items = value.map((item) => strip(item, keeps, path));
    return items.some(({ keptAny }) => keptAny) ? { left: items.map(({ left }) => left), keptAny: true } : { left: marker(value), keptAny: false };
  }
  const fields = Object.entries(value).map(([name, item]): [string, Stripped] => {
    const inner = [...path, name];
    return [name, keeps(inner) ? { left: item, keptAny: true } : strip(item, keeps, inner)];
  });
  if (!fields.some(([, { keptAny }]) => keptAny)) return { left: marker(value), keptAny: false };
  // fromEntries defines own properties, so a field may be named `__proto__`.
  return { left: Object.fromEntries(fields.map(([name, { left }]) => [name, left])), keptAny: true };
}

function marker(value: unknown): Removed {
  const type = Array.isArray(value) ? 'array' : (typeof value as Removed['$removed']['type']);
  return { $removed: { type, bytes: bytesOf(JSON.stringify(value)) } };
}

const UTF8 = new TextEncoder();
/** For shorter text, counting is faster than encoding. */
const SHORT = 500;

/** The length of well-formed text in UTF-8. */
function bytesOf(text: string): number {
  if (text.length > SHORT) return UTF8.encode(text).length;
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes;
}

/** An error without the texts that may quote values. */
export const removedError = ({ code, nodeKey, stepId }: ErrorData): ErrorData => ({
  code,
  message: ERRORS[code].title,
  ...(nodeKey !== undefined && { nodeKey }),
  ...(stepId !== undefined && { stepId }),
});

const TITLE = '(removed)';
/** Replaces a removed assignee. Templates can fill in any value of the run. */
export const REMOVED_ASSIGNEE = '(removed)';

/** A review without what it showed. Its decisions belong to the workflow. */
export const removedTask = ({ decisions, whenDue }: ReviewTask): ReviewTask => ({
  title: TITLE,
  decisions,
  ...(whenDue && { whenDue: removedWhenDue(whenDue) }),
  fields: [],
  context: [],
});

const removedWhenDue = (whenDue: WhenDue): WhenDue => (whenDue.action === 'assign' ? { ...whenDue, assignee: REMOVED_ASSIGNEE } : whenDue);

function removedWait(wait: Wait): Wait {
  if (wait.kind !== 'review') return 'task' in wait ? { ...wait, task: removedTask(wait.task) } : wait;
  const { whole: _, ...rest } = wait;
  return { ...rest, task: removedTask(wait.task) };
}

function removedRecord(record: CallRecord): CallRecord {
  if (record.kind === 'code') return { ...record, console: [] };
  return record.kind === 'http' ? { ...record, url: URL.parse(record.url)?.origin ?? '' } : removedModelCall(record);
}

/** The record of a model call without its requests and answers. */
export function removedModelCall(record: ModelCallRecord): ModelCallRecord {
  const { reasoning: _reasoning, stickyFault: _fault, leftOut, ...rest } = record;
  const attempts = record.attempts.map(({ answer: _answer, ...attempt }) => ({
    ...attempt,
    ...(attempt.request !== undefined && { request: removed(attempt.request) }),
    ...(attempt.error && { error: removedError(attempt.error) }),
  }));
  // Reasons may quote values.
  const targets = leftOut && { leftOut: leftOut.map((target) => ({ ...target, reason: '' })) };
  return { ...rest, ...targets, request: removed(record.request), answer: '', attempts };
}

const removedPins = (pins: Pins, keeps: Keeps): Pins =>
  Object.fromEntries(Object.entries(pins).map(([key, pin]) => [key, { ...pin, output: removed(pin.output, keeps) }]));

const removedReply = (reply: Reply, keeps: Keeps): Reply => ({ ...reply, value: removed(reply.value, keeps), headers: {} });

/** The same event without payloads. Removing them twice changes nothing. */
export function removedEvent(event: RunEvent, keeps: Keeps = NOTHING): RunEvent {
  switch (event.type) {
    case 'run-started':
      return event.pins ? { ...event, pins: removedPins(event.pins, keeps) } : event;
    case 'step-started':
      return { ...event, input: removed(event.input, keeps) };
    case 'call-started': {
      const { request: _request, ...rest } = event;
      return rest;
    }
    case 'call-finished':
      return { ...event, result: removed(event.result, keeps), ...(event.record && { record: removedRecord(event.record) }) };
    case 'call-failed':
      return { ...event, error: removedError(event.error), ...(event.record && { record: removedRecord(event.record) }) };
    case 'step-waiting':
      return { ...event, wait: removedWait(event.wait) };
    case 'wait-ended':
      return { ...event, value: removed(event.value, keeps) };
    case 'step-finished':
      return { ...event, output: removed(event.output, keeps), ...(event.reply && { reply: removedReply(event.reply, keeps) }), ...recovery(event) };
    case 'step-reused':
      return {
        ...event,
        input: removed(event.input, keeps),
        output: removed(event.output, keeps),
        ...(event.reply && { reply: removedReply(event.reply, keeps) }),
        ...(event.error && { error: removedError(event.error) }),
        ...recovery(event),
      };
    case 'items-listed':
      return { ...event, items: removed(event.items, keeps) };
    case 'frame-finished':
      return { ...event, result: removed(event.result, keeps) };
    case 'attempt-failed':
    case 'step-failed':
    case 'loop-exceeded':
    case 'frame-failed':
    case 'frame-failing':
    case 'run-failing':
      return { ...event, error: removedError(event.error) };
    case 'run-finished':
      return { ...event, ...(event.error && { error: removedError(event.error) }) };
    default:
      return event;
  }
}

const recovery = ({ recovered }: { readonly recovered?: ErrorData }) => (recovered ? { recovered: removedError(recovered) } : {});
