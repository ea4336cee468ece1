import { verifyRun } from '@switchyard/server/services/evidence/chain/verify-run.ts';
import { closeDays } from '@switchyard/server/services/evidence/days/close-days.ts';
import { sendNewestHead } from '@switchyard/server/services/evidence/days/send-head.ts';
import { DEFAULT_WORKSPACE, runs } from '@switchyard/server/store/collections.ts';
import { headPages } from '@switchyard/server/store/insight/day-collections.ts';
import type { WorkspaceStore } from '@switchyard/server/store/port.ts';
import { type DailyHead, listDailyHeads, makeHeadSecret, putHeadReceiver } from '@switchyard/shared/contracts/insight/daily-heads.ts';
import { getRunEvidence, listEvidenceKeys } from '@switchyard/shared/contracts/insight/evidence.ts';
import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { expect, test } from 'vitest';
import { endingAfter } from '../kit/both-stores.ts';
import { echoGraph, reviewGraph } from '../kit/graph.ts';
import { ended, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { openSealingStoreOf } from '../kit/store.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const never = new AbortController().signal;

const heads = async (server: TestServer) => (await server.call(listDailyHeads, { query: {} })).items;
const evidenceOf = (server: TestServer, id: string) => server.call(getRunEvidence, { params: { id } });

/** The store of a folder between two servers, with a clock of its own. */
async function between(dataDir: string) {
  const { store, secrets } = await openSealingStoreOf(dataDir);
  const here = store.in(DEFAULT_WORKSPACE);
  const closer =
    (now: number, writes: WorkspaceStore = here) =>
    () =>
      closeDays(
        {
          stores: { ...store, in: (id) => (id === DEFAULT_WORKSPACE ? writes : store.in(id)) },
          secrets,
          workspaceId: DEFAULT_WORKSPACE,
          now: () => new Date(now),
        },
        never,
      );
  return { here, secrets, closer, [Symbol.asyncDispose]: () => store.close() };
}

test('closes each day once, whatever ends in between, and shows that runs are in it', async () => {
  await using folder = await temporaryDir();
  const ids: string[] = [];
  let open = '';
  let publicKeys: string[] = [];
  {
    await using server = await startTestServer({ dataDir: folder.path });
    const echo = await workflowOf(server, echoGraph());
    for (const message of ['one', 'two', 'three']) ids.push((await server.call(startRun, { params: { id: echo }, body: { input: { message } } })).id);
    for (const id of ids) await ended(server, id);
    open = (await server.call(startRun, { params: { id: await workflowOf(server, reviewGraph()) }, body: { input: { message: 'open' } } })).id;
    await whenRun(server, open, 'waiting', ({ status }) => status === 'waiting');
    expect((await evidenceOf(server, ids[0] ?? '')).day).toBeUndefined();
    publicKeys = (await server.call(listEvidenceKeys, {})).items.map(({ publicKey }) => publicKey);
  }
  let midnight = 0;
  {
    await using stored = await between(folder.path);
    const first = await stored.here.get(runs, ids[0] ?? '');
    midnight = Date.parse(`${first?.endedAt?.slice(0, 10)}T00:00:00.000Z`) + DAY_MS;
    // Has waited for days.
    await stored.here.update(runs, open, { createdAt: new Date(midnight - 12 * DAY_MS).toISOString() });
    await stored.closer(midnight + HOUR_MS / 2)();
    expect((await stored.here.find(headPages, {})).items).toEqual([]);
    await expect(stored.closer(midnight + 2 * HOUR_MS, endingAfter(1, stored.here))()).rejects.toThrow('ended here');
    const close = stored.closer(midnight + 2 * HOUR_MS);
    await Promise.all([close(), close()]);
    await close();
    // The clock is set back, and jumps ahead.
    await stored.closer(midnight - 20 * HOUR_MS)();
  }
  let head: DailyHead | undefined;
  {
    await using server = await startTestServer({ dataDir: folder.path });
    const [only, ...others] = await heads(server);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ number: 1, previous: null, runs: 3, delivery: null });
    head = only;
    for (const id of ids) {
      const evidence = await evidenceOf(server, id);
      expect(verifyRun(evidence, { publicKeys, dayHead: only?.hash })).toEqual({ verdict: 'valid', problems: [] });
      expect(verifyRun(evidence, { publicKeys, dayHead: 'ab'.repeat(32) }).verdict).toBe('invalid');
      const other = await evidenceOf(server, ids.find((one) => one !== id) ?? '');
      expect(verifyRun({ ...evidence, day: other.day }, { publicKeys }).verdict).toBe('invalid');
      const [day] = [evidence.day];
      expect(verifyRun({ ...evidence, day: day && { ...day, head: { ...day.head, runs: 4 } } }, { publicKeys }).verdict).toBe('invalid');
    }
    const [review] = (await server.call(listReviews, { query: { status: 'open' } })).items;
    await server.call(decideReview, { params: { id: review?.id ?? '' }, body: { decision: 'approve' } });
    await ended(server, open);
    expect(verifyRun(await evidenceOf(server, open), { publicKeys, dayHead: head?.hash }).verdict).toBe('invalid');
  }
  {
    await using stored = await between(folder.path);
    // Three days later: the days between had nothing.
    await stored.closer(midnight + 3 * DAY_MS + 2 * HOUR_MS)();
  }
  await using server = await startTestServer({ dataDir: folder.path });
  const [next, , ...others] = await heads(server);
  expect(others).toEqual([]);
  expect(next).toMatchObject({ number: 2, previous: head?.hash, runs: 1 });
  expect(verifyRun(await evidenceOf(server, open), { publicKeys, dayHead: next?.hash }).verdict).toBe('valid');
});

test('sends the newest head once a day, and tries again within bounds', async () => {
  await using folder = await temporaryDir();
  {
    await using server = await startTestServer({ dataDir: folder.path });
    await ended(server, (await server.call(startRun, { params: { id: await workflowOf(server, echoGraph()) }, body: { input: { message: 'one' } } })).id);
    expect((await server.send('POST', '/api/evidence/receiver/secret')).status).toBe(400);
    expect(await server.call(putHeadReceiver, { body: { url: 'https://example.com/heads?key=private', reason: 'kept outside' } })).toMatchObject({
      revision: 1,
    });
    expect((await server.send('PUT', '/api/evidence/receiver', { body: { url: null, revision: 7 } })).status).toBe(409);
    expect((await server.call(makeHeadSecret, {})).secret).toMatch(/^whsec_/);
    expect((await server.send('GET', '/api/audit?subject=head-receiver')).text).not.toContain('private');
  }
  {
    await using stored = await between(folder.path);
    const tomorrow = Date.now() + DAY_MS + 2 * HOUR_MS;
    await stored.closer(tomorrow)();
    const posted: { url: string; id: string; text: string; signed: boolean }[] = [];
    let answer: string | null = 'The webhook returned 500.';
    const send = (now: number) =>
      sendNewestHead(
        {
          post: async (url, secret, { id, text }) => {
            posted.push({ url, id, text, signed: secret().startsWith('whsec_') });
            return answer;
          },
          secrets: stored.secrets,
          now: () => new Date(now),
        },
        stored.here,
        never,
      );
    await Promise.all([send(tomorrow), send(tomorrow)]);
    await send(tomorrow + 60_000);
    expect(posted).toHaveLength(1);
    for (let hour = 1; hour < 30; hour++) await send(tomorrow + hour * HOUR_MS);
    expect(posted).toHaveLength(20);
    answer = null;
    await stored.closer(tomorrow + DAY_MS)();
    await send(tomorrow + 2 * DAY_MS);
    expect(posted).toHaveLength(20);
  }
  await using server = await startTestServer({ dataDir: folder.path });
  expect(await heads(server)).toMatchObject([{ number: 1, delivery: { attempts: 20, error: 'The webhook returned 500.' } }]);
});
