import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textMessage } from '@switchyard/shared/model/chat.ts';
import { describe, expect, test } from 'vitest';
import { createEgress } from '../egress/egress.ts';
import { createModels } from '../services/models/models.ts';
import { DEFAULT_WORKSPACE as here } from '../store/collections.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';

/*
 * Tests against a real model server that speaks both protocols, for example llama.cpp: TEST_LLM_URL is its URL (`/v1` is added for
 * OpenAI's). The model may be tiny and wrong; the tests check the protocol.
 */
const url = process.env.TEST_LLM_URL;
if (!url) console.info('Tests against a real model are skipped: TEST_LLM_URL is not set.');

const idle = new AbortController().signal;
const sealing = { seal: (plain: string) => plain, open: (sealed: string) => sealed };

async function start(env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-real-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const egress = createEgress({ allow: [] });
  const models = createModels({ store, secrets: sealing, egress, env, clock: { now: () => new Date() }, modelServerPorts: [], admitCall: async () => {} });
  await models.ensureDefaults(here);
  return {
    ...models,
    [Symbol.asyncDispose]: async () => {
      await egress.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const OVER_OPENAI = { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: `${url}/v1` };

describe.skipIf(!url).each([
  ['openai', OVER_OPENAI],
  ['anthropic', { ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: String(url) }],
])('a real model over the %s protocol', (kind, env) => {
  // Now and then, the model server reports no tokens of the request while it is busy.
  test('returns streamed text and counts its tokens', { retry: 2 }, async () => {
    await using models = await start(env);
    const pieces: string[] = [];
    const messages = [textMessage('system', 'You are friendly.'), textMessage('user', 'Say hello.')];
    const { answer, record } = await models.chat(
      { route: 'careful', messages, maxTokens: 30 },
      { workspaceId: here, signal: idle, onDelta: (text) => pieces.push(text) },
    );
    expect(pieces.join('')).toBe(answer.text);
    expect(pieces.length).toBeGreaterThan(1);
    expect(answer.usage.inputTokens).toBeGreaterThan(5);
    expect(answer.usage.outputTokens).toBeGreaterThan(1);
    expect(record).toMatchObject({ provider: kind, demo: false });
  });

  test('stops on abort', async () => {
    await using models = await start(env);
    const controller = new AbortController();
    const reason = new Error('stopped');
    const messages = [textMessage('user', 'Count from one to five hundred.')];
    const asked = models.chat(
      { route: 'fast', messages, maxTokens: 500 },
      { workspaceId: here, signal: controller.signal, onDelta: () => controller.abort(reason) },
    );
    await expect(asked).rejects.toBe(reason);
  });

  test('can be tested as a connection', async () => {
    await using models = await start(env);
    const tested = await models.connections.test(here, `${kind}-from-environment`);
    expect(tested.health).toMatchObject({ ok: true, models: [expect.any(String)] });
  });
});

test.skipIf(!url)('keeps a real model to a schema, over the protocol that has schemas', async () => {
  await using models = await start(OVER_OPENAI);
  const schema = {
    type: 'object',
    properties: { label: { type: 'string', enum: ['billing', 'technical'] } },
    required: ['label'],
    additionalProperties: false,
  };
  const messages = [textMessage('user', 'The app crashes when I upload a photo. Is it billing or technical?')];
  const { answer } = await models.chat({ route: 'fast', messages, maxTokens: 30, schema }, { workspaceId: here, signal: idle, onDelta: () => undefined });
  expect(['billing', 'technical']).toContain((answer.value as { label: string }).label);
});
