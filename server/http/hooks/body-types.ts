import { AppError } from '@switchyard/shared/errors.ts';
import { type MediaType, parseMediaType, strictDecoder } from '@switchyard/shared/media-type.ts';

/*
 * How bodies are parsed by media type, and in which encoding. `text` becomes JSON if it parses to an object or a list.
 */

type BodyKind = 'json' | 'form' | 'multipart' | 'text';

const KINDS: readonly (readonly [RegExp, BodyKind])[] = [
  [/^(application|text)\/json$|\+json$/, 'json'],
  [/^application\/x-www-form-urlencoded$/, 'form'],
  [/^multipart\/form-data$/, 'multipart'],
  [/^text\/|^application\/xml$|\+xml$/, 'text'],
];
const XML = /[/+]xml$/;
/** `<?xml version="1.0" encoding="iso-8859-1"?>` counts if Content-Type names no charset (XML 1.0 §4.3.3). */
const XML_ENCODING = /^<\?xml[^>]{0,100}\bencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']/;

export interface BodyType extends MediaType {
  readonly kind: BodyKind;
}

/** A supported Content-Type. None at all counts as text. Throws `unsupported-media-type` for anything else. */
export function bodyType(contentType: string): BodyType {
  const media = parseMediaType(contentType) ?? { type: (contentType.split(';', 1)[0] ?? '').trim().toLowerCase(), parameters: new Map() };
  if (media.type === '') return { ...media, kind: 'text' };
  const kind = KINDS.find(([pattern]) => pattern.test(media.type))?.[1];
  if (kind) return { ...media, kind };
  throw new AppError('unsupported-media-type', `The content type “${media.type}” isn’t supported. Send JSON, a form, or text.`);
}

/** The encoding of a body: from its type, an XML declaration, or UTF-8. */
export function charsetOf({ type, parameters }: MediaType, raw: Buffer): string {
  const declared = parameters.get('charset');
  if (declared !== undefined) return declared;
  return (XML.test(type) ? XML_ENCODING.exec(raw.toString('latin1', 0, 200))?.[1] : undefined) ?? 'utf-8';
}

export const isUtf8 = (charset: string): boolean => /^utf-?8$/i.test(charset);

/** The text of bytes. Throws `unsupported-media-type` for an unknown charset and `code` for bytes outside it. */
export function decodeText(raw: Uint8Array, charset: string, code: 'bad-request' | 'bad-json' = 'bad-request'): string {
  const decoder = strictDecoder(charset);
  if (!decoder) throw new AppError('unsupported-media-type', `Unknown charset “${charset}”. Send UTF-8.`);
  try {
    return decoder.decode(raw);
  } catch (cause) {
    throw new AppError(code, `The body isn’t valid ${charset}. Send it in that encoding, or name its charset in Content-Type.`, { cause });
  }
}
