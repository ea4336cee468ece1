import { createConnection, testConnection, updateConnection } from '@switchyard/shared/contracts/models.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { runOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

const REDIS = process.env.TEST_REDIS_URL;

const asking = (params: Record<string, unknown>) =>
  graphOf(
    [messageInput(), node('database', 'ask', params), node('output', 'reply', { value: '{{ steps.ask }}' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );

test.skipIf(!REDIS)('a run asks a database over its connection, which is tested when it is entered', async () => {
  await using server = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  const redis = await server.call(createConnection, { body: { name: 'Cache', kind: 'redis', baseUrl: REDIS ?? '' } });
  expect(redis.health).toMatchObject({ ok: true, message: expect.stringMatching(/^Redis \d/) });
  expect((await server.call(testConnection, { params: { id: redis.id } })).health).toMatchObject({ ok: true });
  const run = await runOf(server, asking({ connectionId: redis.id, statement: 'ECHO $1', parameters: ['{{ input.message }}'] }));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'bad-request', message: expect.stringContaining('read-only') } });
  const writing = await runOf(server, asking({ connectionId: redis.id, statement: 'ECHO "a $1"', parameters: ['{{ input.message }}'], readOnly: false }));
  expect(writing).toMatchObject({ status: 'succeeded', output: { value: expect.stringMatching(/^a ./), rows: [], truncated: false } });
});

test('a connection to a database is validated, and its secret belongs to its host', async () => {
  await using server = await startTestServer();
  const body = { name: 'Shop', kind: 'postgresql' as const };
  const refused = async (more: object) => (await server.refused(createConnection, { body: { ...body, ...more } })).detail;
  expect(await refused({})).toContain('must be the URL of the server');
  expect(await refused({ baseUrl: 'https://db.example.com/x' })).toContain('must be the URL of the server, for example postgres://');
  expect(await refused({ baseUrl: 'postgres://user:pass@db.example.com/x' })).toContain('must not contain a password');
  expect(await refused({ baseUrl: 'postgres://db.example.com/' })).toContain('must name the database');
  const { id, health, hasSecret } = await server.call(createConnection, { body: { ...body, baseUrl: 'postgres://user@10.0.0.1/x', secret: 'pass' } });
  expect([hasSecret, health]).toMatchObject([true, { ok: false, message: expect.stringContaining('EGRESS_ALLOW=10.0.0.1') }]);
  expect(await server.refused(updateConnection, { params: { id }, body: { baseUrl: 'postgres://user@10.0.0.2/x' } })).toMatchObject({ code: 'bad-request' });
  const run = await runOf(server, asking({ connectionId: id, statement: 'SELECT 1' }));
  expect(run.error).toMatchObject({ code: 'egress-refused' });
});
