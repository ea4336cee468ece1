import { expect, test } from 'vitest';
import { hashPassword, passwordFits } from './password.ts';

test('the right password matches its hash, and no other does', async () => {
  const hash = await hashPassword('correct horse');
  expect(await passwordFits('correct horse', hash)).toBe(true);
  for (const wrong of ['correct hors', 'correct horse ', 'Correct horse', '']) expect(await passwordFits(wrong, hash), wrong).toBe(false);
});

test('two hashes of one password differ, and neither contains the password', async () => {
  const [one, other] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
  expect(one).not.toBe(other);
  expect(one).toMatch(/^scrypt\.32768\.8\.3\.[\w-]{22}\.[\w-]{43}$/);
});

test('an umlaut matches whether typed as one character or as two', async () => {
  expect(await passwordFits('Schlu\u0308ssel', await hashPassword('Schl\u00fcssel'))).toBe(true);
});

test('nothing matches a text that is not a hash', async () => {
  for (const hash of ['', 'scrypt.32768.8.3', 'plain', 'bcrypt.32768.8.3.c2FsdA.aGFzaA']) expect(await passwordFits('', hash), hash).toBe(false);
});
