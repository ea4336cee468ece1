import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textMessage } from '@switchyard/shared/model/chat.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/kit/fake-provider/fake-provider.ts';
import { TIMED } from '../../../test/kit/patience.ts';
import { createEgress } from '../../egress/egress.ts';
import { connections, DEFAULT_WORKSPACE as here } from '../../store/collections.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import { createModels } from './models.ts';

const secrets = {
  seal: (plain: string, recordId: string) => Buffer.from(`${recordId}|${plain}`).toString('base64'),
  open: (sealed: string, recordId: string) => {
    const [owner, ...plain] = Buffer.from(sealed, 'base64').toString().split('|');
    if (owner !== recordId) throw new Error('sealed for another record');
    return plain.join('|');
  },
};

async function start(env: Record<string, string> = {}, now = () => new Date()) {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-models-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const egress = createEgress({ allow: [] });
  const make = (more: Record<string, string> = {}) =>
    createModels({
      store,
      secrets,
      egress,
      env: { SWITCHYARD_DEMO_DELAY_MS: '0', ...env, ...more },
      clock: { now },
      modelServerPorts: [],
      admitCall: async () => {},
    });
  const models = make();
  await models.ensureDefaults(here);
  return {
    ...models,
    store,
    make,
    targets: async (name: string) => (await models.routes.get(here, name)).targets,
    ask: (route: string) =>
      models.chat(
        { route, messages: [textMessage('user', 'Hello, I am Ana')] },
        { workspaceId: here, signal: new AbortController().signal, onDelta: () => undefined },
      ),
    [Symbol.asyncDispose]: async () => {
      await egress.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Who changes routes. */
const me = { kind: 'user', id: 'ada', workspaceId: here } as const;
const atDemo = [{ connectionId: 'demo', model: 'demo' }];

describe('a fresh workspace', () => {
  test('answers both standard routes with the demo model, free and marked', async () => {
    await using models = await start();
    for (const route of ['fast', 'careful']) {
      const { answer, record } = await models.ask(route);
      expect(answer).toMatchObject({ route, demo: true, costMicros: 0, model: 'demo' });
      expect(answer.text).toContain('demo');
      expect(record).toMatchObject({ connection: 'Demo', provider: 'demo', demo: true, attempts: [{ model: 'demo' }] });
    }
  });

  test('is created once: a second start changes nothing', async () => {
    await using models = await start({ OPENAI_API_KEY: 'sk-from-environment-1234' });
    const before = await models.routes.list(here, {});
    await models.make().ensureDefaults(here);
    expect(await models.routes.list(here, {})).toEqual(before);
    expect((await models.connections.list(here, {})).items).toHaveLength(2);
  });

  test('lists the existing routes when one is unknown', async () => {
    await using models = await start();
    await expect(models.ask('carefull')).rejects.toMatchObject({
      code: 'unknown-route',
      message: expect.stringMatching(/^Model route “carefull” not found\. Existing routes: (.*, )?careful, fast(, .*)?\.$/),
    });
  });
});

// Listing models may take five seconds (automatic-routes.ts). Loading the libraries of the providers is not part of the test.
beforeAll(async () => {
  await Promise.all([import('openai'), import('@anthropic-ai/sdk')]);
});

describe('keys in the environment', TIMED, () => {
  test('create one connection each, and the first one serves the routes', async () => {
    await using models = await start({ OPENAI_API_KEY: 'sk-openai-abcdefgh1234', ANTHROPIC_API_KEY: 'sk-ant-abcdefgh5678' });
    const { items } = await models.connections.list(here, {});
    expect(items.map(({ kind, secretHint }) => [kind, secretHint]).sort()).toEqual([
      ['anthropic', '5678'],
      ['demo', null],
      ['openai', '1234'],
    ]);
    expect(await models.targets('fast')).toEqual([{ connectionId: 'openai-from-environment', model: 'gpt-4.1-mini' }]);
    expect(await models.targets('careful')).toEqual([{ connectionId: 'openai-from-environment', model: 'gpt-4.1' }]);
  });

  test('use the models of a custom base URL', async () => {
    await using fake = await startFakeProvider({ models: ['local-model'] });
    await using models = await start({ ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: fake.url });
    const { answer } = await models.ask('careful');
    expect(answer).toMatchObject({ text: 'You said: Hello, I am Ana', model: 'local-model', demo: false });
  });

  test('do not recreate a deleted connection, and update a replaced key', async () => {
    await using models = await start({ OPENAI_API_KEY: 'sk-openai-abcdefgh1234' });
    await models.make({ OPENAI_API_KEY: 'sk-openai-abcdefgh9999' }).ensureDefaults(here);
    expect(await models.connections.get(here, 'openai-from-environment')).toMatchObject({ secretHint: '9999' });
    await models.connections.delete(me, 'openai-from-environment');
    await models.make({ OPENAI_API_KEY: 'sk-openai-abcdefgh9999' }).ensureDefaults(here);
    await expect(models.connections.get(here, 'openai-from-environment')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('connections', TIMED, () => {
  test('the first real model takes over the automatic routes, and returns them when deleted', async () => {
    await using fake = await startFakeProvider({ models: ['one', 'two'] });
    await using models = await start();
    const made = await models.connections.create(me, { name: 'Mine', kind: 'openai-compatible', baseUrl: fake.openAiUrl });
    expect(await models.targets('fast')).toEqual([{ connectionId: made.id, model: 'one' }]);
    expect((await models.ask('careful')).record).toMatchObject({ connection: 'Mine', provider: 'openai-compatible', demo: false });
    await models.connections.delete(me, made.id);
    expect(await models.targets('fast')).toEqual(atDemo);
    expect(await models.targets('careful')).toEqual(atDemo);
  });

  test('a connection whose key is rejected takes over no route', async () => {
    await using fake = await startFakeProvider({ models: ['one'] });
    fake.letIn(['the-right-key']);
    await using models = await start();
    const made = await models.connections.create(me, { name: 'Mine', kind: 'openai', baseUrl: fake.openAiUrl, secret: 'a-wrong-key' });
    expect(made.health).toMatchObject({ ok: false, message: expect.stringContaining('rejected the API key') });
    expect(await models.targets('fast')).toEqual(atDemo);
    await models.connections.rotate(me, made.id, { secret: 'the-right-key' });
    expect(await models.targets('fast')).toEqual([{ connectionId: made.id, model: 'one' }]);
  });

  test('an older connection that fails its test hands the automatic routes to one that works', async () => {
    await using first = await startFakeProvider({ models: ['one'] });
    await using second = await startFakeProvider({ models: ['two'] });
    await using models = await start();
    const older = await models.connections.create(me, { name: 'Older', kind: 'openai-compatible', baseUrl: first.openAiUrl });
    const newer = await models.connections.create(me, { name: 'Newer', kind: 'openai-compatible', baseUrl: second.openAiUrl });
    expect(await models.targets('fast')).toEqual([{ connectionId: older.id, model: 'one' }]);
    first.letIn(['another-key']);
    await models.connections.test(here, older.id);
    expect(await models.targets('fast')).toEqual([{ connectionId: newer.id, model: 'two' }]);
    first.letIn(undefined);
    await models.connections.test(here, older.id);
    expect(await models.targets('fast')).toEqual([{ connectionId: older.id, model: 'one' }]);
  });

  test('a server that was down when added takes over once a test reaches it', async () => {
    const down = await startFakeProvider();
    await down.close();
    await using fake = await startFakeProvider({ models: ['one'] });
    await using models = await start();
    const made = await models.connections.create(me, { name: 'Mine', kind: 'openai-compatible', baseUrl: down.openAiUrl });
    expect(await models.targets('fast')).toEqual(atDemo);
    expect((await models.connections.test(here, made.id)).health).toMatchObject({ ok: false, message: expect.stringContaining('127.0.0.1') });
    await models.connections.update(me, made.id, { baseUrl: fake.openAiUrl });
    expect((await models.connections.test(here, made.id)).health).toMatchObject({ ok: true, models: ['one'] });
    expect(await models.targets('fast')).toEqual([{ connectionId: made.id, model: 'one' }]);
  });

  test('a call fails if its real model fails, without using the demo model', async () => {
    await using fake = await startFakeProvider();
    await using models = await start();
    await models.connections.create(me, { name: 'Mine', kind: 'openai-compatible', baseUrl: fake.openAiUrl });
    fake.failAlways({ kind: 'status', status: 500 });
    await expect(models.ask('fast')).rejects.toMatchObject({ code: 'provider-unavailable' });
  });
});

describe('secrets of connections', () => {
  test('are write-only', async () => {
    await using fake = await startFakeProvider();
    await using models = await start();
    const secret = 'sk-planted-secret-4242';
    const made = await models.connections.create(me, { name: 'Mine', kind: 'openai', baseUrl: fake.openAiUrl, secret });
    const seen = [
      made,
      await models.connections.test(here, made.id),
      await models.connections.update(me, made.id, { name: 'Ours' }),
      (await models.ask('fast')).record,
    ];
    expect(JSON.stringify(seen)).not.toContain(secret);
    expect(made).toMatchObject({ hasSecret: true, secretHint: '4242' });
    expect((await models.store.in(here).get(connections, made.id))?.sealedSecret).not.toContain(secret);
    expect(fake.calls[0]?.headers.authorization).toBe(`Bearer ${secret}`);
  });

  test('change from the next call on', async () => {
    await using fake = await startFakeProvider();
    await using models = await start();
    const made = await models.connections.create(me, { name: 'Mine', kind: 'openai-compatible', baseUrl: fake.openAiUrl, secret: 'first-secret-value' });
    await models.ask('fast');
    await models.connections.update(me, made.id, { secret: 'second-secret-value' });
    await models.ask('fast');
    expect(fake.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer first-secret-value', 'Bearer second-secret-value']);
  });

  test('do not follow to another URL', async () => {
    await using models = await start();
    const made = await models.connections.create(me, { name: 'Mine', kind: 'http', baseUrl: 'https://api.example.com/v1', secret: 'abcdefghijklmnop' });
    await expect(models.connections.update(me, made.id, { baseUrl: 'https://evil.example.net' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(models.connections.update(me, made.id, { baseUrl: 'https://api.example.com/v2' })).resolves.toMatchObject({ hasSecret: true });
  });

  test('are given to the egress only for HTTP connections', async () => {
    await using models = await start({ OPENAI_API_KEY: 'sk-openai-abcdefgh1234' });
    const auth = { scheme: 'header' as const, header: 'x-token' };
    const made = await models.connections.create(me, { name: 'CRM', kind: 'http', baseUrl: 'https://crm.example.com', secret: 'abc', auth });
    expect(await models.connections.secretOf(here, made.id)).toEqual({
      secret: 'abc',
      scheme: 'header',
      header: 'x-token',
      baseUrl: 'https://crm.example.com',
    });
    await expect(models.connections.secretOf(here, 'openai-from-environment')).rejects.toMatchObject({ code: 'unknown-secret' });
    await expect(models.connections.secretOf('other', made.id)).rejects.toMatchObject({ code: 'unknown-secret' });
  });
});

describe('deleting a connection', () => {
  const draft = { name: 'CRM', kind: 'http' as const, baseUrl: 'https://crm.example.com', secret: 'abc' };

  test('can be undone for a few seconds, with its secret and the routes that followed it', async () => {
    await using fake = await startFakeProvider();
    await using models = await start();
    const crm = await models.connections.create(me, draft);
    const model = await models.connections.create(me, { name: 'Mine', kind: 'openai-compatible', baseUrl: fake.openAiUrl });
    const before = await models.targets('fast');
    for (const { id } of [crm, model]) await models.connections.delete(me, id);
    await expect(models.connections.secretOf(here, crm.id)).rejects.toMatchObject({ code: 'unknown-secret' });
    expect(await models.targets('fast')).toEqual(atDemo);
    await expect(models.connections.undelete({ ...me, workspaceId: 'other' }, crm.id)).rejects.toMatchObject({ code: 'not-found' });
    expect(await models.connections.undelete(me, crm.id)).toEqual(crm);
    await models.connections.undelete(me, model.id);
    expect(await models.connections.secretOf(here, crm.id)).toMatchObject({ secret: 'abc' });
    expect(await models.targets('fast')).toEqual(before);
    await expect(models.connections.undelete(me, crm.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('can’t be undone later, and not while another connection has the name', async () => {
    const clock = new Date('2026-01-05T10:00:00Z');
    await using models = await start({}, () => clock);
    const crm = await models.connections.create(me, draft);
    await models.connections.delete(me, crm.id);
    const second = await models.connections.create(me, draft);
    await expect(models.connections.undelete(me, crm.id)).rejects.toMatchObject({ code: 'already-exists' });
    await models.connections.update(me, second.id, { name: 'CRM 2' });
    clock.setSeconds(clock.getSeconds() + 16);
    await expect(models.connections.undelete(me, crm.id)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('rejected changes of connections', () => {
  test('include deleting one that an edited route uses', async () => {
    await using fake = await startFakeProvider();
    await using models = await start();
    const made = await models.connections.create(me, { name: 'Mine', kind: 'openai-compatible', baseUrl: fake.openAiUrl });
    await models.routes.update(me, 'careful', { targets: [{ connectionId: made.id, model: 'two' }] });
    await expect(models.connections.delete(me, made.id)).rejects.toMatchObject({ code: 'in-use', details: { routes: ['careful'] } });
    await expect(models.connections.delete(me, 'demo')).rejects.toMatchObject({ code: 'in-use' });
  });

  test.each([
    [{ name: 'x', kind: 'openai-compatible' as const }, 'baseUrl'],
    [{ name: 'x', kind: 'openai' as const, baseUrl: 'ftp://example.com' }, 'baseUrl'],
    [{ name: 'x', kind: 'openai' as const, baseUrl: 'https://a:b@example.com' }, 'baseUrl'],
    [{ name: 'x', kind: 'openai' as const, secret: 'two\nlines' }, 'secret'],
    [{ name: 'x', kind: 'http' as const, auth: { scheme: 'header' as const } }, 'auth.header'],
    [{ name: 'x', kind: 'http' as const, secret: 'nocolon', auth: { scheme: 'basic' as const } }, 'secret'],
  ])('include %o, with the field', async (body, path) => {
    await using models = await start();
    await expect(models.connections.create(me, body)).rejects.toMatchObject({ code: 'bad-request', fields: [{ path }] });
  });

  test('include two connections of one name', async () => {
    await using models = await start();
    await models.connections.create(me, { name: 'Mine', kind: 'http' });
    await expect(models.connections.create(me, { name: 'Mine', kind: 'http' })).rejects.toMatchObject({ code: 'already-exists' });
  });
});

describe('routes', () => {
  test('an edited route follows no connection', async () => {
    await using fake = await startFakeProvider();
    await using models = await start();
    const changed = await models.routes.update(me, 'fast', { targets: [{ connectionId: 'demo', model: 'demo' }] });
    expect(changed.automatic).toBe(false);
    await models.connections.create(me, { name: 'Mine', kind: 'openai-compatible', baseUrl: fake.openAiUrl });
    expect(await models.targets('fast')).toEqual(atDemo);
    expect((await models.targets('careful'))[0]?.connectionId).not.toBe('demo');
  });

  test('the name may be sent along, but not a different one', async () => {
    await using models = await start();
    expect((await models.routes.update(me, 'fast', { name: 'fast', targets: atDemo })).name).toBe('fast');
    await expect(models.routes.update(me, 'fast', { name: 'quick', targets: atDemo })).rejects.toMatchObject({
      code: 'bad-request',
      fields: [{ path: 'name' }],
      message: expect.stringContaining('quick'),
    });
  });

  test('targets must name existing model connections', async () => {
    await using models = await start();
    const http = await models.connections.create(me, { name: 'CRM', kind: 'http' });
    for (const connectionId of ['gone', http.id]) {
      await expect(models.routes.create(me, { name: 'mine', targets: [{ connectionId, model: 'm' }] })).rejects.toMatchObject({
        code: 'bad-request',
        fields: [{ path: 'targets.0.connectionId' }],
      });
    }
  });

  test('custom routes can be created and deleted, but not the standard ones', async () => {
    await using models = await start();
    await models.routes.create(me, { name: 'mine', targets: atDemo });
    await expect(models.routes.create(me, { name: 'mine', targets: atDemo })).rejects.toMatchObject({ code: 'already-exists' });
    expect((await models.ask('mine')).answer.route).toBe('mine');
    await models.routes.delete(me, 'mine');
    await expect(models.routes.get(here, 'mine')).rejects.toMatchObject({ code: 'not-found' });
    await expect(models.routes.delete(me, 'fast')).rejects.toMatchObject({ code: 'in-use' });
  });
});
