import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/*
 * Hashes and compares passwords with scrypt (RFC 7914), at the cost that OWASP's password storage sheet recommends: N = 2^15, r = 8,
 * p = 3, which takes 32 MB and a few tenths of a second. The format is `scrypt.<N>.<r>.<p>.<salt>.<hash>`, base64url.
 */

const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** scrypt's memory, 128 · N · r bytes, is just above Node's default limit. */
const MAX_MEMORY = 64 * 1_024 * 1_024;

/** Different bytes can represent the same typed characters (NIST SP 800-63B, 3.1.1.2). */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize('NFKC'));

const derive = (password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(bytesOf(password), salt, HASH_BYTES, { ...cost, maxmem: MAX_MEMORY }, (error, hash) => (error ? reject(error) : resolve(hash)));
  });

/** Hashes a password with a fresh salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('.');
}

/** Whether a password matches the hash. False for a hash in another format. Takes the same time for each password. */
export async function passwordFits(password: string, hashed: string): Promise<boolean> {
  const [scheme, N, r, p, salt = '', hash = ''] = hashed.split('.');
  const expected = Buffer.from(hash, 'base64url');
  if (scheme !== 'scrypt' || expected.length !== HASH_BYTES) return false;
  const given = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return timingSafeEqual(given, expected);
}
