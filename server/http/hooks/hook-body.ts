import type { ReadAs } from '@switchyard/shared/contracts/webhooks.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { JsonLimits } from '@switchyard/shared/read-json.ts';
import { demandFewFiles, UploadedFile } from '../../services/files/uploaded-file.ts';
import { parseJson } from '../json-body.ts';
import { bodyType, charsetOf, decodeText, isUtf8 } from './body-types.ts';
import { collect, formPairs } from './form-fields.ts';
import { multipartPairs, type TakesFile } from './multipart.ts';

const LIMITS: JsonLimits = { maxDepth: 100, maxValues: 200_000 };

export interface HookBody {
  readonly body: unknown;
  readonly readAs: ReadAs;
  /** The original body, if it is JSON or text. */
  readonly text?: string;
  /** The files of a form, which are also in the body. */
  readonly files?: readonly UploadedFile[];
}

/**
 * Parses a body by its content type (S24, body-types.ts). JSON is also recognized under curl's default type and any text type, if it
 * parses to an object or a list. An empty body is null. `takes` says which fields may have files. Throws `bad-json`, `bad-request`,
 * `unsupported-media-type`, `too-large`.
 */
export function readHookBody(raw: Buffer, contentType: string, takes?: TakesFile): HookBody {
  if (raw.length === 0) return { body: null, readAs: 'nothing' };
  const type = bodyType(contentType);
  if (type.kind === 'multipart') return readForm(multipartPairs(raw, type.parameters.get('boundary'), takes));
  const charset = charsetOf(type, raw);
  const text = decodeText(raw, charset, type.kind === 'json' ? 'bad-json' : 'bad-request');
  if (type.kind === 'json') return { body: parseJson(text, LIMITS), readAs: 'json', text };
  // Under these types, a body that starts like JSON but isn't is worth an error.
  const json = jsonIn(text, type.type === '' || (type.kind === 'form' && !text.includes('=')));
  if (json) return { body: json.value, readAs: 'json', text };
  if (type.kind === 'text') return { body: text, readAs: 'text', text };
  // Percent-encoded bytes use the charset too, so pairs are split before they are decoded.
  return { body: collect(isUtf8(charset) ? formPairs(text, 'form') : formPairs(raw.toString('latin1'), 'form', charset)), readAs: 'form' };
}

function readForm(pairs: readonly [string, string | UploadedFile][]): HookBody {
  const files = pairs.flatMap(([, value]) => (value instanceof UploadedFile ? [value] : []));
  demandFewFiles(files);
  return { body: collect(pairs), readAs: 'form', ...(files.length > 0 && { files }) };
}

/** The object or list in a text. Undefined if there is none. `strict` throws `bad-json` if the text starts like one. */
function jsonIn(text: string, strict: boolean): { readonly value: unknown } | undefined {
  const begin = text.trimStart().charAt(0);
  if (begin !== '{' && begin !== '[') return undefined;
  try {
    return { value: parseJson(text, LIMITS) };
  } catch (error) {
    if (!strict && error instanceof AppError && error.code === 'bad-json') return undefined;
    throw error;
  }
}
