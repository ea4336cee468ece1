import { compareRuns, estimateReplay, getReplay, listReplayedRuns, replayRun, startReplay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { createWorkflow, getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { type GatedServer, startGatedServer } from '../kit/gated-server.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { ended, whenRun } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const ENV = { EGRESS_ALLOW: '127.0.0.1' };

interface Changes {
  readonly suffix?: string;
  readonly notify?: string;
  readonly question?: string;
}

/** Looks something up, tells a system, waits, asks a model and a person, and remembers the message. */
const graphWith = (url: string, { suffix = '!', notify = 'sent', question = 'Is this right?' }: Changes = {}): Graph =>
  graphOf(
    [
      messageInput(),
      node('tool', 'lookup', { url: `${url}/{{ input.message }}` }),
      node('tool', 'notify', { url: `${url}/${notify}`, method: 'POST', bodyKind: 'json', json: { run: '{{ run.id }}', said: '{{ steps.lookup.body }}' } }),
      node('delay', 'wait', { by: 'duration', amount: '0.05', unit: 'seconds' }),
      node('state', 'remember', { operation: 'increment', key: 'seen', by: '1' }),
      node('prompt', 'ask', { message: '{{ input.message }}', route: 'fast' }),
      node('human-review', 'check', {
        title: 'Check this',
        decisions: [{ id: 'approve', title: 'Approve' }],
        fields: [{ name: 'text', label: question, kind: 'long-text', value: '{{ steps.ask.text }}' }],
      }),
      node('output', 'reply', { value: `{{ steps.check.values.text }} {{ steps.remember.value }} {{ steps.wait.until }}${suffix}` }),
    ],
    [
      edge('start', 'lookup'),
      edge('lookup', 'notify'),
      edge('notify', 'wait'),
      edge('wait', 'remember'),
      edge('remember', 'ask'),
      edge('ask', 'check'),
      edge('check.approve', 'reply'),
    ],
  );

/** A published workflow with one ended run of it, in which a person changed the text. */
async function withRun(server: TestServer, outside: GatedServer) {
  outside.answerAll();
  const { id } = await server.call(createWorkflow, { body: { name: 'Orders', graph: graphWith(outside.url) } });
  await server.call(publishWorkflow, { params: { id } });
  const live = async (message: string) => {
    const run = await server.call(startRun, { params: { id }, body: { input: { message }, version: 'live' } });
    await whenRun(server, run.id, 'waiting for a person', ({ steps }) => steps.some(({ wait }) => wait?.kind === 'review'));
    const review = await until('its review', async () =>
      (await server.call(listReviews, { query: { status: 'open' } })).items.find(({ runId }) => runId === run.id),
    );
    await server.call(decideReview, { params: { id: review.id }, body: { decision: 'approve', values: { text: 'As a person wrote it' } } });
    return ended(server, run.id);
  };
  const change = async (changes: Changes): Promise<void> => {
    const { draftRevision } = await server.call(getWorkflow, { params: { id } });
    await server.call(saveDraft, { params: { id }, body: { graph: graphWith(outside.url, changes), revision: draftRevision } });
  };
  const replay = async (runId: string, version?: 'draft') => {
    const { id: replayId } = await server.call(replayRun, { params: { id: runId }, body: version ? { version } : {} });
    return ended(server, replayId);
  };
  return { id, live, change, replay };
}

test('an unchanged replay gives the same output without a request, a write, or a person', async () => {
  await using server = await startTestServer({ env: ENV });
  await using outside = await startGatedServer();
  const { live, replay } = await withRun(server, outside);
  const source = await live('one');
  expect(outside.seen).toEqual(['one', 'sent']);
  const again = await replay(source.id);
  expect(again).toMatchObject({ trigger: 'replay', status: 'succeeded', output: source.output, costMicros: 0 });
  expect(outside.seen).toHaveLength(2);
  expect((await server.call(listReviews, { query: { status: 'open' } })).items).toEqual([]);
  const compared = await server.call(compareRuns, { params: { id: source.id, other: again.id } });
  expect(compared).toMatchObject({ verdict: 'same', output: 'same', path: { same: true }, stops: [], steps: [], calls: { recorded: 4, asked: 0 } });
  // The state is as the original run left it.
  expect((await live('two')).output).toContain('As a person wrote it 2 ');
});

test('a changed draft shows its difference, and is stopped before a changed effect and before a person', async () => {
  await using server = await startTestServer({ env: ENV });
  await using outside = await startGatedServer();
  const { live, change, replay } = await withRun(server, outside);
  const source = await live('one');
  const differs = async (changes: Changes) => {
    await change(changes);
    const again = await replay(source.id, 'draft');
    return { again, compared: await server.call(compareRuns, { params: { id: source.id, other: again.id } }) };
  };
  const worded = await differs({ suffix: ' (in other words)' });
  expect(worded.again.status).toBe('succeeded');
  expect(worded.compared).toMatchObject({ verdict: 'words', steps: [{ nodeKey: 'reply', what: ['words'] }] });
  const effect = await differs({ notify: 'elsewhere' });
  expect(effect.again).toMatchObject({
    status: 'failed',
    error: { code: 'stopped', nodeKey: 'notify', message: 'Would call “notify”', details: { why: 'would-call' } },
  });
  expect(effect.compared).toMatchObject({ verdict: 'different', stops: [{ nodeKey: 'notify', why: 'would-call' }] });
  const person = await differs({ question: 'Is this still right?' });
  expect(person.again.error).toMatchObject({ code: 'stopped', nodeKey: 'check', details: { why: 'would-ask' } });
  expect(outside.seen).toEqual(['one', 'sent']);
  expect((await server.call(listReviews, { query: { status: 'open' } })).items).toEqual([]);
});

test('nothing is told of replays: triggers that watch the workflow fire for its live runs only', async () => {
  await using server = await startTestServer({ env: ENV });
  await using outside = await startGatedServer();
  const { id, live, replay } = await withRun(server, outside);
  const watcher = await server.call(createWorkflow, {
    body: {
      name: 'Watcher',
      graph: graphOf([node('input', 'start', { schema: { type: 'object' } }), node('output', 'reply', { value: 'told' })], [edge('start', 'reply')]),
    },
  });
  await server.call(publishWorkflow, { params: { id: watcher.id } });
  await server.call(createTrigger, {
    params: { id: watcher.id },
    body: { kind: 'workflow-ended', workflowId: id, statuses: ['succeeded', 'failed', 'cancelled'] },
  });
  const source = await live('one');
  const fired = async () => (await server.call(listRuns, { query: { workflowId: watcher.id, limit: 100 } })).items.length;
  await until('the trigger to fire', async () => (await fired()) === 1);
  await replay(source.id);
  await live('two');
  await until('the trigger to fire again', async () => (await fired()) >= 2);
  expect(await fired()).toBe(2);
});

test('many runs are replayed after an estimate, and those that differ are listed, most serious first', async () => {
  await using server = await startTestServer({ env: ENV });
  const graph = (change: string): Graph =>
    graphOf(
      [
        messageInput(),
        node('prompt', 'ask', { message: '{{ input.message }}', route: 'fast' }),
        node('transform', 'sum', { fields: [{ name: 'text', value: `input.message == "one" ? ${change} : input.message` }] }),
        node('output', 'reply', { value: '{{ steps.sum.text }}' }),
      ],
      [edge('start', 'ask'), edge('ask', 'sum'), edge('sum', 'reply')],
    );
  const { id } = await server.call(createWorkflow, { body: { name: 'Sums', graph: graph('input.message') } });
  await server.call(publishWorkflow, { params: { id } });
  const run = async (message: string, version: 'live' | 'draft' = 'live') =>
    server.call(startRun, { params: { id }, body: { input: { message }, version, wait: 20_000 } });
  for (const message of ['one', 'two', 'three', 'four', 'five', 'six']) await run(message);
  await run('a draft run', 'draft');
  const { draftRevision } = await server.call(getWorkflow, { params: { id } });
  await server.call(saveDraft, { params: { id }, body: { graph: graph('input.missing'), revision: draftRevision } });
  const wanted = { workflowId: id, runs: { last: 5 + 1 }, version: 'draft' as const };
  expect(await server.call(estimateReplay, { body: wanted })).toMatchObject({
    runs: 6,
    notReplayable: 0,
    changedNodes: ['sum', 'reply'],
    modelCalls: 0,
    costMicros: 0,
    reservedMicros: 0,
  });
  const started = await server.call(startReplay, { body: { ...wanted, maxCostMicros: 1_000 } });
  expect(started).toMatchObject({ status: 'running', counts: { total: 6, done: 0 } });
  const replay = await until('the replay', async () => {
    const now = await server.call(getReplay, { params: { id: started.id } });
    return now.status === 'finished' && now;
  });
  expect(replay.counts).toMatchObject({ total: 6, done: 6, same: 5, failed: 1 });
  expect(replay).toMatchObject({ calls: { recorded: 6, asked: 0 }, cost: { spent: 0 } });
  expect(replay.nodes).toContainEqual({ nodeKey: 'sum', before: 6, after: 6, marks: [{ mark: 'failed', runs: 1 }] });
  const { items } = await server.call(listReplayedRuns, { params: { id: started.id }, query: { limit: 2 } });
  expect(items[0]).toMatchObject({ title: 'one', outcome: 'failed', code: 'expression-failed', nodeKey: 'sum' });
  expect(items[1]).toMatchObject({ outcome: 'same' });
  expect((await server.call(listRuns, { query: { workflowId: id, trigger: 'replay', limit: 100 } })).items).toHaveLength(6);
});
