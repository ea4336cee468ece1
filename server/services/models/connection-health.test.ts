import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { textMessage } from '@switchyard/shared/model/chat.ts';
import { describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/kit/fake-provider/fake-provider.ts';
import { until } from '../../../test/kit/until.ts';
import { createEgress } from '../../egress/egress.ts';
import { openSecrets } from '../../secrets/secrets.ts';
import { DEFAULT_WORKSPACE } from '../../store/collections.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import { createModels } from './models.ts';

const me = { kind: 'user', id: 'ada', workspaceId: DEFAULT_WORKSPACE } as const;
const OLD_KEY = 'sk-old-planted-key-1111';
const NEW_KEY = 'sk-new-planted-key-2222';

/** One connection to a fake provider, and a clock controlled by the test. */
async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-health-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const egress = createEgress({ allow: [] });
  const fake = await startFakeProvider({ models: ['one', 'two'] });
  let now = Date.parse('2026-01-01T12:00:00Z');
  const secrets = openSecrets({ dataDir: folder, env: {} });
  const models = createModels({ store, secrets, egress, env: {}, clock: { now: () => new Date(now) }, modelServerPorts: [], admitCall: async () => {} });
  await models.ensureDefaults(DEFAULT_WORKSPACE);
  const { id } = await models.connections.create(me, { name: 'Mine', kind: 'openai-compatible', baseUrl: fake.openAiUrl, secret: OLD_KEY });
  const health = async () => (await models.connections.get(DEFAULT_WORKSPACE, id)).health;
  return {
    fake,
    id,
    connections: models.connections,
    health,
    /** Waits for the health written after a call: nothing else waits for it. */
    healthWhich: (what: string, is: (health: Connection['health']) => boolean) =>
      until(what, async () => {
        const found = await health();
        return is(found) ? found : undefined;
      }),
    ask: (signal = new AbortController().signal) =>
      models.chat({ route: 'fast', messages: [textMessage('user', 'Hello')] }, { workspaceId: DEFAULT_WORKSPACE, signal, onDelta: () => undefined }),
    pass: (ms: number) => {
      now += ms;
    },
    [Symbol.asyncDispose]: async () => {
      await fake.close();
      await egress.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

describe('the health of a connection', () => {
  test('is that of the last call: failing since the first failure, and well again after the next success', async () => {
    await using mine = await start();
    await mine.connections.test(DEFAULT_WORKSPACE, mine.id);
    mine.fake.letIn([NEW_KEY]);
    await expect(mine.ask()).rejects.toMatchObject({ code: 'provider-auth' });
    expect(await mine.healthWhich('a failure', (health) => health?.ok === false)).toMatchObject({
      at: '2026-01-01T12:00:00.000Z',
      failingSince: '2026-01-01T12:00:00.000Z',
      seenIn: 'call',
      models: ['one', 'two'],
    });
    mine.pass(600_000);
    await expect(mine.ask()).rejects.toMatchObject({ code: 'provider-auth' });
    const still = await mine.healthWhich('a later failure', (health) => health?.at === '2026-01-01T12:10:00.000Z');
    expect(still).toMatchObject({ ok: false, failingSince: '2026-01-01T12:00:00.000Z' });
    expect(JSON.stringify(still)).not.toContain(OLD_KEY);
    mine.fake.letIn(undefined);
    await mine.ask();
    expect(await mine.healthWhich('a recovery', (health) => health?.ok === true)).toMatchObject({ failingSince: null, seenIn: 'call', models: ['one', 'two'] });
  });

  test('keeps the start of a call’s failure when a test fails', async () => {
    await using mine = await start();
    mine.fake.letIn([]);
    await expect(mine.ask()).rejects.toMatchObject({ code: 'provider-auth' });
    await mine.healthWhich('a failure', (health) => health?.ok === false);
    mine.pass(5_000);
    const { health } = await mine.connections.test(DEFAULT_WORKSPACE, mine.id);
    expect(health).toMatchObject({ ok: false, at: '2026-01-01T12:00:05.000Z', failingSince: '2026-01-01T12:00:00.000Z', seenIn: 'test' });
    expect(JSON.stringify(health)).not.toContain(OLD_KEY);
  });

  test('is unaffected by a rejected request and a canceled run', async () => {
    await using mine = await start();
    const before = (await mine.connections.test(DEFAULT_WORKSPACE, mine.id)).health;
    mine.pass(600_000);
    mine.fake.failNext({ kind: 'status', status: 400, message: 'context too long' }, { kind: 'hang' });
    await expect(mine.ask()).rejects.toMatchObject({ code: 'provider-refused' });
    const stop = new AbortController();
    const asked = mine.ask(stop.signal);
    await mine.fake.nextCall();
    stop.abort(new Error('stopped'));
    await expect(asked).rejects.toThrow('stopped');
    // Writes are made in order, so every earlier one is done once this one is.
    await mine.connections.update(me, mine.id, { name: 'Mine still' });
    expect(await mine.health()).toEqual(before);
  });
});

describe('a new key', () => {
  test('replaces the old one after a successful test', async () => {
    await using mine = await start();
    mine.fake.letIn([OLD_KEY, NEW_KEY]);
    const rotated = await mine.connections.rotate(me, mine.id, { secret: NEW_KEY });
    expect(rotated).toMatchObject({ secretHint: '2222', health: { ok: true, models: ['one', 'two'] } });
    await mine.ask();
    expect(mine.fake.calls.at(-1)?.headers.authorization).toBe(`Bearer ${NEW_KEY}`);
  });

  test('stays unused if it is rejected: the old one remains, and neither is in the message', async () => {
    await using mine = await start();
    await mine.connections.test(DEFAULT_WORKSPACE, mine.id);
    const before = await mine.connections.get(DEFAULT_WORKSPACE, mine.id);
    mine.fake.letIn([OLD_KEY]);
    const refused = await mine.connections.rotate(me, mine.id, { secret: NEW_KEY }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'provider-auth', message: expect.stringContaining('The current secret stays in use') });
    expect(String(refused)).not.toContain(NEW_KEY);
    expect(await mine.connections.get(DEFAULT_WORKSPACE, mine.id)).toEqual(before);
    await mine.ask();
    expect(mine.fake.calls.at(-1)?.headers.authorization).toBe(`Bearer ${OLD_KEY}`);
  });

  test('replaces the old one without a test on request', async () => {
    await using mine = await start();
    await mine.fake.close();
    await expect(mine.connections.rotate(me, mine.id, { secret: NEW_KEY })).rejects.toMatchObject({ code: 'provider-unavailable' });
    expect(await mine.connections.rotate(me, mine.id, { secret: NEW_KEY, untested: true })).toMatchObject({ secretHint: '2222', health: null });
  });

  test('is rejected with its field if it can’t be sent or is for the demo', async () => {
    await using mine = await start();
    await expect(mine.connections.rotate(me, mine.id, { secret: 'two\nlines' })).rejects.toMatchObject({
      code: 'bad-request',
      fields: [{ path: 'secret' }],
    });
    await expect(mine.connections.rotate(me, 'demo', { secret: NEW_KEY })).rejects.toMatchObject({ code: 'bad-request' });
  });
});
