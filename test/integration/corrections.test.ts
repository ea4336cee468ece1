import {
  addCorrectionToDataset,
  getCorrection,
  getCorrectionSummary,
  listCorrections,
  setCorrectionCause,
} from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { createDataset, listDatasets } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { createErasure, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { decideReview, type Review } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, ended, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/** A model drafts a reply, code adds an amount, and a person reviews both. */
const draftGraph = (): Graph =>
  graphOf(
    [
      messageInput(),
      node('prompt', 'draft', { message: 'Reply to: {{ input.message }}', route: 'fast' }, { title: 'Draft a reply' }),
      node('transform', 'amounts', { fields: [{ name: 'refund', value: '40' }] }),
      node('human-review', 'check', {
        title: 'Reply to Ada',
        fields: [
          { name: 'reply', label: 'Reply', kind: 'long-text', value: '{{ steps.draft.text }}' },
          { name: 'refund', label: 'Refund', kind: 'number', unit: 'EUR', value: '{{ steps.amounts.refund }}' },
          { name: 'note', label: 'Note', kind: 'text', value: '{{ steps.draft.model }} {{ steps.amounts.refund }}' },
        ],
      }),
      node('output', 'sent', { value: '{{ steps.check.values.reply }}' }),
      node('output', 'closed', { value: 'closed' }),
    ],
    [
      edge('start', 'draft'),
      edge('draft', 'amounts'),
      edge('amounts', 'check'),
      edge('check.approve', 'sent'),
      edge('check.reject', 'closed'),
      edge('check.send_back', 'draft', { back: true }),
    ],
  );

async function reviewOf(server: TestServer): Promise<Review> {
  const run = await begin(server, await workflowOf(server, draftGraph()), 'Where is my refund for order 4417?');
  return openTask(server, run.id);
}
const decide = (server: TestServer, { id }: Review, values: Record<string, unknown>, more: { decision?: string; reasons?: string[] } = {}) =>
  server.call(decideReview, { params: { id }, body: { decision: 'approve', reviewer: 'Mira', values, ...more } });
const correctionsOf = async (server: TestServer, { runId }: Review) => (await server.call(listCorrections, { query: { runId } })).items;

test('each changed field becomes a correction with what made its draft and the likely cause', async () => {
  await using server = await startTestServer();
  const review = await reviewOf(server);
  const draft = String(review.fields[0]?.value);
  await decide(server, review, { reply: `${draft} You get it within five working days.`, refund: 58, note: 'urgent' });
  const found = await correctionsOf(server, review);
  const byField = new Map(found.map((correction) => [correction.changes[0]?.field, correction]));
  expect(found).toHaveLength(3);
  expect(byField.get('reply')).toMatchObject({
    reviewId: review.id,
    reviewTitle: 'Reply to Ada',
    version: 'draft',
    decision: 'approve',
    asProposed: true,
    reviewer: 'Mira',
    changes: [{ field: 'reply', label: 'Reply', kind: 'long-text', before: draft }],
    madeBy: {
      stepId: 'draft#1',
      nodeKey: 'draft',
      nodeTitle: 'Draft a reply',
      prompt: null,
      route: 'fast',
      fellBack: false,
      target: expect.stringMatching(/\/./),
    },
    likely: { cause: 'data', rule: 5, ground: 'new-facts', evidence: ['five'] },
    confirmed: null,
  });
  expect(byField.get('refund')).toMatchObject({
    madeBy: { nodeKey: 'amounts', target: null },
    likely: { cause: 'data', evidence: ['58'] },
    changes: [{ unit: 'EUR' }],
  });
  expect(byField.get('note')).toMatchObject({ madeBy: null, likely: { cause: null, rule: null, ground: 'several-steps' } });
});

test('a cause that the reviewer names, and another branch, come before other rules; sending back is no other branch', async () => {
  await using server = await startTestServer();
  const named = await reviewOf(server);
  await decide(server, named, { reply: 'In 5 days.' }, { reasons: ['Model'] });
  expect(await correctionsOf(server, named)).toMatchObject([{ likely: { cause: 'model', rule: 1, ground: 'chosen' }, reasons: ['Model'] }]);

  const rejected = await reviewOf(server);
  await decide(server, rejected, { reply: 'In 5 days.' }, { decision: 'reject' });
  expect(await correctionsOf(server, rejected)).toMatchObject([{ asProposed: false, likely: { cause: 'routing', rule: 2, evidence: ['Approve', 'Reject'] } }]);

  const sentBack = await reviewOf(server);
  await decide(server, sentBack, { reply: 'In 5 days.' }, { decision: 'send_back' });
  expect(await correctionsOf(server, sentBack)).toMatchObject([{ likely: { cause: 'data', rule: 5 } }]);
});

test('a person confirms or changes a cause, filters tell confirmed from guessed, and the guess stays', async () => {
  await using server = await startTestServer();
  const review = await reviewOf(server);
  await decide(server, review, { reply: 'Shorter words.', refund: 58 });
  const [guessed] = (await server.call(listCorrections, { query: { cause: 'prompt', workflowId: review.workflowId } })).items;
  const params = { id: guessed?.id ?? '' };
  await server.call(setCorrectionCause, { params, body: { cause: 'validation' } });
  expect(await server.call(getCorrection, { params })).toMatchObject({
    likely: { cause: 'prompt' },
    confirmed: { cause: 'validation', at: expect.any(String) },
  });
  const idsOf = async (query: object) => (await server.call(listCorrections, { query })).items.map(({ changes: [change] }) => change?.field);
  expect(await idsOf({ cause: 'prompt' })).toEqual([]);
  expect(await idsOf({ cause: 'validation', confirmed: 'true', workflowId: review.workflowId })).toEqual(['reply']);
  expect(await idsOf({ confirmed: 'false' })).toEqual(['refund']);
  expect(await idsOf({ from: '2100-01-01T00:00:00.000Z' })).toEqual([]);
  await server.call(setCorrectionCause, { params, body: { cause: null } });
  expect(await idsOf({ cause: 'prompt', confirmed: 'false' })).toEqual(['reply']);
  expect(await server.refused(setCorrectionCause, { params: { id: 'none' }, body: { cause: 'data' } })).toMatchObject({ status: 404 });
});

test('the summary counts corrections by cause and bucket, and rates by what made the drafts, unchanged reviews included', async () => {
  await using server = await startTestServer();
  const workflow = await workflowOf(server, draftGraph());
  for (const values of [{ reply: 'Shorter words.' }, {}, { refund: 58, note: 'now' }]) {
    const review = await openTask(server, (await begin(server, workflow, 'Where is it?')).id);
    await decide(server, review, values, Object.keys(values).length === 0 ? { decision: 'reject' } : {});
  }
  const [worded] = (await server.call(listCorrections, { query: { cause: 'prompt' } })).items;
  await server.call(setCorrectionCause, { params: { id: worded?.id ?? '' }, body: { cause: 'prompt' } });
  const summary = await server.call(getCorrectionSummary, { query: { workflowId: workflow } });
  expect(summary).toMatchObject({ reviewed: 3, corrected: 2, overridden: 1, complete: true, prompts: [], marks: [] });
  expect(summary.targets).toEqual([{ key: expect.stringContaining('/'), reviewed: 3, corrected: 1 }]);
  expect(summary.buckets).toHaveLength(5);
  expect(summary.buckets.at(-1)).toMatchObject({ reviewed: 3 });
  const counts = Object.fromEntries(summary.causes.map(({ cause, count, confirmed, byBucket }) => [cause, [count, confirmed, byBucket.at(-1)]]));
  expect(counts).toEqual({ data: [1, 0, 1], prompt: [1, 1, 1], routing: [0, 0, 0], validation: [0, 0, 0], model: [0, 0, 0], unattributed: [1, 0, 1] });
  expect(await server.call(getCorrectionSummary, { query: { workflowId: 'other' } })).toMatchObject({ reviewed: 0, corrected: 0 });
  const backward = { from: '2026-02-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' };
  expect(await server.refused(getCorrectionSummary, { query: backward })).toMatchObject({ status: 400, errors: [{ path: 'from' }] });
});

test('a correction made in a review is exported for fine-tuning: only the split tune, redacted, with consent, and not after an erasure', async () => {
  await using server = await startTestServer();
  const workflow = await workflowOf(server, draftGraph());
  await server.call(putPolicies, { params: { id: workflow }, body: { redaction: [] } });
  const splits = new Map<string, string>();
  while (new Set(splits.values()).size < 2) {
    const body = { input: { message: 'Write to ada@example.com' }, labels: { customer: 'Ada' } };
    const run = await server.call(startRun, { params: { id: workflow }, body });
    await decide(server, await openTask(server, run.id), { reply: `Answer ${splits.size} for ada@example.com` });
    await ended(server, run.id);
    const [correction] = (await server.call(listCorrections, { query: { runId: run.id } })).items;
    const { split } = await server.call(addCorrectionToDataset, { params: { id: correction?.id ?? '' } });
    splits.set(`Answer ${splits.size} for`, split);
  }
  const [dataset] = (await server.call(listDatasets, {})).items;
  const paths = [`/api/corrections/tuning?workflowId=${workflow}&consent=true`, `/api/datasets/${dataset?.id}/export?format=chat&consent=true`];
  const linesOf = async (path: string) => (await server.send('GET', path)).text.split('\n').filter((line) => line !== '');
  const tuned = [...splits].filter(([, split]) => split === 'tune').map(([answer]) => answer);
  for (const path of paths) {
    const lines = (await linesOf(path)).map((line) => JSON.parse(line) as { messages: { role: string; content: string }[] });
    expect(lines.map(({ messages }) => messages.map(({ role }) => role))).toEqual(tuned.map(() => ['user', 'assistant']));
    expect(lines.map(({ messages }) => messages[1]?.content.replace(/ for .*/, ' for')).sort()).toEqual(tuned.sort());
    expect(lines[0]?.messages[0]?.content).toContain('ada@example.com');
  }
  await server.call(putPolicies, { params: { id: workflow }, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
  for (const path of paths) expect((await linesOf(path)).join('')).not.toContain('ada@');
  for (const path of paths) expect((await linesOf(path)).length).toBe(tuned.length);
  expect((await server.send('GET', '/api/corrections/tuning')).status).toBe(400);
  await server.call(createErasure, { body: { label: 'customer', value: 'Ada' } });
  for (const path of paths) expect(await linesOf(path)).toEqual([]);
});

test('a correction becomes a dataset item with the corrected answer as expected, on the side of the split that its run is on', async () => {
  await using server = await startTestServer();
  const workflow = await workflowOf(server, draftGraph());
  const customer = { customer: 'Ada' };
  const run = await server.call(startRun, { params: { id: workflow }, body: { input: { message: 'Where is it?' }, labels: customer } });
  const review = await openTask(server, run.id);
  await decide(server, review, { reply: 'It comes tomorrow.', refund: 58 });
  await ended(server, run.id);
  const [first, second] = await correctionsOf(server, review);
  const params = { id: first?.id ?? '' };
  const item = await server.call(addCorrectionToDataset, { params });
  const changed = first?.changes[0];
  expect(item).toMatchObject({
    datasetName: expect.stringMatching(/ corrections$/),
    input: { message: 'Where is it?' },
    expected: changed?.after,
    decision: { decision: 'approve' },
    source: { kind: 'correction', runId: run.id, workflowId: workflow, correctionId: first?.id },
  });
  expect(item.decision).not.toHaveProperty('values');
  expect(await server.refused(addCorrectionToDataset, { params })).toMatchObject({ status: 409, code: 'already-exists' });
  expect((await server.call(addCorrectionToDataset, { params: { id: second?.id ?? '' } })).split).toBe(item.split);
  const golden = await server.call(createDataset, { body: { name: 'golden' } });
  const chosen = { datasetId: golden.id, tags: ['refund'] };
  expect(await server.call(addCorrectionToDataset, { params, body: chosen })).toMatchObject({ datasetId: golden.id, tags: ['refund'] });
  expect((await server.call(listDatasets, {})).items.map(({ items }) => items).sort()).toEqual([1, 2]);
  await server.call(createErasure, { body: { label: 'customer', value: 'Ada' } });
  expect(await server.refused(addCorrectionToDataset, { params, body: chosen })).toMatchObject({ status: 410, code: 'payload-removed' });
  expect(await server.call(getCorrection, { params })).toMatchObject({
    likely: { cause: 'data', evidence: [] },
    changes: [{ after: { $removed: {} } }],
    comment: '',
  });
});
