import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compileCel } from '../cel.ts';
import { createScope } from '../create-scope.ts';

const text = 'Grüße 👋';
const evaluate = (source: string, step?: string): unknown =>
  compileCel(source).evaluate(createScope({ trigger: {}, input: { text }, steps: {}, previous: {}, round: 1, vars: {}, run: {} }, step));

describe('hashes and encodings', () => {
  it.each(['sha256', 'sha384', 'sha512', 'sha1', 'md5'])('%s is as elsewhere, in every encoding', (algorithm) => {
    const hash = createHash(algorithm).update(text);
    const hmac = createHmac(algorithm, 'key').update(text);
    expect(evaluate(`input.text.hash("${algorithm}")`)).toBe(hash.copy().digest('hex'));
    expect(evaluate(`bytes(input.text).hash("${algorithm}", "base64url")`)).toBe(hash.digest('base64url'));
    expect(evaluate(`input.text.hmac("${algorithm}", "key", "base64")`)).toBe(hmac.digest('base64'));
  });

  it('sign with a key in Base64', () => {
    const key = Buffer.from([0, 255, 1, 254]);
    const expected = createHmac('sha256', key).update(text).digest('base64');
    expect(evaluate(`input.text.hmac("sha256", "${key.toString('base64')}".base64Bytes(), "base64")`)).toBe(expected);
  });

  it.each([
    ['input.text.toBase64().fromBase64()', text],
    ['input.text.toBase64Url()', Buffer.from(text).toString('base64url')],
    ['"??>>".toBase64Url().fromBase64()', '??>>'],
    ['"_-8".base64Bytes()', '/+8='],
    ['"".fromBase64() + "".toBase64()', ''],
  ])('%s', (source, value) => {
    expect(evaluate(source)).toBe(value);
  });

  it.each([
    ['"a".hash("crc32")', '“crc32” is not a hash algorithm. Use sha256, sha384, sha512, sha1, md5.'],
    ['"a".hash("constructor")', '“constructor” is not a hash algorithm.'],
    ['"a".hash("md5", "binary")', '“binary” is not an encoding. Use hex, base64, base64url.'],
    ['"a*b".fromBase64()', '“a*b” is not Base64.'],
    ['"/w==".fromBase64()', 'fromBase64() got Base64 of something other than text. Use base64Bytes() instead.'],
  ])('%s says what is wrong', (source, message) => {
    expect(() => evaluate(source)).toThrow(message);
  });
});

describe('uuid', () => {
  it('is the same whenever a step is repeated, and different for another name, step, or run', () => {
    const made = [evaluate('uuid()', 'r1/send#1'), evaluate('uuid("a")', 'r1/send#1'), evaluate('uuid()', 'r1/send#2'), evaluate('uuid()', 'r2/send#1')];
    expect(new Set(made).size).toBe(4);
    for (const one of made) expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(evaluate('uuid()', 'r1/send#1')).toBe(made[0]);
  });

  it('is only available in a run', () => {
    expect(() => evaluate('uuid()')).toThrow('uuid() needs a run.');
  });
});
