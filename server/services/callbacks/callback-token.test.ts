import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { callbackToken, readCallbackToken } from './callback-token.ts';

const keyed = (key: string) => ({
  keyedHash: (purpose: string, value: string | Uint8Array) => createHmac('sha256', `${key} ${purpose}`).update(value).digest(),
});
const secrets = keyed('ours');
const place = { workspaceId: 'home', runId: 'run_1', waitId: 'each#1[3]/ask#2/wait:1' };

it('names the wait it is for, and is the same each time', () => {
  const token = callbackToken(secrets, place);
  expect(token).toMatch(/^[\w-]+\.[\w-]{43}$/);
  expect(callbackToken(secrets, place)).toBe(token);
  expect(readCallbackToken(secrets, token)).toEqual(place);
});

it.each([
  ['nothing', ''],
  ['only a dot', '.'],
  ['no proof', callbackToken(secrets, place).split('.')[0] ?? ''],
  ['the proof of another wait', `${callbackToken(secrets, { ...place, waitId: 'x#1/wait:1' }).split('.')[0]}.${callbackToken(secrets, place).split('.')[1]}`],
  ['the key of another installation', callbackToken(keyed('theirs'), place)],
  ['more behind it', `${callbackToken(secrets, place)}.x`],
  ['much too long', 'a'.repeat(100_000)],
])('a token with %s is unknown', (_, token) => {
  expect(readCallbackToken(secrets, token)).toBeUndefined();
});
