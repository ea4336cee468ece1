import type { ReadAs } from '@switchyard/shared/contracts/webhooks.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { JsonLimits } from '@switchyard/shared/read-json.ts';
import { parseJson, textOfBody } from '../json-body.ts';

const LIMITS: JsonLimits = { maxDepth: 100, maxValues: 200_000 };
const MAX_FIELDS = 1_000;

export interface HookBody {
  readonly body: unknown;
  readonly readAs: ReadAs;
  /** The body as it came, when it is JSON or text. */
  readonly text?: string;
}

/**
 * Reads a body by its content type (S24): JSON, also under curl's default type when it parses as an object or a list; a form; multipart
 * fields; text. An empty body is null.
 */
export function readHookBody(raw: Buffer, contentType: string): HookBody | Promise<HookBody> {
  if (raw.length === 0) return { body: null, readAs: 'nothing' };
  const type = mediaType(contentType);
  if (type === 'application/json' || type.endsWith('+json')) {
    const text = textOfBody(raw);
    return { body: parseJson(text, LIMITS), readAs: 'json', text };
  }
  if (type === 'multipart/form-data') return readMultipart(raw, contentType);
  if (type === 'application/x-www-form-urlencoded' || type === '') return readForm(textOfBody(raw), type !== '');
  if (type.startsWith('text/') || type === 'application/xml') {
    const text = textOfBody(raw);
    return { body: text, readAs: 'text', text };
  }
  throw new AppError('unsupported-media-type', `A body of type ${type} is not accepted. Send JSON, a form, or text.`);
}

const mediaType = (contentType: string): string => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();

function readForm(text: string, isForm: boolean): HookBody {
  const begin = text.trimStart().charAt(0);
  if (begin === '{' || begin === '[') {
    try {
      return { body: parseJson(text, LIMITS), readAs: 'json', text };
    } catch (error) {
      // A form may begin with a bracket too (`[a]=1`), but not without an equals sign.
      if (!(error instanceof AppError && error.code === 'bad-json' && isForm && text.includes('='))) throw error;
    }
  }
  return isForm ? { body: collect(new URLSearchParams(text)), readAs: 'form' } : { body: text, readAs: 'text', text };
}

/** Name and value pairs as an object; a name that comes several times has a list. Any name is just data, `__proto__` too. */
export function collect(pairs: Iterable<[string, string]>): Record<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value]);
    if (values.size > MAX_FIELDS) throw new AppError('bad-request', `The form has more than ${MAX_FIELDS} fields.`);
  }
  return Object.fromEntries(values);
}

async function readMultipart(raw: Buffer, contentType: string): Promise<HookBody> {
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } }).formData().catch((cause: unknown) => {
    throw new AppError('bad-request', 'The multipart body could not be read: its parts or their boundary are broken.', { cause });
  });
  const pairs: [string, string][] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') pairs.push([name, value]);
    else if (/^(text\/|application\/json)/.test(value.type)) pairs.push([name, await value.text()]);
    else throw new AppError('unsupported-media-type', `The file in “${name}” is of type ${value.type}. Only text files are taken.`);
  }
  return { body: collect(pairs), readAs: 'form' };
}
