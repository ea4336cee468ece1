import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { mongoForTest, SKIPPED } from '../kit/mongo.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, ended, journalOf, runOf, whenRun, workflowOf } from '../kit/runs.ts';
import { temporaryDir } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { startSilentServer } from '../kit/silent-server.ts';
import { switchyard } from '../kit/switchyard.ts';
import { until } from '../kit/until.ts';

const delayGraph = () =>
  graphOf(
    [messageInput(), node('delay', 'pause', { by: 'duration', amount: '2', unit: 'seconds' }), node('output', 'reply', { value: 'done' })],
    [edge('start', 'pause'), edge('pause', 'reply')],
  );

test.skipIf(!process.env.TEST_MONGODB_URI)(`an installation that moved from SQLite to MongoDB continues its runs${SKIPPED}`, async () => {
  await using from = await temporaryDir();
  await using to = await temporaryDir();
  await using database = mongoForTest();
  await using silent = await startSilentServer();
  const env = { EGRESS_ALLOW: '127.0.0.1', SWITCHYARD_SECRET_KEY: 'b2'.repeat(32) };
  const before = await startServerProcess({ dataDir: from.path, env });
  const review = await begin(before, await workflowOf(before, reviewGraph()), 'Please check');
  const delay = await begin(before, await workflowOf(before, delayGraph()));
  const request = await begin(before, await workflowOf(before, requestGraph(silent.url)));
  const task = await openTask(before, review.id);
  await whenRun(before, delay.id, 'waiting', ({ status }) => status === 'waiting');
  await until('the request', () => silent.requests.length === 1);
  const journal = await journalOf(before, review.id);
  await before.kill();

  const uri = database?.uri ?? '';
  expect(await switchyard(['copy', '--from', `sqlite:${from.path}`, '--to', uri])).toMatchObject({ code: 0 });
  await using server = await startServerProcess({ dataDir: to.path, env: { ...env, MONGODB_URI: uri } });
  expect(await journalOf(server, review.id)).toEqual(journal);
  expect(await ended(server, delay.id)).toMatchObject({ status: 'succeeded', output: 'done' });
  await until('the repeated request', () => silent.requests.length === 2);
  expect(silent.requests[1]).toEqual(silent.requests[0]);
  await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: { text: 'Checked' } } });
  expect(await ended(server, review.id)).toMatchObject({ status: 'succeeded', output: 'Checked' });
  expect(await runOf(server, delayGraph())).toMatchObject({ output: 'done' });
  expect(await whenRun(server, request.id, 'running', ({ status }) => status === 'running')).toBeDefined();
});
