import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { DatabaseRequest } from '@switchyard/nodes/sdk/database.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { createEgress } from '../../egress/egress.ts';
import { freshDatabase } from '../../store/mongo/mongo-home.fixture.ts';
import type { DatabaseTarget } from './database-target.ts';
import { checkDatabase, createDatabases } from './databases.ts';

/* On real servers: the MongoDB and the Redis of the other tests, and a PostgreSQL at TEST_POSTGRES_URL, or on its usual test port. */

const { TEST_MONGODB_URI: MONGODB, TEST_REDIS_URL: REDIS } = process.env;
const POSTGRES = new URL(process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:55432/postgres');

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
const hasPostgres = await answers(Number(POSTGRES.port));

const egress = createEgress({ allow: ['127.0.0.1'] });
const askDatabase = createDatabases(egress);
const idle = new AbortController().signal;
const asker =
  (target: DatabaseTarget) =>
  (statement: string, parameters: unknown[] = [], more: Partial<DatabaseRequest> = {}, signal = idle) =>
    askDatabase(
      target,
      { connectionId: 'con_1', statement, parameters, readOnly: true, maxRows: 100, maxBytes: 1_000_000, timeoutMs: 20_000, ...more },
      signal,
    );
const WRITING = { readOnly: false };
const unique = () => `test_${randomBytes(6).toString('hex')}`;

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  const user = POSTGRES.username || 'postgres';
  const url = `postgres://${user}@${POSTGRES.host}${POSTGRES.pathname}?sslmode=disable`;
  const target: DatabaseTarget = { name: 'Shop', kind: 'postgresql', url, secret: POSTGRES.password || null };
  const ask = asker(target);

  test('binds parameters as values, and reads types as JSON', async () => {
    const hostile = "x'; DROP TABLE orders; --";
    const { rows } = await ask(
      `SELECT $1::text AS text, $2::int AS n, $3::boolean AS b, $4::jsonb AS j, 9007199254740993::bigint AS big, 1.50::numeric AS price,
        '2027-01-31'::date AS day, '2027-01-31T10:00:00+02'::timestamptz AS at, ARRAY['a,b', NULL, 'c"d'] AS list, 'NaN'::float8 AS nan, NULL AS none`,
      [hostile, 7, true, { a: [1, 9007199254740991] }],
    );
    expect(rows).toEqual([
      {
        text: hostile,
        n: 7,
        b: true,
        j: { a: [1, 9007199254740991] },
        big: '9007199254740993',
        price: 1.5,
        day: '2027-01-31',
        at: '2027-01-31T08:00:00.000Z',
        list: ['a,b', null, 'c"d'],
        nan: 'NaN',
        none: null,
      },
    ]);
  });

  test('changes data only if it may, as a whole or not at all', async () => {
    const table = unique();
    await ask(`CREATE TABLE ${table} (id int PRIMARY KEY)`, [], WRITING);
    try {
      expect(await ask(`INSERT INTO ${table} SELECT generate_series(1, 3)`, [], WRITING)).toMatchObject({ rows: [], count: 3 });
      await expect(ask(`DELETE FROM ${table}`)).rejects.toMatchObject({
        code: 'node-failed',
        beforeEffect: true,
        message: expect.stringContaining('The node is read-only'),
      });
      for (const hostile of [`COMMIT; DELETE FROM ${table}`, `SELECT 1; DELETE FROM ${table}`])
        await expect(ask(hostile)).rejects.toMatchObject({ code: 'node-failed' });
      await ask('COMMIT');
      await expect(ask(`INSERT INTO ${table} VALUES (4), (1)`, [], WRITING)).rejects.toMatchObject({ beforeEffect: true });
      expect(await ask(`UPDATE ${table} SET id = id + 10 WHERE id > $1 RETURNING id`, [1], WRITING)).toMatchObject({
        rows: [{ id: 12 }, { id: 13 }],
        count: 2,
      });
      expect((await ask(`SELECT count(*) AS n FROM ${table}`)).rows).toEqual([{ n: 3 }]);
    } finally {
      await ask(`DROP TABLE ${table}`, [], WRITING);
    }
  });

  test('limits rows, bytes, and time, and says so', async () => {
    expect(await ask('SELECT generate_series(1, 1000) AS n', [], { maxRows: 3 })).toMatchObject({
      rows: [{ n: 1 }, { n: 2 }, { n: 3 }],
      count: 3,
      truncated: true,
    });
    expect((await ask('SELECT generate_series(1, 3) AS n', [], { maxRows: 3 })).truncated).toBe(false);
    expect(await ask("SELECT repeat('x', 400) AS x FROM generate_series(1, 1000)", [], { maxBytes: 1_000 })).toMatchObject({ count: 2, truncated: true });
    await expect(ask("SELECT repeat('x', 5000000)", [], { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'response-too-large' });
    await expect(ask('SELECT pg_sleep(60)', [], { timeoutMs: 300 })).rejects.toMatchObject({ code: 'timeout', beforeEffect: true });
    const stop = new AbortController();
    const asked = ask('SELECT pg_sleep(60)', [], {}, stop.signal);
    setImmediate(() => stop.abort(new Error('stopped')));
    await expect(asked).rejects.toThrow('stopped');
  });

  test('errors are plain: the statement, a parameter, the database, TLS', async () => {
    await expect(ask('SELECT * FROM missing_table')).rejects.toMatchObject({
      message: '“Shop” rejected the statement: relation "missing_table" does not exist.',
    });
    await expect(ask('SELECT $2', ['a'])).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('$2') });
    await expect(asker({ ...target, url: url.replace('/postgres?', '/nowhere?') })('SELECT 1')).rejects.toMatchObject({
      code: 'connect-failed',
      beforeEffect: true,
    });
    await expect(asker({ ...target, url: url.replace('disable', 'verify-full') })('SELECT 1')).rejects.toMatchObject({ code: 'connect-failed' });
    expect(await checkDatabase(egress, target, idle)).toMatch(/^PostgreSQL \d+/);
  });
});

describe.skipIf(!MONGODB)('MongoDB', () => {
  const database = freshDatabase(MONGODB ?? '');
  afterAll(() => MONGODB && database[Symbol.asyncDispose]());
  const target: DatabaseTarget = { name: 'Shop', kind: 'mongodb', url: database.uri, secret: null };
  const ask = asker(target);
  const json = (command: object) => JSON.stringify(command);

  test('finds and changes documents, with bound parameters', async () => {
    const at = '2027-01-31T08:00:00.000Z';
    const documents = [
      { _id: 'a', total: 1, at: { $date: '$1' }, big: { $numberLong: '9007199254740993' } },
      { _id: 'b', total: 2 },
    ];
    expect(await ask(json({ insert: 'orders', documents }), [at], WRITING)).toMatchObject({ count: 2 });
    expect(await ask(json({ find: 'orders', filter: { total: { $gte: '$1' } }, sort: { _id: 1 } }), [1])).toMatchObject({
      rows: [
        { _id: 'a', total: 1, at, big: '9007199254740993' },
        { _id: 'b', total: 2 },
      ],
      count: 2,
      truncated: false,
    });
    expect(await ask(json({ find: 'orders', sort: { _id: 1 } }), [], { maxRows: 1 })).toMatchObject({ rows: [{ _id: 'a' }], truncated: true });
    expect(await ask(json({ aggregate: 'orders', pipeline: [{ $group: { _id: null, sum: { $sum: '$total' } } }] }))).toMatchObject({ rows: [{ sum: 3 }] });
    expect(await ask(json({ update: 'orders', updates: [{ q: { _id: '$1' }, u: { $set: { total: '$2' } } }] }), ['a', 5], WRITING)).toMatchObject({ count: 1 });
    await expect(ask(json({ insert: 'orders', documents: [{ _id: 'a' }] }), [], WRITING)).rejects.toMatchObject({ code: 'node-failed' });
    expect(await ask(json({ count: 'orders' }))).toMatchObject({ rows: [{ count: 2 }] });
    await ask(json({ delete: 'orders', deletes: [{ q: {}, limit: 0 }] }), [], WRITING);
    expect(await checkDatabase(egress, target, idle)).toMatch(/^MongoDB \d/);
  });

  test('rejects changes of a read-only node, scripts, other commands, and operators in parameters', async () => {
    const rejected = async (command: object | string, parameters: unknown[] = [], more = {}) =>
      ask(typeof command === 'string' ? command : json(command), parameters, more).then(
        () => 'accepted',
        (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
      );
    expect(await rejected({ delete: 'orders', deletes: [] })).toContain('read-only');
    expect(await rejected({ aggregate: 'orders', pipeline: [{ $lookup: { from: 'x', pipeline: [{ $out: 'y' }] } }] })).toContain('read-only');
    expect(await rejected({ find: 'orders', filter: { $where: 'sleep(1)' } })).toContain('JavaScript');
    expect(await rejected({ dropDatabase: 1 }, [], WRITING)).toContain('must start with one of');
    expect(await rejected({ find: 'orders', $db: 'admin' })).toContain('can’t have “$db”');
    expect(await rejected({ find: 'orders', filter: { _id: '$1' } }, [{ $ne: null }])).toContain('operator');
    expect(await rejected('{"find":')).toContain('must be JSON');
  });
});

describe.skipIf(!REDIS)('Redis', () => {
  const target: DatabaseTarget = { name: 'Cache', kind: 'redis', url: (REDIS ?? '').replace(/\/$/, ''), secret: null };
  const ask = asker(target);

  test('performs commands with bound parameters, and keeps large integers', async () => {
    const key = unique();
    try {
      const hostile = 'a b" \r\nFLUSHALL';
      expect(await ask('HSET $1 name $2 "two words" "x y"', [key, hostile], WRITING)).toMatchObject({ value: 2 });
      expect(await ask('HGET $1 name', [key])).toMatchObject({ value: hostile, truncated: false });
      expect((await ask('HGETALL $1', [key])).value).toEqual({ name: hostile, 'two words': 'x y' });
      expect(await ask('HKEYS $1', [key], { maxRows: 1 })).toMatchObject({ rows: ['name'], count: 1, truncated: true });
      await ask('SET $1:n 9007199254740992', [key], WRITING);
      expect((await ask('INCR $1:n', [key], WRITING)).value).toBe('9007199254740993');
      expect((await ask('GET missing:$1', [key])).value).toBeNull();
      await expect(ask('LPUSH $1 x', [key], WRITING)).rejects.toMatchObject({ code: 'node-failed', message: expect.stringContaining('WRONGTYPE') });
      await expect(ask('GET $1:n', [key], { maxBytes: 1 })).resolves.toMatchObject({ value: null, truncated: true });
    } finally {
      await ask('DEL $1 $1:n', [key], WRITING);
    }
    expect(await checkDatabase(egress, target, idle)).toMatch(/^Redis \d/);
  });

  test.each([
    ['SET a b', 'read-only'],
    ['EVAL "return 1" 0', 'read-only'],
    ['CONFIG GET dir', 'can’t be used here'],
    ['CLIENT LIST', 'can’t be used here'],
    ['BLPOP list 0', 'can’t be used here'],
    ['SUBSCRIBE a', 'can’t be used here'],
    ['NOTHING', 'no command'],
    ['GET "a', 'quote'],
    ['$1 a', 'can’t be a parameter'],
  ])('rejects %s', async (statement, message) => {
    await expect(ask(statement, ['FLUSHALL'])).rejects.toMatchObject({ code: 'bad-request', beforeEffect: true, message: expect.stringContaining(message) });
  });
});

test.each<[DatabaseTarget['kind'], string]>([
  ['postgresql', 'postgres://10.0.0.1/x'],
  ['postgresql', 'postgres://[::1]/x'],
  ['mongodb', 'mongodb://localhost:1,169.254.169.254/x'],
  ['redis', 'redis://[::ffff:127.0.0.1]'],
])('blocks private addresses: %s at %s', async (kind, url) => {
  const strict = createEgress({ allow: [], resolve: async () => [{ address: '192.168.0.1', family: 4 }] });
  const asked = createDatabases(strict)(
    { name: 'Inner', kind, url, secret: null },
    { ...BLOCKED, statement: kind === 'mongodb' ? '{"find": "x"}' : 'GET a' },
    idle,
  );
  await expect(asked).rejects.toMatchObject({ code: 'egress-refused', message: expect.stringContaining('EGRESS_ALLOW') });
});
const BLOCKED = { connectionId: 'con_1', parameters: [], readOnly: true, maxRows: 1, maxBytes: 1_000, timeoutMs: 1_000 };
