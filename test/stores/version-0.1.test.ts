import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journalFaults } from '../kit/journal-rules.ts';
import { ended, journalOf, stepOf, whenRun } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { ON_MONGODB } from '../kit/store.ts';

/*
 * The data of version 0.1, as it was on disk after `kill -9`: version-0.1.sql is a dump of its database. Its runs were waiting for a
 * receiver, a retry, a delay, and people.
 */

const RUNS = {
  put: 'run_0mx2dkhtcfqq5q6bdhup9c7l0',
  keyedPost: 'run_0mx2dkih1qbpij32agnnvd58m',
  unsafePost: 'run_0mx2dkimc989ibqse5hupim49',
  retry: 'run_0mx2dkio27ho085bo0oel4l4k',
  review: 'run_0mx2dkirudm3kph26hdme7f0e',
  sentBack: 'run_0mx2dkithtb9gl2hh15gg7ajp',
  delay: 'run_0mx2dkiunnpnlrv8qgcmc40m3',
};
/** The receiver of the requests in the dump. */
const RECEIVER = '127.0.0.1:45673';

describe.skipIf(ON_MONGODB)('a data directory of version 0.1', () => {
  const requests: { path: string; key: string | undefined }[] = [];
  const receiver = createServer(({ url = '', headers }, response) => {
    requests.push({ path: url, key: headers['idempotency-key']?.toString() });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"done":true}');
  });
  const keysAt = (path: string) => requests.filter((request) => request.path === path).map(({ key }) => key);
  let dir: Awaited<ReturnType<typeof temporaryDir>>;
  let server: TestServer;

  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    dir = await temporaryDir();
    const sql = await readFile(join(import.meta.dirname, 'version-0.1.sql'), 'utf8');
    const database = new DatabaseSync(join(dir.path, 'switchyard.db'));
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(sql.replaceAll(RECEIVER, `127.0.0.1:${(receiver.address() as AddressInfo).port}`));
    database.close();
    server = await startTestServer({ dataDir: dir.path, env: { EGRESS_ALLOW: '127.0.0.1' } });
  });

  afterAll(async () => {
    await server?.stop();
    receiver.close();
    await dir?.[Symbol.asyncDispose]();
  });

  const decide = async (runId: string, decision: string, values?: Record<string, unknown>) => {
    const { items } = await server.call(listReviews, { query: { runId, status: 'open' } });
    expect(items).toHaveLength(1);
    await server.call(decideReview, { params: { id: items[0]?.id ?? '' }, body: { decision, ...(values && { values }) } });
    return items[0];
  };
  const endedWell = async (runId: string) => {
    const run = await ended(server, runId);
    expect(run).toMatchObject({ status: 'succeeded', error: null });
    expect(journalFaults(await journalOf(server, runId))).toEqual([]);
    return run;
  };

  test.each([
    ['PUT', RUNS.put, '/put'],
    ['keyed POST', RUNS.keyedPost, '/keyed'],
  ])('sends an interrupted %s again, with the key that the receiver has seen', async (_, runId, path) => {
    const run = await endedWell(runId);
    expect(run.output).toEqual({ done: true });
    expect(stepOf(run, 'fetch')).toMatchObject({ id: 'fetch#1', attempts: { length: 2 }, calls: [{ id: 'fetch#1/http/0', status: 'succeeded' }] });
    expect(keysAt(path)).toEqual([`${runId}:fetch#1`]);
  });

  test('asks a person about an interrupted unsafe request, and sends it with the same key', async () => {
    await whenRun(server, RUNS.unsafePost, 'waiting', ({ status }) => status === 'waiting');
    expect(keysAt('/post')).toEqual([]);
    expect(await decide(RUNS.unsafePost, 'retry')).toMatchObject({ id: `${RUNS.unsafePost}.fetch.1.1`, stepId: 'fetch#1' });
    await endedWell(RUNS.unsafePost);
    expect(keysAt('/post')).toEqual([`${RUNS.unsafePost}:fetch#1`]);
  });

  test('makes the next attempt of a step that waited for it', async () => {
    const run = await endedWell(RUNS.retry);
    expect(stepOf(run, 'fetch').attempts).toMatchObject([{ number: 1, error: { code: 'unexpected-status' } }, { number: 2 }]);
  });

  test('ends a delay that passed meanwhile', async () => {
    expect((await endedWell(RUNS.delay)).output).toBe('waited');
  });

  test('accepts the decision of a review that was open', async () => {
    expect(await decide(RUNS.review, 'approve', { text: 'Checked' })).toMatchObject({ id: `${RUNS.review}.check.1.1` });
    expect((await endedWell(RUNS.review)).output).toBe('Checked');
  });

  test('sends back a review of the second round: the third round has IDs of this version', async () => {
    expect(await decide(RUNS.sentBack, 'send_back')).toMatchObject({ id: `${RUNS.sentBack}.check.2.1`, stepId: 'check#2' });
    const run = await whenRun(server, RUNS.sentBack, 'in round 3', ({ steps }) => steps.some(({ id, status }) => id === 'check#3' && status === 'waiting'));
    expect(run.steps.filter(({ nodeKey }) => nodeKey === 'check').map(({ id, wait }) => [id, wait?.id])).toEqual([
      ['check#1', undefined],
      ['check#2', undefined],
      ['check#3', 'check#3/wait:1'],
    ]);
    expect(await decide(RUNS.sentBack, 'approve')).toMatchObject({ id: `${RUNS.sentBack}.check.3.1` });
    await endedWell(RUNS.sentBack);
  });
});
