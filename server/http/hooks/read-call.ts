import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { type CallKey, callKey } from '../../services/webhooks/call-keys.ts';
import type { HookTarget } from '../../services/webhooks/hook-targets.ts';
import type { BodyHold } from '../../services/webhooks/overload.ts';
import type { IncomingCall } from '../../services/webhooks/receive-call.ts';
import { readBody } from '../body.ts';
import { readHookBody } from './hook-body.ts';

/** A call as it came over the wire. */
export interface RawCall {
  /** Empty for a GET: what it brings is its query. */
  readonly bytes: Buffer;
  /** What makes one call another: its body, or the query of a GET. */
  readonly content: Buffer | string;
}

const NOTHING = Buffer.alloc(0);

export async function readRaw(request: IncomingMessage, query: string, maxBytes: number, held: BodyHold): Promise<RawCall> {
  if (request.method === 'GET') return { bytes: NOTHING, content: query };
  const bytes = await readBody(request, maxBytes, held);
  return { bytes, content: bytes };
}

/** The workflow's mode, or what the caller asks for where it may. `mode` is taken out of the query: it is not the workflow's. */
export function chosenMode({ settings }: HookTarget, headers: IncomingHttpHeaders, query: Record<string, unknown>): Webhook['mode'] {
  if (!settings.callerMayChoose) return settings.mode;
  const { mode } = query;
  if (mode === 'accepted' || mode === 'finished' || mode === 'stream') {
    delete query.mode;
    return mode;
  }
  const { prefer } = headers;
  return prefer !== undefined && /(^|[,;\s])respond-async($|[,;\s])/i.test(String(prefer)) ? 'accepted' : settings.mode;
}

/** Reads what a call brings. Throws `bad-json`, `bad-request`, `unsupported-media-type`. */
export async function readCall(request: IncomingMessage, raw: RawCall, query: Record<string, unknown>, target: HookTarget): Promise<IncomingCall> {
  const { method = 'POST' } = request;
  const contentType = request.headers['content-type'] ?? '';
  const key = keyOf(request.headers, raw, target);
  const read = {
    method,
    contentType,
    bytes: raw.bytes.length,
    headers: keptHeaders(request.headers),
    query,
    ...(key && { key }),
  };
  return method === 'GET' ? { ...read, body: query, readAs: 'query' } : { ...read, ...(await readHookBody(raw.bytes, contentType)) };
}

/** Where calls are signed, the id that is signed with them counts; a header that anybody can add does not. */
function keyOf(headers: IncomingHttpHeaders, { content }: RawCall, { workflow, kind, signed }: HookTarget): CallKey | undefined {
  const given = headers['webhook-id'] ?? (signed?.settings.scheme === 'standard' ? undefined : headers['idempotency-key']);
  return typeof given === 'string' ? callKey(`${workflow.id}:${kind}`, given, content) : undefined;
}

/** Of one connection only, or secrets of the caller: not for a run's record. */
const NOT_KEPT = new Set(
  'authorization connection content-length cookie host keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade'.split(' '),
);

function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: [string, string][] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !NOT_KEPT.has(name)) kept.push([name, typeof value === 'string' ? value : value.join(', ')]);
  }
  return Object.fromEntries(kept);
}
