import { createHash } from 'node:crypto';
import type { HttpRequest } from '@switchyard/nodes/sdk/context.ts';
import { canonicalJson } from '@switchyard/shared/canonical-json.ts';
import type { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import type { ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { ReviewTask } from '@switchyard/shared/run/events.ts';
import type { StateRequest } from '@switchyard/shared/run/state-change.ts';

/*
 * What makes two calls the same (S82a): the RFC 8785 hash of the resolved request. Its step, the version of its route, and limits on the answer
 * don’t count.
 */

/** SHA-256 of a request in canonical form, in hex. */
export const requestHash = (request: unknown): string => createHash('sha256').update(canonicalJson(request)).digest('hex');

/** A model call: messages, parameters, schema, tools, and the name of the route, not the prompt that the messages came from. */
export function askedOfModel({ prompt: _prompt, ...request }: ChatRequest, files: readonly FileHandle[]): unknown {
  return { ...request, ...(files.length > 0 && { files }) };
}

/** An HTTP request. The secrets of its connection are added later, so they are not part of it. */
export function askedOverHttp({ maxBytes: _maxBytes, ...request }: HttpRequest): unknown {
  return request;
}

/** A read or change of stored state. How long something is remembered counts, not since when. */
export function askedOfState(request: StateRequest): unknown {
  if (request.operation !== 'remember') return request;
  const { at, until, ...rest } = request;
  return { ...rest, forMs: Date.parse(until) - Date.parse(at) };
}

/** A review: its fields, context, and decisions. */
export const askedOfPerson = ({ fields, context, decisions }: ReviewTask): unknown => ({ fields, context, decisions });
