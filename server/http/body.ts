import type { IncomingMessage } from 'node:http';
import { AppError } from '@switchyard/shared/errors.ts';
import type { BodyHold } from '../services/webhooks/overload.ts';

const tooLarge = (maxBytes: number): AppError =>
  new AppError('too-large', `The body is larger than ${maxBytes.toLocaleString('en')} bytes. Send less, or large files by their address.`, {
    details: { maxBytes },
  });

/**
 * Reads a whole body, at most `maxBytes`. Throws `too-large` as soon as it is known to be more, `unsupported-media-type` when it is
 * compressed, `overloaded` when `held` can take no more.
 */
export function readBody(request: IncomingMessage, maxBytes: number, held?: BodyHold): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding && encoding !== 'identity') {
    return Promise.reject(new AppError('unsupported-media-type', `A body with content-encoding “${encoding}” is not accepted. Send it uncompressed.`));
  }
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      held?.add(chunk.length);
      chunks.push(chunk);
    };
    request.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        request.removeAllListeners('data');
        // The rest is let run by: whoever is cut off while sending may never see the answer.
        request.resume();
        reject(error);
      }
    });
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new AppError('bad-request', 'The body ended before it was whole.'));
    });
  });
}
