import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSecrets } from './secrets.ts';

const HEX = '00112233445566778899aabbccddeeff'.repeat(2);
const withKey = (key: string) => openSecrets({ dataDir: '/nowhere/at/all', env: { SWITCHYARD_SECRET_KEY: key } });

const temporary = () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-secrets-'));
  const dataDir = join(folder, 'data');
  return { dataDir, file: join(dataDir, 'secret.key'), [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
};

describe('secrets', () => {
  it.each(['', 'sk-1234', 'Grüße 🎉', 'x'.repeat(10_000)])('decrypt what they encrypted: %#', (plain) => {
    const secrets = withKey(HEX);
    const sealed = secrets.seal(plain, 'connection-1');
    expect(secrets.open(sealed, 'connection-1')).toBe(plain);
    if (plain) expect(sealed).not.toContain(plain);
    expect(sealed.split('.')[1]).toBe(secrets.keyId);
  });

  it('encrypt the same text differently each time', () => {
    const secrets = withKey(HEX);
    const sealed = Array.from({ length: 100 }, () => secrets.seal('same', 'a'));
    expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(100);
    expect(new Set(sealed.map((text) => text.split('.')[3])).size).toBe(100);
  });

  it('do not decrypt what was encrypted for another record', () => {
    const secrets = withKey(HEX);
    expect(() => secrets.open(secrets.seal('mine', 'a'), 'b')).toThrowError(expect.objectContaining({ code: 'secret-unreadable' }));
  });

  it('do not decrypt what was changed or truncated anywhere', () => {
    const secrets = withKey(HEX);
    const [version = '', keyId = '', nonce = '', body = ''] = secrets.seal('mine', 'a').split('.');
    const bytes = Buffer.from(body, 'base64url');
    const flipped = Array.from(bytes, (_, index) => {
      const copy = Buffer.from(bytes);
      copy[index] = (copy[index] ?? 0) ^ 1;
      return copy.toString('base64url');
    });
    const bodies = [...flipped, '', bytes.subarray(0, -1).toString('base64url'), bytes.subarray(0, 8).toString('base64url')];
    const texts = [...bodies.map((changed) => [version, keyId, nonce, changed].join('.')), [version, keyId, 'AAAA', body].join('.'), 'mine', ''];
    for (const text of texts) expect(() => secrets.open(text, 'a')).toThrowError(expect.objectContaining({ code: 'secret-unreadable' }));
  });

  it('name both keys if the key is different', () => {
    const [mine, other] = [withKey(HEX), withKey(HEX.replaceAll('0', '1'))];
    expect(mine.keyId).not.toBe(other.keyId);
    expect(() => other.open(mine.seal('mine', 'a'), 'a')).toThrowError(
      expect.objectContaining({ code: 'secret-unreadable', message: expect.stringMatching(new RegExp(`${mine.keyId}.*${other.keyId}`)) }),
    );
  });
});

describe('the key of secrets', () => {
  it('is the same in hex, base64, and base64url', () => {
    const bytes = Buffer.from(HEX, 'hex');
    const ids = [HEX, HEX.toUpperCase(), ` ${HEX}\n`, bytes.toString('base64'), bytes.toString('base64url')].map((key) => withKey(key).keyId);
    expect(new Set(ids).size).toBe(1);
  });

  it.each(['secret', HEX.slice(2), `${HEX}00`, Buffer.alloc(31).toString('base64'), `${HEX.slice(1)}g`])(
    'is rejected by the name of its variable if it is %s',
    (key) => {
      expect(() => withKey(key)).toThrowError(expect.objectContaining({ code: 'not-ready', message: expect.stringContaining('SWITCHYARD_SECRET_KEY') }));
      expect(() => withKey(key)).not.toThrow(key);
    },
  );

  it('is created once by default, in a file that only its owner may read', () => {
    using temp = temporary();
    const first = openSecrets({ dataDir: temp.dataDir, env: { SWITCHYARD_SECRET_KEY: '' } });
    expect(statSync(temp.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(temp.dataDir)).toEqual(['secret.key']);
    const second = openSecrets({ dataDir: temp.dataDir, env: {} });
    expect(second.open(first.seal('mine', 'a'), 'a')).toBe('mine');
  });

  it('is read from a copied folder, with its mode restored', () => {
    using temp = temporary();
    const first = openSecrets({ dataDir: temp.dataDir, env: {} });
    chmodSync(temp.file, 0o644);
    expect(openSecrets({ dataDir: temp.dataDir, env: {} }).keyId).toBe(first.keyId);
    expect(statSync(temp.file).mode & 0o777).toBe(0o600);
  });

  it('is not replaced if its file is damaged, and the file is named', () => {
    using temp = temporary();
    openSecrets({ dataDir: temp.dataDir, env: {} });
    writeFileSync(temp.file, 'half a ke');
    expect(() => openSecrets({ dataDir: temp.dataDir, env: {} })).toThrow(temp.file);
    expect(readFileSync(temp.file, 'utf8')).toBe('half a ke');
  });
});
