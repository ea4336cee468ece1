import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { AppError } from '@switchyard/shared/errors.ts';
import { tooLarge } from './body-intake.ts';

type Decode = (raw: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** By content coding (RFC 9110 §8.4.1). */
const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/** Whether a body is encoded. `identity` says that it isn’t. */
export const isEncoded = (encoding: string | undefined): encoding is string => encoding !== undefined && !/^\s*(identity)?\s*$/i.test(encoding);

/**
 * Decompresses a body, counting bytes as they come out. Throws `too-large` as soon as there are more than `maxBytes`,
 * `unsupported-media-type` for an unsupported encoding, `bad-request` for a broken body.
 */
export async function decodeBody(raw: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const decode = DECODERS.get(encoding.trim().toLowerCase());
  if (!decode) throw new AppError('unsupported-media-type', `The content encoding “${encoding}” isn’t supported. Send gzip, deflate, br, or none.`);
  try {
    return await decode(raw, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new AppError('bad-request', `The body isn’t valid ${encoding}.`, { cause });
  }
}
