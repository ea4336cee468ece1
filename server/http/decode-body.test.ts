import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeBody, isEncoded } from './decode-body.ts';

const text = Buffer.from('{"message": "hello"}'.repeat(100));

test.each([
  ['gzip', gzipSync(text)],
  ['X-GZIP', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['br', brotliCompressSync(text)],
])('decodes %s', async (encoding, raw) => {
  expect((await decodeBody(raw, encoding, 10_000)).equals(text)).toBe(true);
});

test('limits the size after decoding', async () => {
  const bombs = [gzipSync(Buffer.alloc(20_000_000)), deflateSync(Buffer.alloc(20_000_000)), brotliCompressSync(Buffer.alloc(20_000_000))];
  for (const [index, encoding] of ['gzip', 'deflate', 'br'].entries()) {
    await expect(decodeBody(bombs[index] ?? text, encoding, 1_000_000)).rejects.toMatchObject({ code: 'too-large' });
  }
  expect((await decodeBody(gzipSync(Buffer.alloc(1_000)), 'gzip', 1_000)).length).toBe(1_000);
});

test('rejects an unknown encoding and a broken body', async () => {
  await expect(decodeBody(text, 'zstd, gzip', 10_000)).rejects.toMatchObject({ code: 'unsupported-media-type' });
  await expect(decodeBody(text, 'gzip', 10_000)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(decodeBody(gzipSync(text).subarray(0, 20), 'gzip', 10_000)).rejects.toMatchObject({ code: 'bad-request' });
});

test('treats identity and an empty header as no encoding', () => {
  expect([undefined, '', 'identity', ' Identity ', 'gzip'].map(isEncoded)).toEqual([false, false, false, false, true]);
});
