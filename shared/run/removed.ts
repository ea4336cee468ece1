import { ERRORS, type ErrorData } from '../errors.ts';
import { isPlainObject } from '../json.ts';
import { isBlobRef } from './blob.ts';
import type { CallRecord, Reply, ReviewTask, RunEvent, Wait } from './events.ts';

/*
 * Removes the payloads of a run (S66a): what users and models wrote, and everything computed from it. What remains says what happened: which
 * steps ran, when, how they ended, and what they cost.
 */

/** Replaces a removed value. `bytes` is the length of its JSON. */
export interface Removed {
  readonly $removed: { readonly type: 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'; readonly bytes: number };
}

export const isRemoved = (value: unknown): value is Removed => isPlainObject(value) && Object.keys(value).length === 1 && isPlainObject(value.$removed);

/** What remains of a value. Nothing remains of null. */
export function removed(value: unknown): unknown {
  if (value === null || value === undefined || isRemoved(value)) return value;
  if (isBlobRef(value))
    return {
      $removed: { type: /^\s*\[/.test(value.preview) ? 'array' : /^\s*\{/.test(value.preview) ? 'object' : 'string', bytes: value.bytes },
    } satisfies Removed;
  const type = Array.isArray(value) ? 'array' : (typeof value as Removed['$removed']['type']);
  return { $removed: { type, bytes: new TextEncoder().encode(JSON.stringify(value)).length } } satisfies Removed;
}

/** An error without the texts that may quote values. */
export const removedError = ({ code, nodeKey, stepId }: ErrorData): ErrorData => ({
  code,
  message: ERRORS[code].title,
  ...(nodeKey !== undefined && { nodeKey }),
  ...(stepId !== undefined && { stepId }),
});

const TITLE = '(removed)';

/** A review without what it showed. Its decisions belong to the workflow. */
export const removedTask = ({ decisions, whenDue }: ReviewTask): ReviewTask => ({
  title: TITLE,
  decisions,
  ...(whenDue && { whenDue }),
  fields: [],
  context: [],
});

function removedWait(wait: Wait): Wait {
  if (wait.kind !== 'review') return wait.kind === 'interrupted' ? { ...wait, task: removedTask(wait.task) } : wait;
  const { whole: _, ...rest } = wait;
  return { ...rest, task: removedTask(wait.task) };
}

function removedRecord(record: CallRecord): CallRecord {
  if (record.kind === 'http') return { ...record, url: URL.parse(record.url)?.origin ?? '' };
  const { reasoning: _, ...rest } = record;
  const attempts = record.attempts.map((attempt) => (attempt.error ? { ...attempt, error: removedError(attempt.error) } : attempt));
  return { ...rest, request: removed(record.request), answer: '', attempts };
}

export const removedReply = (reply: Reply): Reply => ({ ...reply, value: removed(reply.value), headers: {} });

/** The same event without payloads. Removing them twice changes nothing. */
export function removedEvent(event: RunEvent): RunEvent {
  switch (event.type) {
    case 'step-started':
      return { ...event, input: removed(event.input) };
    case 'call-finished':
      return { ...event, result: removed(event.result), ...(event.record && { record: removedRecord(event.record) }) };
    case 'call-failed':
      return { ...event, error: removedError(event.error), ...(event.record && { record: removedRecord(event.record) }) };
    case 'step-waiting':
      return { ...event, wait: removedWait(event.wait) };
    case 'wait-ended':
      return { ...event, value: removed(event.value) };
    case 'step-finished':
      return { ...event, output: removed(event.output), ...(event.reply && { reply: removedReply(event.reply) }), ...recovery(event) };
    case 'step-reused':
      return {
        ...event,
        input: removed(event.input),
        output: removed(event.output),
        ...(event.reply && { reply: removedReply(event.reply) }),
        ...(event.error && { error: removedError(event.error) }),
        ...recovery(event),
      };
    case 'attempt-failed':
    case 'step-failed':
    case 'loop-exceeded':
    case 'run-failing':
      return { ...event, error: removedError(event.error) };
    case 'run-finished':
      return { ...event, ...(event.error && { error: removedError(event.error) }) };
    default:
      return event;
  }
}

const recovery = ({ recovered }: { readonly recovered?: ErrorData }) => (recovered ? { recovered: removedError(recovered) } : {});
