import type { IncomingHttpHeaders } from 'node:http';
import { completionUrl } from '@switchyard/shared/contracts/triggers/completions.ts';
import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { MOST_FILES_BYTES } from '@switchyard/shared/files/limits.ts';
import { type CallKey, callKey } from '../../services/webhooks/call-keys.ts';
import type { HookTarget } from '../../services/webhooks/hook-targets.ts';
import type { IncomingCall } from '../../services/webhooks/receive-call.ts';
import { signedId } from '../../services/webhooks/signatures.ts';
import { tooLarge } from '../body-intake.ts';
import { collect, formPairs } from './form-fields.ts';
import { type HookBody, readHookBody } from './hook-body.ts';

/** A request as it was received. */
export interface RawCall {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The query without its question mark. */
  readonly query: string;
  /** Decompressed; empty for a GET. */
  readonly body: Buffer;
}

export interface ParsedCall {
  readonly mode: Webhook['mode'];
  readonly call: IncomingCall;
}

/** Parses all parts of a request, once. Throws `bad-json`, `bad-request`, `unsupported-media-type`, `too-large`. */
export function parseCall(raw: RawCall, target: HookTarget): ParsedCall {
  const { method, headers, body } = raw;
  const contentType = headers['content-type'] ?? '';
  const { mode, query } = chosenMode(target, headers, raw.query === '' ? {} : collect(formPairs(raw.query, 'query')));
  const key = keyOf(raw, target);
  const completionUrl = completionUrlOf(target, headers, mode);
  const read = { method, contentType, bytes: body.length, headers: keptHeaders(headers), query, ...(key && { key }), completionUrl };
  const call: IncomingCall = method === 'GET' ? { ...read, body: query, readAs: 'query' } : { ...read, ...readFor(raw, contentType, target) };
  return { mode, call };
}

/** Where the end of the run is announced: as the caller says if it may, or as the settings say. */
function completionUrlOf({ settings }: HookTarget, headers: IncomingHttpHeaders, mode: Webhook['mode']): string | undefined {
  const given = headers['x-callback-url'];
  const { url = null, fromRequest = false } = settings.completion ?? {};
  if (given === undefined || !fromRequest) return mode === 'accepted' ? (url ?? undefined) : undefined;
  const parsed = completionUrl.safeParse(given);
  if (!parsed.success) throw new AppError('bad-request', 'The header x-callback-url must be one http or https URL without a user name or password.');
  if (mode === 'accepted') return parsed.data;
  throw new AppError('bad-request', 'x-callback-url needs the mode “accepted”. Add ?mode=accepted, or leave the header out.');
}

/** A body as the Input node takes it. Where versions differ in that, it is read again once the version of the run is known. */
function readFor({ body }: RawCall, contentType: string, { settings, runs, divided }: HookTarget): HookBody & Pick<IncomingCall, 'readAgain'> {
  const read = (textFields: ReadonlySet<string>) => readCall(body, contentType, textFields, settings.maxBodyBytes);
  const own = runs?.textFields ?? NO_FIELDS;
  const other = divided?.canary?.textFields ?? own;
  if (!isMultipart(contentType) || (own.size === other.size && [...own].every((field) => other.has(field)))) return read(own);
  // A file that one version reads as text may not be a text for the other one.
  return { ...read(NO_FIELDS), readAgain: read };
}

const NO_FIELDS: ReadonlySet<string> = new Set();

/** A body with its files. Without them, it must be as small as other bodies. */
function readCall(body: Buffer, contentType: string, textFields: ReadonlySet<string>, maxBytes: number): HookBody {
  const read = readHookBody(body, contentType, (field) => (textFields.has(field) ? 'text' : 'file'));
  refuseLongFields(body, read, maxBytes);
  return read;
}

/** Throws `too-large` if a body has more than so many bytes beside its files. */
export function refuseLongFields(body: Buffer, { files = [] }: Pick<HookBody, 'files'>, maxBytes: number): void {
  if (body.length - files.reduce((sum, { bytes }) => sum + bytes, 0) > maxBytes) throw tooLarge(maxBytes);
}

/** The most bytes of a body. A form may have files, which don’t count against the limit of the webhook. */
export const mostBytes = (contentType: string | undefined, maxBodyBytes: number): number =>
  isMultipart(contentType) ? maxBodyBytes + MOST_FILES_BYTES : maxBodyBytes;

const isMultipart = (contentType = ''): boolean => /^\s*multipart\/form-data\b/i.test(contentType);

/** The workflow’s mode, or the caller's choice if allowed. A `mode` taken from the query is removed from it. */
function chosenMode(
  { settings }: HookTarget,
  { prefer }: IncomingHttpHeaders,
  query: Record<string, unknown>,
): { mode: Webhook['mode']; query: Record<string, unknown> } {
  if (!settings.callerMayChoose) return { mode: settings.mode, query };
  const { mode, ...rest } = query;
  if (mode === 'accepted' || mode === 'finished' || mode === 'stream') return { mode, query: rest };
  const later = prefer !== undefined && /(^|[,;\s])respond-async($|[,;\s])/i.test(String(prefer));
  return { mode: later ? 'accepted' : settings.mode, query };
}

/**
 * The key that makes a repeated request attach to the same run. For requests signed by Standard Webhooks, only the signed ID counts. A header
 * that anyone can add doesn't.
 */
function keyOf({ method, headers, query, body }: RawCall, { workflow, kind, settings, signed, policy }: HookTarget): CallKey | undefined {
  const own = settings.idempotencyHeader?.toLowerCase();
  const chosen = own === undefined ? (headers['webhook-id'] ?? headers['idempotency-key']) : headers[own];
  const given = signed?.settings.scheme === 'standard' ? signedId(headers) : chosen;
  return typeof given === 'string' && given !== '' ? callKey(`${workflow.id}:${kind}`, given, method === 'GET' ? query : body, policy?.keyedHash) : undefined;
}

/** Headers of one connection, or with the caller's secrets: not stored in a run's record. */
const NOT_KEPT = new Set(
  'authorization connection content-encoding content-length cookie host keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);

function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: [string, string][] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !NOT_KEPT.has(name)) kept.push([name, typeof value === 'string' ? value : value.join(', ')]);
  }
  return Object.fromEntries(kept);
}
