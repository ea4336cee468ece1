import { AppError } from '@switchyard/shared/errors.ts';
import { isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { MOST_FILE_BYTES } from '@switchyard/shared/files/limits.ts';
import { asText } from '../sdk/as-value.ts';
import type { FormPart, HttpRequest, Redirects } from '../sdk/context.ts';
import { demandFile } from '../sdk/file-param.ts';
import { headerRecord, type Pair, textPairs } from '../sdk/pairs.ts';

/** The params that define the request, with templates filled in. */
export interface RequestParams {
  readonly method: string;
  readonly url: unknown;
  readonly query: readonly Pair[];
  readonly headers: readonly Pair[];
  readonly bodyKind: 'none' | 'json' | 'form' | 'text' | 'multipart' | 'file';
  readonly json?: unknown;
  readonly form: readonly Pair[];
  readonly text: unknown;
  readonly file: unknown;
  readonly answer: string;
  readonly connectionId?: string | undefined;
  readonly maxBytes: number;
  readonly restore: boolean;
  readonly redirects: Redirects;
}

function address(url: unknown, query: readonly Pair[]): string {
  const text = asText(url).trim();
  const parsed = URL.parse(text);
  if (!parsed || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw new AppError('node-failed', `“${text.slice(0, 200)}” is not a URL. It must start with https:// or http://.`);
  }
  for (const [name, value] of textPairs(query)) parsed.searchParams.append(name, value);
  return parsed.href;
}

function bodyOf({ bodyKind, json, form, text }: RequestParams): { body: string; type: string } | undefined {
  if (bodyKind === 'json') return { body: JSON.stringify(json ?? null), type: 'application/json' };
  if (bodyKind === 'form') return { body: new URLSearchParams(textPairs(form)).toString(), type: 'application/x-www-form-urlencoded' };
  return bodyKind === 'text' ? { body: asText(text), type: 'text/plain; charset=utf-8' } : undefined;
}

/** A body with files. Its content type is set when it is sent. */
function filesOf({ bodyKind, form, file }: RequestParams): Pick<HttpRequest, 'file' | 'parts'> {
  if (bodyKind === 'file') return { file: demandFile(file, 'File') };
  return bodyKind === 'multipart' ? { parts: form.filter(({ name }) => name.trim() !== '').flatMap(partsOf) } : {};
}

/** A list of files is one part for each. */
const partsOf = ({ name, value }: Pair): FormPart[] => {
  const values = Array.isArray(value) && value.length > 0 && value.every(isFileHandle) ? value : [value];
  return values.map((one) => ({ name: name.trim(), value: isFileHandle(one) ? one : asText(one) }));
};

/** Builds the request. A keyed one carries `Idempotency-Key`, so the receiver can recognize a repeated request. */
export function buildRequest(params: RequestParams, keyed: boolean): HttpRequest {
  const body = bodyOf(params);
  return {
    method: params.method,
    url: address(params.url, params.query),
    headers: {
      ...(body && { 'content-type': body.type }),
      ...headerRecord(params.headers),
    },
    ...(body && { body: body.body }),
    ...filesOf(params),
    ...(params.answer === 'file' && { asFile: true }),
    ...(params.connectionId && { connectionId: params.connectionId }),
    ...(keyed && { keyed }),
    ...(params.restore && { restore: true }),
    ...(params.redirects !== 'follow' && { redirects: params.redirects }),
    maxBytes: params.answer === 'file' ? MOST_FILE_BYTES : params.maxBytes,
  };
}
