import { expect, it } from 'vitest';
import { createCookieJar } from './cookie-jar.ts';

const home = new URL('https://a.example/x');
const filled = (...lines: string[]) => {
  const jar = createCookieJar(home, { old: '1' });
  jar.keep(home, lines);
  return jar;
};

it.each([
  ['sets a cookie', 'session=abc; Path=/; HttpOnly; Secure', { old: '1', session: 'abc' }],
  ['replaces one', 'old=2', { old: '2' }],
  ['deletes one by age', 'old=x; Max-Age=0', {}],
  ['deletes one by date', 'old=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT', {}],
  ['ignores what is no cookie', '; ; =x', { old: '1' }],
  ['ignores a line break', 'a=b\r\nset-cookie: c=d', { old: '1' }],
  ['ignores one that is too long', `a=${'x'.repeat(5_000)}`, { old: '1' }],
])('%s', (_, line, cookies) => {
  expect(filled(line).of(home)).toEqual(cookies);
});

it('sends a cookie only to the origin that set it, after those of the request', () => {
  const jar = filled('session=abc; Domain=example');
  expect(jar.headerFor(home, { Cookie: 'mine=1' })).toBe('mine=1; old=1; session=abc');
  for (const other of ['https://b.example/', 'http://a.example/', 'https://a.example:8443/']) expect(jar.headerFor(new URL(other), {})).toBeUndefined();
});

it('takes no secure cookie over plain HTTP', () => {
  const plain = new URL('http://a.example/');
  const jar = createCookieJar(plain, {});
  jar.keep(plain, ['session=abc; Secure', 'other=1']);
  expect(jar.of(plain)).toEqual({ other: '1' });
});
