import { describe, expect, test } from 'vitest';
import { BROKEN_HOSTS, INNER_HOSTS, OUTER_ADDRESSES } from './address-vectors.fixture.ts';
import { mayReach, parseAllowList } from './allow-list.ts';
import { createEgress } from './egress.ts';

const nothing = parseAllowList([]);
const idle = new AbortController().signal;

test('there are more than a hundred vectors', () => {
  expect(new Set(INNER_HOSTS).size).toBeGreaterThan(100);
});

describe('both clients block', () => {
  const unresolved: string[] = [];
  const egress = createEgress({
    allow: [],
    resolve: async (host) => {
      unresolved.push(host);
      return [{ address: '10.0.0.1', family: 4 }];
    },
  });
  test.each(INNER_HOSTS)('%s', async (host) => {
    const url = `http://${host}:8099/`;
    await expect(egress.send({ method: 'GET', url, headers: {}, maxBytes: 10 }, idle)).rejects.toMatchObject({
      code: 'egress-refused',
      message: expect.stringContaining('EGRESS_ALLOW'),
    });
    await expect(egress.fetchFor({ allowLoopback: false })(url)).rejects.toMatchObject({ code: 'egress-refused' });
    // A literal address must be recognized as one, and never depend on a resolver.
    expect(unresolved).toEqual([]);
  });
  test.each(BROKEN_HOSTS)('%s, which is not a host', async (host) => {
    await expect(egress.send({ method: 'GET', url: `http://${host}/`, headers: {}, maxBytes: 10 }, idle)).rejects.toMatchObject({ code: 'bad-request' });
  });
});

test.each(OUTER_ADDRESSES)('allows %s, which is public', (address) => {
  expect(mayReach({ host: 'example.com', address }, { allow: nothing, allowLoopback: false })).toBe(true);
});

test('allows nothing but loopback if only loopback is allowed', () => {
  const through = INNER_HOSTS.map((host) => new URL(`http://${host}/`).hostname).filter((host) =>
    mayReach({ host, address: host }, { allow: nothing, allowLoopback: true }),
  );
  for (const host of through) expect(host).toMatch(/^(127\.|\[::1\]|\[::ffff:7f00:1\])/);
  expect(through).toContain('127.0.0.1');
});

describe('EGRESS_ALLOW', () => {
  const allowed = (entries: string[], host: string, address: string) => mayReach({ host, address }, { allow: parseAllowList(entries), allowLoopback: false });

  test('allows a host name whatever its address, and no other name', () => {
    expect(allowed(['Intra.Example.'], 'intra.example', '10.0.0.1')).toBe(true);
    expect(allowed(['intra.example'], 'evil.intra.example', '10.0.0.1')).toBe(false);
    expect(allowed(['intra.example'], 'xintra.example', '10.0.0.1')).toBe(false);
  });

  test('allows addresses and networks by any name and notation', () => {
    expect(allowed(['10.1.2.3'], 'any', '10.1.2.3')).toBe(true);
    expect(allowed(['10.1.2.3'], 'any', '10.1.2.4')).toBe(false);
    expect(allowed(['10.0.0.0/8'], 'any', '::ffff:10.9.9.9')).toBe(true);
    expect(allowed(['10.0.0.0/8'], 'any', '11.0.0.0')).toBe(true);
    expect(allowed(['10.0.0.0/8'], 'any', '192.168.0.1')).toBe(false);
    expect(allowed(['fd00::/8'], 'any', 'fd12::1')).toBe(true);
    expect(allowed(['fd00::/8'], 'any', '10.0.0.1')).toBe(false);
    expect(allowed(['::1'], 'localhost', '::1')).toBe(true);
  });

  test.each(['http://intra', 'intra:8080', '10.0.0.0/33', '10.0.0', '*', '*.example.com', '10.0.0.1-9', 'a b', '-x', '999.1.1.1', '[::1]'])(
    '“%s” is rejected, naming the variable',
    (entry) => {
      expect(() => parseAllowList([entry])).toThrow(/EGRESS_ALLOW: “/);
    },
  );
});
