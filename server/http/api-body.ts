import type { Request, RequestHandler } from 'express';
import type { BodyHold } from '../services/webhooks/overload.ts';
import { isLarge, ownTurn } from '../turns.ts';
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

/**
 * The body of an API request, decompressed, of at most `maxBytes`. If it is large, its bytes count until `held` is released, and it is
 * returned once it is its turn to be parsed. Throws `overloaded` if bodies in use take too much memory.
 */
export async function readApiBody(request: Request, maxBytes: number, held: BodyHold): Promise<Buffer> {
  const raw = await readers.get(request)?.(maxBytes);
  if (!raw) throw new Error('this request has no body intake');
  if (isLarge(raw.length)) held.add(raw.length);
  const encoding = request.headers['content-encoding'];
  const body = isEncoded(encoding) ? await decodeBody(raw, encoding, maxBytes) : raw;
  if (body !== raw && isLarge(body.length)) held.add(body.length);
  if (isLarge(body.length)) await ownTurn();
  return body;
}
