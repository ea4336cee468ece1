import type { Delivery, ReadAs } from '@switchyard/shared/contracts/webhooks.ts';
import { ERRORS, type ErrorCode } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { TestRequest } from '../open-workflow/test-request.ts';
import { formatDuration } from '../ui/format.ts';

const READ_AS_LABELS: Readonly<Record<ReadAs, string>> = { json: 'JSON', form: 'form', text: 'text', query: 'query', nothing: 'no body' };

/** The type of a body: as the server parsed it, else as its content type says. */
export function bodyKind({ readAs, contentType }: Pick<TestRequest, 'readAs' | 'contentType'>): string {
  if (readAs) return READ_AS_LABELS[readAs];
  const bare = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (bare === '') return 'no body';
  if (bare.endsWith('json')) return 'JSON';
  if (bare === 'application/x-www-form-urlencoded' || bare === 'multipart/form-data') return 'form';
  return bare.startsWith('text/') ? 'text' : bare;
}

/** A name for a sample from a request: its first words, else its time. */
export function sampleName(call: Pick<TestRequest, 'body' | 'at'>): string {
  const text = isPlainObject(call.body) ? Object.values(call.body).find((value) => typeof value === 'string' && value.trim() !== '') : undefined;
  if (typeof text !== 'string') return `Request of ${call.at.slice(0, 16).replace('T', ' ')}`;
  const words = text.trim().replace(/\s+/g, ' ');
  return words.length > 32 ? `${words.slice(0, 31).trimEnd()}…` : words;
}

/** A curl command that sends the sample to the URL. Quotes in the sample are escaped for the shell. */
export function curlFor(url: string, sample: unknown): string {
  const isText = typeof sample === 'string';
  const body = isText ? sample : JSON.stringify(sample ?? {});
  // For text, curl would read a leading @ as a file name.
  const [type, option] = isText ? ['text/plain; charset=utf-8', '--data-raw'] : ['application/json', '-d'];
  return `curl ${url} \\\n  -H 'content-type: ${type}' \\\n  ${option} '${body.replaceAll("'", "'\\''")}'`;
}

const CALLER_GONE = 499;

/** The outcome of a request in short: “test · POST · resent · 412 ms”. */
export function outcomeLabel({ kind, method, status, code, runId, repeated, resent, durationMs }: Omit<Delivery, 'id' | 'at' | 'bytes'>): string {
  const words = [
    ...(kind === 'test' ? ['test'] : []),
    method,
    ...(resent ? ['resent'] : []),
    ...(repeated ? ['duplicate, same run'] : []),
    ...(status === CALLER_GONE ? ['caller disconnected'] : []),
    ...(code === null ? [] : [Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode].title : code]),
    ...(status === null ? ['no response yet'] : []),
    ...(durationMs !== null && runId !== null ? [formatDuration(durationMs)] : []),
  ];
  return words.join(' · ');
}
