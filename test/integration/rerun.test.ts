import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { getRunGraph, listRuns, rerunRun } from '@switchyard/shared/contracts/runs.ts';
import { getWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { chainGraph } from '../kit/chain.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { broken } from '../kit/fake-provider/fault.ts';
import { echoGraph, edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { begin, ended, journalOf, readRun, runOf, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

async function fakeOn(server: TestServer): Promise<FakeProvider> {
  const fake = await startFakeProvider();
  await routeTo(server, 'fast', fakeTarget(fake));
  return fake;
}

const rerun = async (server: TestServer, id: string, body: { from?: string; version?: 'draft' } = {}) =>
  ended(server, (await server.call(rerunRun, { params: { id }, body })).id);

/** What each call of the provider was about, starting with number `from`. */
const asked = (fake: FakeProvider, from = 0): (string | undefined)[] => fake.calls.slice(from).map((call) => call.messages.at(-1)?.text.split(':')[0]);

test('a rerun does everything again with the same input, and says which run it repeats', async () => {
  await using server = await startTestServer();
  await using fake = await fakeOn(server);
  const first = await runOf(server, chainGraph('fast'), 'A parcel');
  const again = await rerun(server, first.id);
  expect(again).toMatchObject({ status: 'succeeded', trigger: 'rerun', rerunOf: first.id, input: { message: 'A parcel' }, output: first.output });
  expect(again.id).not.toBe(first.id);
  expect(asked(fake, 3)).toEqual(['one', 'two', 'three']);
  expect(await readRun(server, first.id)).toEqual(first);
  expect((await server.call(listRuns, { query: { trigger: 'rerun' } })).items.map(({ id }) => id)).toEqual([again.id]);
});

test('a rerun from a step keeps steps finished before it: they neither run nor cost again', async () => {
  await using server = await startTestServer();
  await using fake = await fakeOn(server);
  const first = await runOf(server, chainGraph('fast'));
  fake.answerWith(() => 'Another answer');
  const again = await rerun(server, first.id, { from: 'three#1' });
  expect(asked(fake, 3)).toEqual(['three']);
  expect(again).toMatchObject({ status: 'succeeded', output: 'Another answer' });
  for (const key of ['one', 'two']) {
    expect(stepOf(again, key)).toMatchObject({ status: 'succeeded', output: stepOf(first, key).output, input: stepOf(first, key).input, costMicros: 0 });
    expect(stepOf(again, key).calls).toEqual([]);
  }
  expect(again.usage).toEqual(stepOf(again, 'three').usage);
  const reused = (await journalOf(server, again.id)).filter(({ type }) => type === 'step-reused');
  expect(reused.map((event) => event.type === 'step-reused' && `${event.stepId} ${event.fromRunId}`)).toEqual(
    ['start', 'one', 'two'].map((key) => `${key}#1 ${first.id}`),
  );
});

test('a failed run reruns from the failed step, also after the draft was fixed', async () => {
  await using server = await startTestServer();
  await using fake = await fakeOn(server);
  const workflowId = await workflowOf(server, chainGraph('fast'));
  fake.failNext(undefined, broken, broken, broken);
  const failed = await ended(server, (await begin(server, workflowId)).id);
  expect(failed).toMatchObject({ status: 'failed', error: { nodeKey: 'two' } });
  const workflow = await server.call(getWorkflow, { params: { id: workflowId } });
  const graph = structuredClone(workflow.draft);
  const two = graph.nodes.find(({ id }) => id === 'two');
  if (two) two.data.params.message = 'mended: {{ steps.one.text }}';
  await server.call(saveDraft, { params: { id: workflowId }, body: { graph, revision: workflow.draftRevision } });

  const same = await rerun(server, failed.id, { from: 'two#1' });
  expect(same.status).toBe('succeeded');
  expect(asked(fake, 4)).toEqual(['two', 'three']);
  expect(await server.call(getRunGraph, { params: { id: same.id } })).toEqual(await server.call(getRunGraph, { params: { id: failed.id } }));
  const mended = await rerun(server, failed.id, { from: 'two#1', version: 'draft' });
  expect(mended.status).toBe('succeeded');
  expect(asked(fake, 6)).toEqual(['mended', 'three']);
});

test('a rerun from one of two branches keeps the other, and joins both', async () => {
  await using server = await startTestServer();
  await using fake = await fakeOn(server);
  const graph = graphOf(
    [
      messageInput(),
      node('prompt', 'left', { message: 'left: {{ input.message }}', route: 'fast' }),
      node('prompt', 'right', { message: 'right: {{ input.message }}', route: 'fast' }),
      node('merge', 'both'),
      node('output', 'reply', { value: '{{ steps.left.text }} / {{ steps.right.text }}' }),
    ],
    [edge('start', 'left'), edge('start', 'right'), edge('left', 'both'), edge('right', 'both'), edge('both', 'reply')],
  );
  const first = await runOf(server, graph, 'x');
  const again = await rerun(server, first.id, { from: 'right#1' });
  expect(asked(fake, 2)).toEqual(['right']);
  expect(again).toMatchObject({ status: 'succeeded', output: first.output });
});

test('an output reached before the step is still the output of the rerun', async () => {
  await using server = await startTestServer();
  await using fake = await fakeOn(server);
  const graph = graphOf(
    [
      messageInput(),
      node('output', 'early', { value: 'early', status: '201' }),
      node('prompt', 'later', { message: 'later: {{ input.message }}', route: 'fast' }),
      node('output', 'late', { value: 'late' }),
    ],
    [edge('start', 'early'), edge('start', 'later'), edge('later', 'late')],
  );
  const first = await runOf(server, graph);
  expect(first.output).toBe('early');
  const again = await rerun(server, first.id, { from: 'later#1' });
  expect(fake.calls).toHaveLength(2);
  expect(again).toMatchObject({ status: 'succeeded', output: 'early' });
});

test('a rerun after a review does not ask the person again, but a rerun from the review does', async () => {
  await using server = await startTestServer();
  const { id } = await begin(server, await workflowOf(server, reviewGraph()));
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  const open = async (runId: string) => (await server.call(listReviews, { query: { runId } })).items;
  await server.call(decideReview, { params: { id: (await open(id))[0]?.id ?? '' }, body: { decision: 'approve', values: { text: 'Mended' } } });
  expect((await ended(server, id)).output).toBe('Mended');

  const after = await rerun(server, id, { from: 'sent#1' });
  expect(after).toMatchObject({ status: 'succeeded', output: 'Mended' });
  expect(stepOf(after, 'closed').status).toBe('skipped');
  const from = await server.call(rerunRun, { params: { id }, body: { from: 'check#1' } });
  await whenRun(server, from.id, 'waiting', ({ status }) => status === 'waiting');
  await server.call(decideReview, { params: { id: (await open(from.id))[0]?.id ?? '' }, body: { decision: 'reject' } });
  expect((await ended(server, from.id)).output).toBe('closed');
});

test('large values of the earlier run are available to the steps that run again', async () => {
  await using server = await startTestServer();
  const graph = graphOf(
    [
      messageInput(),
      node('transform', 'copy', { fields: [{ name: 'text', value: 'input.message' }] }),
      node('output', 'reply', { value: '{{ size(steps.copy.text) }}' }),
    ],
    [edge('start', 'copy'), edge('copy', 'reply')],
  );
  const first = await runOf(server, graph, 'x'.repeat(300_000));
  expect(first.output).toBe(300_000);
  expect(stepOf(first, 'copy').output).toHaveProperty('$blob');
  expect(await rerun(server, first.id, { from: 'reply#1' })).toMatchObject({ status: 'succeeded', output: 300_000 });
});

test('a rerun does not repeat a step that failed into its error branch', async () => {
  await using server = await startTestServer();
  await using fake = await fakeOn(server);
  fake.failNext(broken, broken, broken);
  const graph = graphOf(
    [
      messageInput(),
      node('prompt', 'draft', { message: 'one: {{ input.message }}', route: 'fast' }, { policy: { onError: 'branch' } }),
      node('output', 'good', { value: '{{ steps.draft.text }}' }),
      node('prompt', 'other', { message: 'two: {{ input.message }}', route: 'fast' }),
      node('output', 'reply', { value: '{{ steps.other.text }}' }),
    ],
    [edge('start', 'draft'), edge('draft', 'good'), edge('draft.error', 'other'), edge('other', 'reply')],
  );
  const first = await runOf(server, graph);
  expect(first.status).toBe('succeeded');
  const again = await rerun(server, first.id, { from: 'other#1' });
  expect(asked(fake, 4)).toEqual(['two']);
  expect(again).toMatchObject({ status: 'succeeded', output: first.output });
  expect(stepOf(again, 'draft')).toMatchObject({ status: 'failed', error: stepOf(first, 'draft').error });
});

test('a rerun shows that an earlier step had failed and used its fallback value', async () => {
  await using server = await startTestServer();
  const policy = { onError: 'continue-with' as const, continueWith: { text: 'instead' } };
  const graph = graphOf(
    [
      messageInput(),
      node('transform', 'copy', { fields: [{ name: 'text', value: 'input.nothing' }] }, { policy }),
      node('output', 'reply', { value: '{{ steps.copy.text }}' }),
    ],
    [edge('start', 'copy'), edge('copy', 'reply')],
  );
  const first = await runOf(server, graph);
  const again = await rerun(server, first.id, { from: 'reply#1' });
  expect(again).toMatchObject({ status: 'succeeded', output: 'instead' });
  expect(stepOf(again, 'copy').recovered).toEqual(stepOf(first, 'copy').recovered);
  expect(stepOf(again, 'copy').recovered).toMatchObject({ code: 'expression-failed' });
});

test('a rerun from an unknown step is rejected', async () => {
  await using server = await startTestServer();
  const run = await runOf(server, echoGraph());
  const refused = await server.refused(rerunRun, { params: { id: run.id }, body: { from: 'missing#1' } });
  expect(refused).toMatchObject({ status: 400, code: 'bad-request', errors: [{ path: 'from' }] });
  expect(await server.refused(rerunRun, { params: { id: 'run_missing' } })).toMatchObject({ status: 404 });
});
