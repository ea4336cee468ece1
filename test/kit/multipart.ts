/** A part of a form: text, or a file with a name. */
export type FormPart = readonly [field: string, content: string | Uint8Array, fileName?: string, type?: string];

export interface SentForm {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

const BOUNDARY = 'a-boundary';

/** A multipart form with exactly these bytes. */
export function formOf(...parts: readonly FormPart[]): SentForm {
  const chunks = parts.flatMap(([field, content, fileName, type = 'application/octet-stream']) => {
    const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${field}"`;
    const about = fileName === undefined ? '' : `; filename="${fileName}"\r\ncontent-type: ${type}`;
    return [Buffer.from(`${head}${about}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')];
  });
  return { body: Buffer.concat([...chunks, Buffer.from(`--${BOUNDARY}--\r\n`)]), headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` } };
}

export const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
