import { randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const ID_BYTES = 16;
const TOKEN_BYTES = 16;

/** Random bytes are fetched in batches: one call per ID would cost more than the rest of creating it. */
const stock = Buffer.alloc(4_096);
let used = stock.length;

function randomBytes(count: number): Buffer {
  if (used + count > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  const bytes = Buffer.from(stock.subarray(used, used + count));
  // Clears used bytes, so they can't be found in memory later.
  stock.fill(0, used, used + count);
  used += count;
  return bytes;
}

/** A new ID: its prefix, the time, and 80 random bits. IDs of one kind sort by age. */
export function newId(prefix: string, now: Date): string {
  let random = '';
  for (const byte of randomBytes(ID_BYTES)) random += ALPHABET.charAt(byte & 31);
  return `${prefix}_${now.getTime().toString(36).padStart(9, '0')}${random}`;
}

/** An unguessable token: 128 random bits. */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');
