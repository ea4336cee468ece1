import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import type { Config } from '../config.ts';
import { createAddressOf } from './client-address.ts';

const addressOf = (trustProxy: Config['trustProxy'], remoteAddress: string, forwarded?: string): string =>
  createAddressOf(trustProxy)({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage);

test('believes a client’s own address only from a trusted proxy', () => {
  expect(addressOf(false, '10.0.0.1', '1.2.3.4')).toBe('10.0.0.1');
  expect(addressOf(1, '10.0.0.1', '6.6.6.6, 1.2.3.4')).toBe('1.2.3.4');
  expect(addressOf(['10.0.0.0/8'], '10.0.0.1', '6.6.6.6, 10.0.0.2')).toBe('6.6.6.6');
  expect(addressOf(['10.0.0.0/8'], '9.9.9.9', '6.6.6.6')).toBe('9.9.9.9');
  expect(addressOf(1, '10.0.0.1', 'nonsense')).toBe('10.0.0.1');
  expect(addressOf(1, '10.0.0.1')).toBe('10.0.0.1');
});

test('counts an IPv6 client by its network, and a mapped IPv4 address as itself', () => {
  expect(addressOf(false, '2001:db8::1')).toBe(addressOf(false, '2001:db8::2'));
  expect(addressOf(false, '2001:db8::1')).not.toBe(addressOf(false, '2001:db8:0:1::1'));
  expect(addressOf(false, '::ffff:10.0.0.1')).toBe('10.0.0.1');
});
