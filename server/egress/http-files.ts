import { randomBytes } from 'node:crypto';
import type { FormPart, HttpRequest, NewFile } from '@switchyard/nodes/sdk/context.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type FileHandle, isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { isTextType } from '@switchyard/shared/files/file-type.ts';
import { describeBytes, MOST_FILES_BYTES } from '@switchyard/shared/files/limits.ts';
import { parseParameters } from '@switchyard/shared/media-type.ts';
import { cutOut } from './without-secret.ts';

/* Files in outgoing requests and in responses (S74). */

type ContentOf = (file: FileHandle) => Promise<Uint8Array>;

/** The body of a request with its content type, unless the node sets that. Throws `file-removed`, `too-large`. */
export async function bodyOf({ body, file, parts }: HttpRequest, contentOf: ContentOf): Promise<{ body: string | Uint8Array; type?: string } | undefined> {
  if (file) return { body: await contentOf(file), type: file.type };
  if (!parts) return body === undefined ? undefined : { body };
  const bytes = parts.reduce((sum, { value }) => sum + (isFileHandle(value) ? value.bytes : value.length), 0);
  if (bytes > MOST_FILES_BYTES)
    throw new AppError('too-large', `The files of the request total ${describeBytes(bytes)}. The limit is ${describeBytes(MOST_FILES_BYTES)}.`);
  const boundary = `switchyard-${randomBytes(18).toString('hex')}`;
  const chunks: Uint8Array[] = [];
  for (const part of parts) chunks.push(Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n\r\n`), await contentOfPart(part, contentOf), Buffer.from('\r\n'));
  return { body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]), type: `multipart/form-data; boundary=${boundary}` };
}

const contentOfPart = async ({ value }: FormPart, contentOf: ContentOf): Promise<Uint8Array> => (isFileHandle(value) ? contentOf(value) : Buffer.from(value));

function headOf({ name, value }: FormPart): string {
  const disposition = `content-disposition: form-data; name="${escaped(name)}"`;
  return isFileHandle(value) ? `${disposition}; filename="${escaped(value.name)}"\r\ncontent-type: ${value.type}` : disposition;
}

/** As browsers write names in multipart forms (HTML, “multipart form data”). */
const escaped = (name: string): string => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
}

/** A response as a file, named by its headers or its URL. A text in which a server echoes the secret of the request is cleaned of it. */
export function fileIn(content: Uint8Array, { headers, url }: Received, secret: string | undefined): NewFile {
  const name = nameIn(headers['content-disposition']) ?? lastPart(url) ?? 'response';
  if (secret === undefined || !isTextType((headers['content-type'] ?? '').split(';')[0]?.trim() ?? '')) return { name, content };
  const text = Buffer.from(content).toString('latin1');
  const cleaned = cutOut(Buffer.from(secret).toString('latin1'))(text);
  return { name, content: cleaned === text ? content : Buffer.from(cleaned, 'latin1') };
}

function nameIn(disposition: string | undefined): string | undefined {
  if (disposition === undefined) return undefined;
  const parameters = parseParameters(disposition, Math.max(0, disposition.search(/;|$/)));
  const [, encoded] = /^utf-8'[^']*'(.+)$/i.exec(parameters?.get('filename*') ?? '') ?? [];
  return (encoded === undefined ? undefined : decoded(encoded)) ?? parameters?.get('filename');
}

function lastPart(url: string): string | undefined {
  const last = URL.parse(url)?.pathname.split('/').at(-1) ?? '';
  return last === '' ? undefined : (decoded(last) ?? last);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
