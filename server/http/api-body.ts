import type { Request, RequestHandler } from 'express';
import type { BodyIntake } from './body-intake.ts';
import type { AddressOf } from './client-address.ts';
import { decodeBody, isEncoded } from './decode-body.ts';

/*
 * Bodies of API calls. They share one intake with webhooks, as a group of their own, so neither keeps the other out.
 */

type Read = (maxBytes: number) => Promise<Buffer>;
const readers = new WeakMap<Request, Read>();

/** Lets the routes behind it read bodies. */
export const lendIntake =
  (intake: BodyIntake, addressOf: AddressOf): RequestHandler =>
  (request, _response, next) => {
    readers.set(request, (maxBytes) => intake.read(request, maxBytes, ['api', `address ${addressOf(request)}`]));
    next();
  };

/** The body of an API call, decompressed, of at most `maxBytes`. */
export async function readApiBody(request: Request, maxBytes: number): Promise<Buffer> {
  const raw = await readers.get(request)?.(maxBytes);
  if (!raw) throw new Error('no body intake was lent to this request');
  const encoding = request.headers['content-encoding'];
  return isEncoded(encoding) ? decodeBody(raw, encoding, maxBytes) : raw;
}
