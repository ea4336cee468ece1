import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { listReviews } from '@switchyard/shared/contracts/reviews.ts';
import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { expect, test } from 'vitest';
import { chainGraph } from '../kit/chain.ts';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { reviewGraph } from '../kit/graph.ts';
import { journalFaults } from '../kit/journal-rules.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { patience } from '../kit/patience.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { allRuns, begin, ended, journalOf, readRun, whenRun } from '../kit/runs.ts';
import { temporaryDir } from '../kit/server.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';
import { startLoad } from './load.ts';

/*
 * The database loses power while webhook requests arrive, model calls are in flight, and a person decides. Acknowledged work is there
 * afterwards, finished work is not repeated, and the server, which is never restarted, returns 503 while the database is unavailable and
 * continues on its own.
 */

/** A script with the commands `kill`, which ends the database of TEST_MONGODB_URI like a power cut, and `up`, which brings it back. */
const script = process.env.TEST_MONGODB_POWER_CUT ?? '';
const POWER_CUTS = Number(process.env.POWER_CUTS ?? 20);
const LONGEST_503_MS = patience(6_000);

const power = (word: 'kill' | 'up') => promisify(execFile)(script, [word]);

/** A run that waits for a person, and the expected decision. */
async function waitingTask(server: ServerProcess, workflowId: string): Promise<{ runId: string; reviewId: string }> {
  const { id } = await begin(server, workflowId);
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  const { items } = await server.call(listReviews, { query: { runId: id } });
  return { runId: id, reviewId: items[0]?.id ?? '' };
}

test(`${POWER_CUTS} power cuts of the database under load lose nothing and repeat nothing`, { timeout: patience(30 * 60_000) }, async () => {
  await using data = await temporaryDir();
  await using fake = await startFakeProvider();
  fake.failAlways({ kind: 'slow', delayMs: 10 });
  await using server = await startServerProcess({ dataDir: data.path, env: { EGRESS_ALLOW: '127.0.0.1', LOG_LEVEL: 'silent' } });
  await routeTo(server, 'fake', fakeTarget(fake));
  const workflows = await Promise.all((['accepted', 'finished'] as const).map((mode) => publishedWorkflow(server, chainGraph('fake'), { mode })));
  const reviewed = await publishedWorkflow(server, reviewGraph());
  const load = startLoad(
    workflows.map(({ url }) => url),
    'call',
  );
  const decided: string[] = [];

  for (let cut = 0; cut < POWER_CUTS; cut++) {
    const task = await waitingTask(server, reviewed.id);
    const [accepted, refused] = [load.count(202) + load.count(200), load.count(503)];
    await until('requests to succeed', () => load.count(202) + load.count(200) >= accepted + 10);
    const deciding = server
      .send('POST', `/api/reviews/${task.reviewId}/decision`, { body: { decision: 'approve', values: { text: 'Good' } } })
      .then(({ status }) => status);
    await power('kill');
    await until('requests to be rejected', () => load.count(503) >= refused + 10);
    const ready = await server.send('GET', '/api/ready');
    expect([ready.status, (ready.json as { code: string }).code]).toEqual([503, 'not-ready']);
    expect((await server.send('GET', '/api/health')).status).toBe(200);
    await power('up');
    await until('the server to be ready again', async () => (await server.send('GET', '/api/ready')).status === 200);
    // A reviewer without a confirmation decides again; an earlier decision can only be their own.
    const again =
      (await deciding) === 200
        ? 200
        : (await server.send('POST', `/api/reviews/${task.reviewId}/decision`, { body: { decision: 'approve', values: { text: 'Good' } } })).status;
    expect([200, 409]).toContain(again);
    decided.push(task.runId);
  }
  await load.stop();

  const runs: Run[] = [];
  for (const { id } of await allRuns(server)) runs.push(await ended(server, id));
  const byId = new Map(runs.map((run) => [run.id, run]));
  for (const run of runs) {
    expect(run, run.id).toMatchObject({ status: 'succeeded', error: null });
    expect(journalFaults(await journalOf(server, run.id)), run.id).toEqual([]);
  }
  let answered = 0;
  for (const [message, { status, headers, text, ms }] of load.answers) {
    expect([200, 202, 503], message).toContain(status);
    if (status === 503) {
      expect(Number(headers.get('retry-after')), message).toBeGreaterThan(0);
      expect(ms, `${message} was rejected late`).toBeLessThan(LONGEST_503_MS);
      continue;
    }
    const runId = headers.get('x-run-id') ?? (JSON.parse(text) as { runId: string }).runId;
    expect(byId.get(runId)?.input, `the acknowledged run of ${message}`).toEqual({ message });
    answered++;
  }
  expect(answered).toBeGreaterThanOrEqual(10 * POWER_CUTS);
  for (const id of decided) expect(await readRun(server, id)).toMatchObject({ status: 'succeeded', output: 'Good' });
  // Only the database was killed, so each step of each run called the model exactly once.
  const asked = fake.calls.map((call) => call.messages.at(-1)?.text ?? '');
  expect(asked.length).toBe(new Set(asked).size);
  expect(asked.length).toBe(3 * runs.filter(({ workflowId }) => workflowId !== reviewed.id).length);
});
