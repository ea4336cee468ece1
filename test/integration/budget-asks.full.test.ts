import { createBudget, listBudgets, setPrice } from '@switchyard/shared/contracts/money.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, ended, readRun, whenRun, workflowOf } from '../kit/runs.ts';
import { startServerProcess } from '../kit/server-process.ts';

const graph = graphOf(
  [messageInput(), node('prompt', 'ask', { route: 'paid', message: 'x', maxTokens: 5 }), node('output', 'sent', { value: '{{ steps.ask.text }}' })],
  [edge('start', 'ask'), edge('ask', 'sent')],
);

test.each(['allow_once', 'raise'])('a crash after the decision “%s”, also during its call, loses nothing and asks nothing again', async (decision) => {
  await using fake = await startFakeProvider();
  await using first = await startServerProcess();
  await routeTo(first, 'paid', fakeTarget(fake, { model: 'fake-paid' }));
  await first.call(setPrice, { params: { model: 'fake-paid' }, body: { input: 100, output: 1_000 } });
  await first.call(createBudget, { body: { scope: { kind: 'workspace' }, period: 'month', hardMicros: 1, onHard: 'ask' } });
  const run = await begin(first, await workflowOf(first, graph));
  const task = await openTask(first, run.id);
  await whenRun(first, run.id, 'waiting', ({ status }) => status === 'waiting');
  await first.kill();

  await using second = await startServerProcess({ dataDir: first.dataDir });
  fake.failNext({ kind: 'hang' });
  const called = fake.nextCall();
  const values = decision === 'raise' ? { values: { limit: 2 } } : {};
  await second.call(decideReview, { params: { id: task.id }, body: { decision, ...values } });
  await called;
  await second.kill();

  await using third = await startServerProcess({ dataDir: first.dataDir });
  expect(await ended(third, run.id)).toMatchObject({ status: 'succeeded', output: 'You said: x' });
  expect((await third.send('GET', `/api/reviews?runId=${run.id}&status=open`)).json).toMatchObject({ items: [] });
  expect((await readRun(third, run.id)).steps[1]?.attempts).toHaveLength(1);
  expect((await third.call(listBudgets, { query: {} })).items).toMatchObject([{ hardMicros: decision === 'raise' ? 2_000_000 : 1 }]);
});
