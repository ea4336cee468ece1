import { hash } from 'node:crypto';

/** Bytes of a block of SHA-256. */
const BLOCK = 64;

/** HMAC-SHA256 (RFC 2104) under one key, by two one-shot hashes: several times faster than an Hmac object for short texts. */
export function hmacUnder(key: string | Uint8Array): (text: string) => Buffer {
  const bytes = Buffer.from(key);
  const block = Buffer.alloc(BLOCK);
  (bytes.length > BLOCK ? hash('sha256', bytes, 'buffer') : bytes).copy(block);
  const [inner, outer] = [0x36, 0x5c].map((pad) => Buffer.from(block.map((byte) => byte ^ pad))) as [Buffer, Buffer];
  return (text) => {
    const length = Buffer.byteLength(text);
    const message = Buffer.allocUnsafe(BLOCK + length);
    inner.copy(message);
    message.write(text, BLOCK);
    return hash('sha256', Buffer.concat([outer, hash('sha256', message, 'buffer')]), 'buffer');
  };
}
