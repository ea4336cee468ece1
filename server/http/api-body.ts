import type { Request, RequestHandler } from 'express';
import type { BodyIntake } from './body-intake.ts';
import type { AddressOf } from './client-address.ts';
import { decodeBody, isEncoded } from './decode-body.ts';

/*
 * Bodies of API requests. They share one intake with webhooks, in a group of their own, so neither blocks the other.
 */

type Read = (maxBytes: number) => Promise<Buffer>;
const readers = new WeakMap<Request, Read>();

/** Lets the routes after it read bodies. */
export const lendIntake =
  (intake: BodyIntake, addressOf: AddressOf): RequestHandler =>
  (request, _response, next) => {
    readers.set(request, (maxBytes) => intake.read(request, maxBytes, ['api', `address ${addressOf(request)}`]));
    next();
  };

/** The body of an API request, decompressed, of at most `maxBytes`. */
export async function readApiBody(request: Request, maxBytes: number): Promise<Buffer> {
  const raw = await readers.get(request)?.(maxBytes);
  if (!raw) throw new Error('this request has no body intake');
  const encoding = request.headers['content-encoding'];
  return isEncoded(encoding) ? decodeBody(raw, encoding, maxBytes) : raw;
}
