import type { Delivery } from '@switchyard/shared/contracts/webhooks.ts';
import { ERRORS, type ErrorCode } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { formatDuration } from '../ui/format.ts';
import type { CapturedCall } from './captured-call.ts';

/** What a body is, in a word. */
export function bodyKind(contentType: string): string {
  const bare = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (bare === '') return 'no body';
  if (bare.endsWith('json')) return 'JSON';
  if (bare === 'application/x-www-form-urlencoded' || bare === 'multipart/form-data') return 'form';
  return bare.startsWith('text/') ? 'text' : bare;
}

/** A name for the sample that is made of a call: its first words, else when it came. */
export function sampleName(call: Pick<CapturedCall, 'body' | 'at'>): string {
  const text = isPlainObject(call.body) ? Object.values(call.body).find((value) => typeof value === 'string' && value.trim() !== '') : undefined;
  if (typeof text !== 'string') return `Call of ${call.at.slice(0, 16).replace('T', ' ')}`;
  const words = text.trim().replace(/\s+/g, ' ');
  return words.length > 32 ? `${words.slice(0, 31).trimEnd()}…` : words;
}

/** The address with a sample, as a command for a terminal. Quotes in the sample are written so that the shell keeps them. */
export function curlFor(url: string, sample: unknown): string {
  const json = JSON.stringify(sample ?? {});
  return `curl ${url} \\\n  -H 'content-type: application/json' \\\n  -d '${json.replaceAll("'", "'\\''")}'`;
}

const CALLER_GONE = 499;

/** What came of a call, in a few words: "test · POST · sent again · 412 ms". */
export function outcomeWords({ kind, method, status, code, runId, repeated, resent, durationMs }: Omit<Delivery, 'id' | 'at' | 'bytes'>): string {
  const words = [
    ...(kind === 'test' ? ['test'] : []),
    method,
    ...(resent ? ['sent again from here'] : []),
    ...(repeated ? ['came again: same run'] : []),
    ...(status === CALLER_GONE ? ['the caller had gone'] : []),
    ...(code === null ? [] : [Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode].title : code]),
    ...(status === null ? ['no answer yet'] : []),
    ...(durationMs !== null && runId !== null ? [formatDuration(durationMs)] : []),
  ];
  return words.join(' · ');
}
