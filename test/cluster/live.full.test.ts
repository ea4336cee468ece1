import { wipeKeys } from '@switchyard/server/cluster/test-redis.fixture.ts';
import { openBreakableProxy } from '@switchyard/server/store/mongo/breakable-proxy.fixture.ts';
import { freshDatabase, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { signOut } from '@switchyard/shared/contracts/sign-in.ts';
import { getReady } from '@switchyard/shared/contracts/system.ts';
import { listenWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { getWorkflow, pauseWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEvents } from '../kit/events.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { connectPage as connectSocket } from '../kit/page-socket.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { PASSWORD, signedIn } from '../kit/signed-in.ts';
import { until } from '../kit/until.ts';
import { connectPage, watch, watchRun } from '../kit/watcher.ts';

/* Two processes that serve pages and callers, and one that drives runs: changes on one are seen on the other. */

const { TEST_REDIS_URL } = process.env;

const streaming = (): Graph =>
  graphOf(
    [messageInput(), node('prompt', 'ask', { message: '{{ input.message }}', route: 'fast' }), node('output', 'reply', { value: '{{ steps.ask.text }}' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
const post = (url: string, message: string) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) });

describe.skipIf(!TEST_MONGODB_URI || !TEST_REDIS_URL)('pages and callers of several processes', () => {
  let database: ReturnType<typeof freshDatabase>;
  let redis: Awaited<ReturnType<typeof openBreakableProxy>>;
  let processes: ServerProcess[] = [];

  const start = (ROLE: string, more: Readonly<Record<string, string>> = {}): Promise<ServerProcess> =>
    startServerProcess({
      env: { ROLE, MONGODB_URI: database.uri, REDIS_URL: redis.uri, SWITCHYARD_SECRET_KEY: '0'.repeat(64), SWITCHYARD_DEMO_DELAY_MS: '600', ...more },
    });
  const [first, second] = [0, 1].map((index) => (): ServerProcess => processes[index] as ServerProcess) as [() => ServerProcess, () => ServerProcess];
  /** The address of a webhook at the other process. */
  const at = (server: ServerProcess, url: string): string => `${server.base}${new URL(url).pathname}`;

  /** Prefix of the keys of this installation. */
  const prefix = async (): Promise<string> => `switchyard:${/installationId[^}]*?([0-9a-f-]{36})/.exec(await database.dump())?.[1]}`;

  beforeAll(async () => {
    database = freshDatabase(TEST_MONGODB_URI ?? '');
    redis = await openBreakableProxy(TEST_REDIS_URL ?? '');
    processes = [await start('web'), await start('web'), await start('worker')];
  });
  afterAll(async () => {
    for (const process of processes) await process[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
    await wipeKeys(await prefix());
    await database?.[Symbol.asyncDispose]();
  });

  test('a caller gets the text as it is generated, and a page elsewhere every event once', async () => {
    const { url } = await publishedWorkflow(first(), streaming(), { mode: 'stream' });
    const reply = await post(url, 'Where is my order?');
    await using watcher = await watchRun(second().base, reply.headers.get('x-run-id') ?? '');
    const events = await readEvents(reply);
    const deltas = events.filter(({ event }) => event === 'delta');
    expect(deltas.length).toBeGreaterThan(1);
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { value: deltas.map(({ data }) => data.text).join('') } });
    await until('the page to see the end', () => watcher.state.status === 'succeeded');
    expect(watcher.events.map(({ seq }) => seq)).toEqual(watcher.events.map((_, index) => index + 1));
    expect(watcher.deltas.length).toBeGreaterThan(0);
  });

  test('a client of the OpenAI API gets the text as it is generated', async () => {
    const { id } = await publishedWorkflow(first(), streaming());
    const { slug } = await first().call(getWorkflow, { params: { id } });
    const { text } = await first().send('POST', '/v1/chat/completions', {
      body: { model: `workflow/${slug}`, messages: [{ role: 'user', content: 'Where is my order?' }], stream: true },
    });
    const chunks = text.split('\n').filter((line) => line.startsWith('data: {'));
    expect(chunks.filter((line) => line.includes('"content"')).length).toBeGreaterThan(2);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  test('a page elsewhere learns that it may have missed changes', async () => {
    using page = connectSocket(second().base);
    const missed = new Promise((resolve) => page.once('missed', () => resolve(undefined)));
    await redis.cut();
    await until('Redis to be away', async () => (await second().call(getReady, {})).redis?.state === 'away').finally(redis.mend);
    await missed;
  });

  test('a request to a test URL of one process is shown to the listener at the other', async () => {
    const { id, testUrl } = await publishedWorkflow(first(), echoGraph());
    const listening = second().call(listenWebhook, { params: { id }, body: { timeoutMs: 20_000 } });
    let isDone = false;
    void listening.finally(() => {
      isDone = true;
    });
    await until('the request to be captured', async () => {
      await post(testUrl, 'caught');
      return isDone;
    });
    expect((await listening).call).toMatchObject({ body: { message: 'caught' }, runId: expect.stringMatching(/^run_/) });
  });

  test('a pause takes effect at the other process, with and without Redis', async () => {
    const pausedAt = async (): Promise<number> => {
      const { id, url } = await publishedWorkflow(first(), echoGraph(), { mode: 'accepted' });
      const status = async () => (await post(at(second(), url), 'hi')).status;
      // From now on, the second process has the webhook in memory, for 5 s.
      expect(await status()).toBe(202);
      await first().call(pauseWorkflow, { params: { id }, body: {} });
      const began = performance.now();
      await until('the pause to take effect', async () => (await status()) === 503);
      return performance.now() - began;
    };
    expect(await pausedAt()).toBeLessThan(4_000);
    await redis.cut();
    try {
      await until('Redis to be away', async () => (await first().call(getReady, {})).redis?.state === 'away');
      expect(await pausedAt()).toBeLessThan(4_000);
    } finally {
      await redis.mend();
    }
    await until('Redis to be connected', async () => (await first().call(getReady, {})).redis?.state === 'connected');
  });

  test('a caller gets the response while Redis is away, because processes look instead of being told', async () => {
    const { url } = await publishedWorkflow(first(), echoGraph());
    await redis.cut();
    try {
      await until('Redis to be away', async () => (await first().call(getReady, {})).redis?.state === 'away');
      expect((await post(url, 'hi')).status).toBe(200);
    } finally {
      await redis.mend();
    }
  });

  test('runs are driven although Redis loses its data', async () => {
    const { id, url } = await publishedWorkflow(first(), echoGraph(), { mode: 'accepted' });
    let wiped = 0;
    for (let count = 1; count <= 40; count++) {
      expect((await post(url, `hi ${count}`)).status).toBe(202);
      if (count % 15 === 0) wiped += await wipeKeys(await prefix());
    }
    expect(wiped).toBeGreaterThan(0);
    await until('all runs to succeed', async () => {
      const { items } = await second().call(listRuns, { query: { workflowId: id, status: 'succeeded', limit: 50 } });
      return items.length === 40;
    });
  });

  test('a page at another process is disconnected when its session ends, with and without Redis', async () => {
    const withPassword = [await start('web', { SWITCHYARD_PASSWORD: PASSWORD }), await start('web', { SWITCHYARD_PASSWORD: PASSWORD })] as const;
    const [here, there] = withPassword;
    const isCutAfter = async (): Promise<void> => {
      const headers = await signedIn(here);
      const page = await connectPage(there.base, headers);
      const gone = new Promise((resolve) => page.once('disconnect', resolve));
      // A new page is checked once more, which must not be what disconnects it.
      for (let count = 0; count < 5; count++) await watch(page, 'run_none', 1);
      const { status } = await here.send('DELETE', signOut.path, { headers });
      expect(status).toBeLessThan(300);
      await gone;
    };
    try {
      await isCutAfter();
      await redis.cut();
      await isCutAfter();
    } finally {
      await redis.mend();
      for (const process of withPassword) await process[Symbol.asyncDispose]();
    }
  });
});
