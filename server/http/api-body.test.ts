import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import { expect, it } from 'vitest';
import { createBodyRoom } from '../services/webhooks/overload.ts';
import { lendIntake, readApiBody } from './api-body.ts';

/** A request whose body has arrived. */
function requestWith(body: Buffer, headers: Record<string, string> = {}): Request {
  const request = { headers } as Request;
  const intake = { read: async () => body, sweep: () => {}, close: () => {} };
  lendIntake(intake, () => '127.0.0.1')(request, {} as Response, () => {});
  return request;
}

const LARGE = Buffer.alloc(60_000, 'x');

it('counts a large body until it is released, and rejects more than there is room for', async () => {
  const hold = createBodyRoom(100_000);
  const first = hold();
  expect(await readApiBody(requestWith(LARGE), 1_000_000, first)).toEqual(LARGE);
  await expect(readApiBody(requestWith(LARGE), 1_000_000, hold())).rejects.toMatchObject({ code: 'overloaded' });
  first.release();
  expect(await readApiBody(requestWith(LARGE), 1_000_000, hold())).toEqual(LARGE);
});

it('counts a compressed body by its decompressed size', async () => {
  const hold = createBodyRoom(50_000);
  const packed = requestWith(gzipSync(LARGE), { 'content-encoding': 'gzip' });
  await expect(readApiBody(packed, 1_000_000, hold())).rejects.toMatchObject({ code: 'overloaded' });
});

it('reads a small body even if there is no room', async () => {
  const small = Buffer.from('{}');
  expect(await readApiBody(requestWith(small), 1_000_000, createBodyRoom(0)())).toEqual(small);
});
