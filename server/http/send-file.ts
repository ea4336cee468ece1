import type { ServerResponse } from 'node:http';
import { NO_SCRIPTS } from '@switchyard/shared/response-headers.ts';
import type { OpenedFile } from '../services/files/read-file.ts';

/** Headers of a file: it is saved under its name, and never opened on this origin. */
export const fileHeaders = ({ file: { name, type }, content }: OpenedFile): Record<string, string | number> => ({
  'content-type': type,
  'content-length': content.length,
  'content-disposition': attachment(name),
  'content-security-policy': NO_SCRIPTS,
  'x-content-type-options': 'nosniff',
});

/** Sends a file to be saved. */
export function sendStoredFile(response: ServerResponse, opened: OpenedFile): void {
  response.writeHead(200, { ...fileHeaders(opened), 'cache-control': 'private, no-store' });
  response.end(response.req.method === 'HEAD' ? undefined : opened.content);
}

/** `Content-Disposition` with a name for old and new clients (RFC 6266). */
const attachment = (name: string): string =>
  `attachment; filename="${name
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '_')
    .replace(/["\\%]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )}`;
