import { listChangeActors, listChanges } from '@switchyard/shared/contracts/changes.ts';
import { createConnection, deleteConnection, rotateConnection, undeleteConnection, updateConnection } from '@switchyard/shared/contracts/models.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const SECRETS = ['first-secret-of-crm-aaaa', 'second-secret-of-crm-bbbb', 'third-secret-of-crm-cccc'] as const;
const draft = { name: 'CRM', kind: 'http', baseUrl: 'https://crm.example.com', secret: SECRETS[0] } as const;
const changesOf = async (id: string) => (await server.call(listChanges, { query: { subject: `connection:${id}` } })).items.toReversed();

test('every change of a connection is recorded with its reason, and without secrets', async () => {
  const { id } = await server.call(createConnection, { body: { ...draft, reason: 'New CRM' } });
  await server.call(updateConnection, { params: { id }, body: { name: 'CRM Europe', reason: 'Renamed' } });
  await server.call(updateConnection, { params: { id }, body: { secret: SECRETS[1] } });
  await server.call(rotateConnection, { params: { id }, body: { secret: SECRETS[2], reason: 'Leaked' } });
  await server.call(deleteConnection, { params: { id }, query: { reason: 'Unused' } });
  await server.call(undeleteConnection, { params: { id } });
  await server.call(updateConnection, { params: { id }, body: { secret: '' } });

  const changes = await changesOf(id);
  const view = { kind: 'http', baseUrl: 'https://crm.example.com', auth: { scheme: 'bearer' }, limits: null };
  expect(changes.map(({ action, reason, applied }) => [action, reason, applied])).toEqual([
    ['create', 'New CRM', true],
    ['update', 'Renamed', true],
    ['update', null, true],
    ['replace-secret', 'Leaked', true],
    ['delete', 'Unused', true],
    ['undelete', null, true],
    ['update', null, true],
  ]);
  expect(changes[0]).toMatchObject({ actor: { kind: 'user', id: 'owner' }, before: null, after: { ...view, name: 'CRM', secret: 'set' } });
  expect(changes[1]).toMatchObject({ before: { name: 'CRM' }, after: { name: 'CRM Europe' } });
  expect(changes.slice(2).map(({ before, after }) => [before, after].map((one) => (one as { secret: string } | null)?.secret))).toEqual([
    ['set', 'replaced'],
    ['set', 'replaced'],
    ['set', undefined],
    [undefined, 'set'],
    ['set', 'none'],
  ]);
  const text = JSON.stringify(changes);
  for (const secret of SECRETS) for (const part of [secret, secret.slice(-4)]) expect(text).not.toContain(part);
});

test('a rejected or empty change leaves no record', async () => {
  const { id } = await server.call(createConnection, { body: { ...draft, name: 'Mail' } });
  const taken = await server.send('POST', '/api/connections', { body: { ...draft, name: 'Mail' } });
  expect(taken.json).toMatchObject({ status: 409, code: 'already-exists' });
  const { id: other } = await server.call(createConnection, { body: { ...draft, name: 'Letters' } });
  const renamed = await server.send('PATCH', `/api/connections/${other}`, { body: { name: 'Mail' } });
  expect(renamed.json).toMatchObject({ status: 409, code: 'already-exists' });
  await server.call(updateConnection, { params: { id }, body: { name: 'Mail' } });
  expect((await changesOf(id)).map(({ action }) => action)).toEqual(['create']);
  expect((await server.call(listChanges, { query: { subject: 'connection' } })).items.every(({ applied }) => applied)).toBe(true);
});

test('lists everyone who made changes once, and filters by them', async () => {
  const { items } = await server.call(listChangeActors, {});
  expect(items).toEqual([
    { kind: 'user', id: 'owner' },
    { kind: 'system', id: 'startup' },
  ]);
  const byStartup = await server.call(listChanges, { query: { actor: 'startup' } });
  expect(byStartup.items.map(({ actor }) => actor.id)).toEqual(byStartup.items.map(() => 'startup'));
  expect(byStartup.items.map(({ subject }) => subject)).toContainEqual({ kind: 'connection', id: 'demo' });
});
