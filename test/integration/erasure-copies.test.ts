import { applyRetention } from '@switchyard/server/services/retention/retention.ts';
import { DEFAULT_WORKSPACE } from '@switchyard/server/store/collections.ts';
import { addCorrectionToDataset, listCorrections } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { addItemsFromRun, createDataset, updateDatasetItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { markDifferent } from '@switchyard/shared/contracts/evaluation/exception-paths.ts';
import { listFeedback, sendFeedback } from '@switchyard/shared/contracts/evaluation/feedback.ts';
import { getRelease, putRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { getReplay, replayRun, startReplay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { createErasure, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { experimentOn, whenExperiment } from '../kit/experiments.ts';
import { echoGraph, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { everythingReadable, openSealingStoreOf } from '../kit/store.ts';
import { until } from '../kit/until.ts';

const SECRET = 'the planted payload';
const DAY_MS = 86_400_000;

/** What is around the first place of a text. */
function whereIs(text: string, everything: string): string {
  const at = everything.indexOf(text);
  return at < 0 ? 'nowhere' : everything.slice(Math.max(0, at - 500), at + 100);
}

/** A run of one customer, which a reviewer corrected. */
async function correctedRun(server: TestServer, workflowId: string, said: string, customer: string): Promise<string> {
  const { id } = await server.call(startRun, {
    params: { id: workflowId },
    body: { input: { message: said }, labels: { customer }, version: 'live' },
  });
  const task = await openTask(server, id);
  // Its input becomes a sample of the draft.
  await server.call(markDifferent, { params: { id: task.id }, body: { reason: `not for us (${customer})` } });
  await server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve', values: { text: `${said}, corrected` }, comment: said } });
  await ended(server, id);
  return id;
}

/** Applies the retention as it would happen in this many days. */
async function applyIn(dataDir: string, days: number): Promise<void> {
  const { store, secrets } = await openSealingStoreOf(dataDir);
  const now = new Date(Date.now() + days * DAY_MS);
  await applyRetention({ store: store.in(DEFAULT_WORKSPACE), secrets }, DEFAULT_WORKSPACE, now, new AbortController().signal);
  await store.close();
}

/** Copies the run to wherever a run can be copied. Returns the dataset. */
async function copyEverywhere(server: TestServer, workflowId: string, runId: string): Promise<string> {
  const [correction] = (await server.call(listCorrections, { query: { runId } })).items;
  await server.call(addCorrectionToDataset, { params: { id: correction?.id ?? '' }, body: {} });
  const { id: dataset } = await server.call(createDataset, { body: { name: `Copies of ${runId}` } });
  await server.call(addItemsFromRun, { params: { id: dataset }, body: { runId } });
  await server.call(sendFeedback, { params: { id: runId }, body: { score: 0, comment: SECRET, by: SECRET } });
  const routeId = await experimentOn(server, workflowId, dataset, { name: 'On a route', subject: { kind: 'route', name: 'fast' } });
  for (const id of [await experimentOn(server, workflowId, dataset), routeId]) await whenExperiment(server, id, 'finished');
  const { draft, draftRevision } = await server.call(getWorkflow, { params: { id: workflowId } });
  const nodes = draft.nodes.map((one) => (one.data.key === 'reply' ? { ...one, data: { ...one.data, params: { value: '{{ int(input.message) }}' } } } : one));
  await server.call(saveDraft, { params: { id: workflowId }, body: { graph: { ...draft, nodes }, revision: draftRevision } });
  const { id: single } = await server.call(replayRun, { params: { id: runId }, body: { version: 'draft' } });
  await ended(server, single);
  const replay = await server.call(startReplay, { body: { workflowId, runs: { last: 5 }, version: 'draft', maxCostMicros: 1e9 } });
  await until('the replays to end', async () => (await server.call(getReplay, { params: { id: replay.id } })).status === 'finished');
  return dataset;
}

test('erases a customer from every copy: items, corrections, experiments, replays, feedback, and files for fine-tuning', async () => {
  await using server = await startTestServer();
  const { id: workflowId } = await publishedWorkflow(server, reviewGraph());
  const runId = await correctedRun(server, workflowId, SECRET, 'jane');
  const dataset = await copyEverywhere(server, workflowId, runId);
  expect((await server.send('GET', `/api/datasets/${dataset}/export`)).text).toContain(SECRET);
  const receipt = await server.call(createErasure, { body: { label: 'customer', value: 'jane' } });
  expect(receipt.open).toEqual([]);
  expect((await server.send('GET', `/api/datasets/${dataset}/export`)).text).not.toContain(SECRET);
  expect((await server.call(listFeedback, { params: { id: runId } })).items).toMatchObject([{ score: 0, comment: null, by: null }]);
  await server.stop();
  expect(whereIs(SECRET, await everythingReadable(server.dataDir))).toBe('nowhere');
});

test('an erasure also removes what a gate says of its items', async () => {
  await using server = await startTestServer();
  const { id } = await publishedWorkflow(server, echoGraph('{{ input.message }}'));
  const dataset = await server.call(createDataset, { body: { name: 'Of the gate' } });
  let split: string | undefined;
  while (split !== 'gate') {
    const run = await server.call(startRun, { params: { id }, body: { input: { message: SECRET }, labels: { customer: 'eve' }, version: 'live' } });
    await ended(server, run.id);
    const item = await server.call(addItemsFromRun, { params: { id: dataset.id }, body: { runId: run.id } });
    split = 'split' in item ? item.split : undefined;
  }
  const { draftRevision } = await server.call(getWorkflow, { params: { id } });
  await server.call(saveDraft, { params: { id }, body: { graph: echoGraph('{{ "other" }}'), revision: draftRevision } });
  await server.call(publishWorkflow, { params: { id }, body: { release: 'hold' } });
  const gate = { datasetId: dataset.id, graders: [{ kind: 'exact' as const }], minScore: 1, minItems: 1 };
  const refused = await server.refused(putRelease, { params: { id }, body: { versions: [{ version: 2, weight: 100 }], gate } });
  expect(refused).toMatchObject({ code: 'gate-failed', failing: [{ title: SECRET }] });
  const seen = async () => (await server.call(getRelease, { params: { id } })).checks[0]?.result?.failing[0];
  expect((await seen())?.reason).toContain(SECRET);
  await server.call(createErasure, { body: { label: 'customer', value: 'eve' } });
  expect(await seen()).toMatchObject({ title: 'Item 1', score: 0, reason: '' });
  await server.stop();
  expect(whereIs(SECRET, await everythingReadable(server.dataDir))).toBe('nowhere');
});

test('an erasure also removes an item that was kept, and what an experiment made of it since', async () => {
  await using folder = await temporaryDir();
  const ids = { workflow: '', run: '', dataset: '' };
  {
    await using server = await startTestServer({ dataDir: folder.path });
    ids.workflow = (await publishedWorkflow(server, reviewGraph())).id;
    ids.run = await correctedRun(server, ids.workflow, SECRET, 'bo');
    ids.dataset = (await server.call(createDataset, { body: { name: 'Kept' } })).id;
    const item = await server.call(addItemsFromRun, { params: { id: ids.dataset }, body: { runId: ids.run } });
    await server.call(updateDatasetItem, {
      params: { id: ids.dataset, item: 'id' in item ? item.id : '' },
      body: { keep: { consent: 'by mail' } },
    });
  }
  await applyIn(folder.path, 91);
  await using server = await startTestServer({ dataDir: folder.path });
  await whenExperiment(server, await experimentOn(server, ids.workflow, ids.dataset), 'finished');
  expect(await server.call(createErasure, { body: { label: 'customer', value: 'bo' } })).toMatchObject({ removedBefore: 1 });
  await server.stop();
  expect(whereIs(SECRET, await everythingReadable(folder.path))).toBe('nowhere');
});

test('retention removes the same copies, but not an item that is kept with consent, and says so about feedback on a run that is gone', async () => {
  await using folder = await temporaryDir();
  const ids = { workflow: '', gone: '', kept: '', item: '', dataset: '' };
  {
    await using server = await startTestServer({ dataDir: folder.path });
    ids.workflow = (await publishedWorkflow(server, reviewGraph())).id;
    const retention = { payloadDays: 10, journalDays: 20, summaryDays: 30 };
    await server.call(putPolicies, { params: { id: ids.workflow }, body: { retention } });
    ids.kept = await correctedRun(server, ids.workflow, 'may be kept', 'ada');
    ids.dataset = (await server.call(createDataset, { body: { name: 'Kept' } })).id;
    const item = await server.call(addItemsFromRun, { params: { id: ids.dataset }, body: { runId: ids.kept } });
    ids.item = 'id' in item ? item.id : '';
    await server.call(updateDatasetItem, { params: { id: ids.dataset, item: ids.item }, body: { keep: { consent: 'by mail' } } });
    ids.gone = await correctedRun(server, ids.workflow, SECRET, 'jane');
    await copyEverywhere(server, ids.workflow, ids.gone);
  }
  for (const days of [11, 91]) await applyIn(folder.path, days);
  await using server = await startTestServer({ dataDir: folder.path });
  expect((await server.send('GET', `/api/datasets/${ids.dataset}/export`)).text).toContain('may be kept');
  expect(await server.refused(sendFeedback, { params: { id: ids.gone }, body: { score: 1 } })).toMatchObject({ status: 410, code: 'payload-removed' });
  expect(await server.refused(sendFeedback, { params: { id: 'run_unknown' }, body: { score: 1 } })).toMatchObject({ status: 404 });
  await server.stop();
  const everything = await everythingReadable(folder.path);
  expect(everything).toContain('may be kept');
  expect(whereIs(SECRET, everything)).toBe('nowhere');
});
