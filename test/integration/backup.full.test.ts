import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { getHeldRuns } from '@switchyard/shared/contracts/system.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { journalFaults } from '../kit/journal-rules.ts';
import { begin, ended, journalOf, readRun, workflowOf } from '../kit/runs.ts';
import { temporaryDir } from '../kit/server.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { storeSettingsOfProcess } from '../kit/store.ts';
import { switchyard } from '../kit/switchyard.ts';
import { until } from '../kit/until.ts';
import { atOnce } from '../soak/at-once.ts';

/*
 * A backup of a busy server that is killed meanwhile, restored elsewhere: open runs are held, and once released, each ends as it
 * would have. A receiver counts the requests of each idempotency key.
 */

const RUNS = 200;
const STEPS = ['one', 'two', 'three', 'four'];
const ENV = { EGRESS_ALLOW: '127.0.0.1' };

/** Sends one request after the other, each with its own key. */
const requestsGraph = (url: string): Graph =>
  graphOf(
    [
      messageInput(),
      ...STEPS.map((key) => node('tool', key, { url: `${url}/${key}/{{ input.message }}`, method: 'PUT' })),
      node('output', 'reply', { value: `{{ steps.four.body }}` }),
    ],
    ['start', ...STEPS, 'reply'].flatMap((key, index, keys) => (index === 0 ? [] : [edge(keys[index - 1] ?? '', key)])),
  );

/** Responds with the path after a moment. Every second run gets no response to its third request before `open`. */
async function startReceiver() {
  const keys: string[] = [];
  const kept: (() => void)[] = [];
  let isOpen = false;
  const server = createServer(({ url, headers }, response) => {
    keys.push(String(headers['idempotency-key']));
    const respond = () => response.setHeader('content-type', 'application/json').end(JSON.stringify(url));
    if (!isOpen && /three\/m\d*[13579]$/.test(url ?? '')) kept.push(respond);
    else setTimeout(respond, 250);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    open: () => {
      isOpen = true;
      for (const respond of kept.splice(0)) respond();
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const settingsOf = (dataDir: string) => ({ ...ENV, ...storeSettingsOfProcess(dataDir), DATA_DIR: dataDir });

/** The keys of all calls that have a result. */
const doneKeys = (runId: string, events: readonly JournalEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'call-finished' ? [`${runId}:${event.callId}`] : []));

async function journals(api: TestApi, ids: readonly string[]): Promise<Map<string, JournalEvent[]>> {
  const found = new Map<string, JournalEvent[]>();
  await atOnce(8, ids, async (id) => void found.set(id, await journalOf(api, id)));
  return found;
}

async function checkEnds(api: TestApi, ids: ReadonlyMap<string, string>): Promise<void> {
  await atOnce(8, ids, async ([id, message]) => {
    expect(await ended(api, id)).toMatchObject({ status: 'succeeded', output: `/four/${message}` });
    expect(journalFaults(await journalOf(api, id)), id).toEqual([]);
  });
}

test(`${RUNS} runs that were in flight during a backup end as they would have after it was restored elsewhere`, async () => {
  await using receiver = await startReceiver();
  await using here = await temporaryDir();
  await using there = await temporaryDir();
  await using folder = await temporaryDir();
  let server: ServerProcess = await startServerProcess({ dataDir: here.path, env: ENV });
  const workflowId = await workflowOf(server, requestsGraph(receiver.url));
  const messages = new Map<string, string>();
  await atOnce(
    20,
    Array.from({ length: RUNS }, (_, number) => `m${number}`),
    async (message) => {
      messages.set((await begin(server, workflowId, message)).id, message);
    },
  );
  await until('requests', () => receiver.keys.length > RUNS);
  await server.kill();
  server = await startServerProcess({ dataDir: here.path, env: ENV });
  const done = [...(await journals(server, [...messages.keys()]))].flatMap(([id, events]) => doneKeys(id, events));

  const target = join(folder.path, 'backup');
  const backingUp = switchyard(['backup', target, '--include-key'], settingsOf(here.path));
  await pause(400);
  await server.kill();
  server = await startServerProcess({ dataDir: here.path, env: ENV });
  expect(await backingUp).toMatchObject({ code: 0, output: expect.stringContaining(`Done: ${RUNS} runs`) });
  receiver.open();
  await checkEnds(server, messages);
  await server.stop();
  const sentBefore = receiver.keys.length;

  expect(await switchyard(['restore', target], settingsOf(there.path))).toMatchObject({ code: 0, output: expect.stringContaining('switchyard release-runs') });
  expect(await switchyard(['restore', target], settingsOf(there.path))).toMatchObject({ code: 1, output: expect.stringContaining('Restore into an empty') });
  await using restored = await startServerProcess({ dataDir: there.path, env: ENV });
  const { count } = await restored.call(getHeldRuns, {});
  expect(count).toBeGreaterThanOrEqual(RUNS / 2);
  const fresh = await begin(restored, workflowId, 'fresh');
  expect(await ended(restored, fresh.id)).toMatchObject({ status: 'succeeded', output: '/four/fresh' });
  const open = (await Promise.all([...messages.keys()].map((id) => readRun(restored, id)))).filter(({ status }) => !isEnded(status));
  expect(open).toHaveLength(count);
  expect(receiver.keys).toHaveLength(sentBefore + STEPS.length);

  const released = await switchyard(['release-runs'], settingsOf(there.path));
  expect(released).toMatchObject({
    code: 0,
    output: `Releasing ${count} runs that were open in the backup of ${/backup of (\S+)\./.exec(released.output)?.[1]}.\n`,
  });
  await checkEnds(restored, messages);
  const repeated = receiver.keys.slice(sentBefore);
  expect(repeated.filter((key) => done.includes(key))).toEqual([]);
  expect(new Set(repeated).size).toBe(repeated.length);
  await until('the end of the release', async () => (await restored.call(getHeldRuns, {})).backupAt === null);
});
