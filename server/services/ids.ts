import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A new id: its prefix, the time, and 80 random bits, so that ids of one kind sort by age. */
export function newId(prefix: string, now: Date): string {
  let random = '';
  // 16 characters of 32 values each.
  for (const byte of randomBytes(16)) random += ALPHABET.charAt(byte & 31);
  return `${prefix}_${now.getTime().toString(36).padStart(9, '0')}${random}`;
}

/** An address that nobody can guess: 128 random bits. */
export const newToken = (): string => randomBytes(16).toString('base64url');
