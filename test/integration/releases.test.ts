import { putAlert } from '@switchyard/shared/contracts/alerts.ts';
import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { addDatasetItem, createDataset, updateDatasetItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { listExperiments } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { getRelease, putRelease, removeGate, rollBackRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { deleteWorkflow, getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test, vi } from 'vitest';
import { startAlertReceiver } from '../kit/alert-receiver.ts';
import type { TestApi } from '../kit/api.ts';
import { startGatedServer } from '../kit/gated-server.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended, workflowOf } from '../kit/runs.ts';
import { startTestServer, temporaryDir } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const STICKY = '{{ trigger.body.message }}';

/** Publishes another answer, held or released. */
async function another(api: TestApi, id: string, value: string, release: 'hold' | 'live' | number | undefined = 'hold'): Promise<number> {
  const { draftRevision } = await api.call(getWorkflow, { params: { id } });
  await api.call(saveDraft, { params: { id }, body: { graph: echoGraph(value), revision: draftRevision } });
  return (await api.call(publishWorkflow, { params: { id }, body: { ...(release !== undefined && { release }) } })).number;
}

const post = async (url: string, message: string): Promise<string> => {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) });
  return response.text();
};

test('a held version takes no runs, and a percentage of keys gets a canary and keeps it as its weight grows', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph('one'));
  const params = { id };
  const canary = await another(server, id, 'two');
  expect(await server.call(getWorkflow, { params })).toMatchObject({ liveVersion: 1, release: [{ version: 1, weight: 100 }] });
  expect(await post(url, 'a')).toBe('one');

  const weights = (weight: number) => ({
    versions: [
      { version: canary, weight },
      { version: 1, weight: 100 - weight },
    ],
    sticky: STICKY,
  });
  const answers = async () => Promise.all(Array.from({ length: 60 }, (_, index) => post(url, `customer ${index}`)));
  expect(await server.call(putRelease, { params, body: weights(30) })).toMatchObject({ stable: 1, canary, revision: 2, sticky: STICKY });
  const [first, second] = [await answers(), await answers()];
  expect(second).toEqual(first);
  const share = first.filter((answer) => answer === 'two').length;
  expect(share).toBeGreaterThan(5);
  expect(share).toBeLessThan(35);
  await server.call(putRelease, { params, body: weights(60) });
  const third = await answers();
  for (const [index, answer] of first.entries()) if (answer === 'two') expect(third[index]).toBe('two');
  expect(third.filter((answer) => answer === 'two').length).toBeGreaterThan(share);

  expect(await server.call(rollBackRelease, { params, body: { reason: 'enough' } })).toMatchObject({ versions: [{ version: 1, weight: 100 }], canary: null });
  expect(await post(url, 'customer 1')).toBe('one');
  const audit = await server.call(listChanges, { query: { subject: `release:${id}` } });
  expect(audit.items.map(({ action, reason }) => [action, reason])).toEqual([
    ['rollback', 'enough'],
    ['promote', null],
    ['release', null],
    ['publish', null],
  ]);
  const { history } = await server.call(getRelease, { params });
  expect(history[0]).toMatchObject({ action: 'rollback', after: [{ version: 1, weight: 100 }] });
});

test('a child run gets the version of the value of its outermost run, and live runs without a key are divided too', async () => {
  await using server = await startTestServer();
  const inner = await publishedWorkflow(server, echoGraph('one'));
  const canary = await another(server, inner.id, 'two', 50);
  const parent = graphOf(
    [
      messageInput(),
      node('workflow', 'first', { workflowId: inner.id, input: { message: '{{ input.message }}' } }),
      node('workflow', 'second', { workflowId: inner.id, input: { message: '{{ input.message }}' } }),
      node('output', 'reply', { value: '{{ steps.first + " " + steps.second }}' }),
    ],
    [edge('start', 'first'), edge('first', 'second'), edge('second', 'reply')],
  );
  const id = await workflowOf(server, parent);
  const outputs = await Promise.all(
    Array.from({ length: 16 }, async () => {
      const run = await server.call(startRun, { params: { id }, body: { input: { message: 'x' } } });
      return (await ended(server, run.id)).output;
    }),
  );
  expect(new Set(outputs)).toEqual(new Set(['one one', 'two two']));
  const live = await Promise.all(
    Array.from({ length: 16 }, () => server.call(startRun, { params: { id: inner.id }, body: { input: { message: 'x' }, version: 'live', wait: 10_000 } })),
  );
  expect(new Set(live.map(({ version }) => version))).toEqual(new Set([1, canary]));
});

test('publishing holds while a canary is watched, and otherwise goes live', async () => {
  await using server = await startTestServer();
  const { id } = await publishedWorkflow(server, echoGraph('one'));
  const params = { id };
  await another(server, id, 'two', 10);
  expect(await another(server, id, 'three', undefined)).toBe(3);
  expect(await server.call(getRelease, { params })).toMatchObject({ stable: 1, canary: 2 });
  const { draftRevision } = await server.call(getWorkflow, { params });
  await server.call(saveDraft, { params, body: { graph: echoGraph('four'), revision: draftRevision } });
  expect(await server.refused(publishWorkflow, { params, body: { release: 10 } })).toMatchObject({ status: 409, code: 'in-use' });
  await server.call(putRelease, { params, body: { versions: [{ version: 3, weight: 100 }] } });
  expect(await server.call(getRelease, { params })).toMatchObject({ stable: 3, canary: null });
  expect(await server.call(rollBackRelease, { params })).toMatchObject({ stable: 1 });
});

test('a release is refused with the reason, and nothing changes', async () => {
  await using server = await startTestServer();
  const { id } = await publishedWorkflow(server, echoGraph('one'));
  const params = { id };
  await another(server, id, 'two');
  const put = (versions: { version: number; weight: number }[], more = {}) => server.refused(putRelease, { params, body: { versions, ...more } });
  const half = [
    { version: 1, weight: 50 },
    { version: 2, weight: 50 },
  ];
  expect(await put([{ version: 1, weight: 90 }])).toMatchObject({ status: 400, detail: 'versions must have weights that add up to 100, not 90.' });
  expect(await put([...half, { version: 2, weight: 0 }])).toMatchObject({ status: 400, detail: 'versions.2.version is listed twice.' });
  expect(await put([{ version: 7, weight: 100 }])).toMatchObject({
    status: 404,
    detail: 'Version 7 of this workflow not found. Choose a published version.',
  });
  expect(await put(half, { sticky: 'always' })).toMatchObject({ status: 400, errors: [{ path: 'sticky' }] });
  expect(await put(half, { sticky: '{{ input.message }}' })).toMatchObject({ status: 400, errors: [{ path: 'sticky' }] });
  expect(await put(half, { revision: 7 })).toMatchObject({
    status: 409,
    code: 'revision-conflict',
    detail: 'This release was changed elsewhere. Reload it, then make your change again.',
  });
  const both = await Promise.allSettled(
    [1, 2].map((version) => server.call(putRelease, { params, body: { versions: [{ version, weight: 100 }], revision: 1 } })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { message: expect.stringContaining('answered 409') } });
  expect(await server.call(getRelease, { params })).toMatchObject({ revision: 2 });
  await server.call(deleteWorkflow, { params });
  expect(await put(half)).toMatchObject({ status: 404, code: 'not-found' });
});

test('a broken canary goes back automatically once, with its figures, an audit entry, and a message, and an equal one stays', async () => {
  await using receiver = await startAlertReceiver();
  await using server = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  const { id, url } = await publishedWorkflow(server, echoGraph('one'));
  const params = { id };
  await server.call(putAlert, { params, body: { enabled: true, channel: { kind: 'webhook', url: receiver.url } } });
  const canary = (version: number) => ({
    versions: [
      { version: 1, weight: 50 },
      { version, weight: 50 },
    ],
    sticky: STICKY,
    watch: { minRuns: 5, margins: { failures: 0.1 } },
  });
  const equal = await another(server, id, '{{ "one" }}');
  await server.call(putRelease, { params, body: canary(equal) });
  for (let index = 0; index < 40; index++) await post(url, `customer ${index % 30}`);
  const seen = await until('the figures', async () => {
    const { figures } = await server.call(getRelease, { params });
    return figures !== null && figures.runs.stable + figures.runs.canary === 40 && figures;
  });
  expect(seen.customers?.all).toBe(30);
  expect(seen.runs.countedCanary + seen.runs.countedStable).toBe(30);
  expect(seen.measures[0]).toMatchObject({ measure: 'failures', margin: 0.1, canary: { mean: 0 }, difference: 0 });

  const broken = await another(server, id, '{{ input.missing.deep }}');
  await server.call(putRelease, { params, body: canary(broken) });
  let asked = 0;
  const release = await until('the rollback', async () => {
    await Promise.all(Array.from({ length: 10 }, () => post(url, `person ${asked++}`)));
    const now = await server.call(getRelease, { params });
    return now.canary === null && now;
  });
  expect(release).toMatchObject({ versions: [{ version: 1, weight: 100 }], figures: null });
  const [rollback] = release.history;
  expect(rollback).toMatchObject({ action: 'rollback', actor: { kind: 'system', id: 'release-watch' }, decided: { measure: 'failures' } });
  // A run that had not failed yet when they were counted counts as not failed.
  expect(rollback?.decided?.canary.mean).toBeGreaterThan(0.8);
  expect(rollback?.decided?.lower).toBeGreaterThan(0);
  expect(rollback?.reason).toMatch(/^Failed runs: (9|100|8)[\d.]*% on v3/);
  await until('the delivery', async () => (await server.call(getRelease, { params })).history[0]?.notice?.sentAt);
  const messages = receiver.received.filter(({ json }) => json.type === 'release.rolled-back');
  expect(messages).toHaveLength(1);
  expect(messages[0]?.json.data).toMatchObject({ from: broken, to: 1, measure: 'failures' });
  const audit = await server.call(listChanges, { query: { subject: `release:${id}` } });
  expect(audit.items.filter(({ action }) => action === 'rollback')).toHaveLength(1);
});

test('a form with a file is read as the version that takes the request expects it', async () => {
  await using server = await startTestServer();
  const reading = (doc: object, value: string) =>
    graphOf(
      [node('input', 'start', { schema: { type: 'object', properties: { doc } }, samples: [] }), node('output', 'reply', { value })],
      [edge('start', 'reply')],
    );
  const { id, url } = await publishedWorkflow(server, reading({ type: 'string' }, 'text {{ input.doc }}'));
  const params = { id };
  const { draftRevision } = await server.call(getWorkflow, { params });
  await server.call(saveDraft, { params, body: { graph: reading({ type: 'object' }, 'file {{ input.doc.name }}'), revision: draftRevision } });
  await server.call(publishWorkflow, { params, body: { release: 50 } });
  const send = (name: string, type: string) => {
    const body = new FormData();
    body.set('doc', new File(['hello'], name, { type }));
    return server.send('POST', url, { body });
  };
  const answers = await Promise.all(Array.from({ length: 16 }, () => send('note.txt', 'text/plain')));
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['text hello', 'file note.txt']));
  const images = await Promise.all(Array.from({ length: 16 }, () => send('scan.png', 'image/png')));
  expect(new Set(images.map(({ status }) => status))).toEqual(new Set([200, 415]));
});

test('a gate refuses a version with its failing items and changes nothing, lets a good one pass, and stays until it is removed', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph('{{ input.message }}'));
  const params = { id };
  const dataset = await server.call(createDataset, { body: { name: 'golden' } });
  // Items of the other split don’t count.
  for (let index = 0; index < 24; ) {
    const body = { input: { message: `m${index}` }, expected: `m${index}`, tags: index < 4 ? ['risky'] : [] };
    const item = await server.call(addDatasetItem, { params: { id: dataset.id }, body });
    if (item.split === 'gate') index++;
    else await server.call(updateDatasetItem, { params: { id: dataset.id, item: item.id }, body: { expected: 'never' } });
  }
  const bad = await another(server, id, '{{ input.message == "m1" || input.message == "m2" ? "wrong" : input.message }}');
  const good = await another(server, id, '{{ input.message + "" }}');
  const gate = { datasetId: dataset.id, graders: [{ kind: 'exact' as const }], minScore: 0.9, noRegression: [{ tag: 'risky', margin: 0.1 }] };
  const released = (version: number) => ({
    versions: [
      { version: 1, weight: 80 },
      { version, weight: 20 },
    ],
  });
  const refused = await server.refused(putRelease, { params, body: { ...released(bad), gate } });
  expect(refused).toMatchObject({ status: 422, code: 'gate-failed', version: bad, score: 22 / 24 });
  expect(refused.detail).toContain('Items tagged “risky” lose 50.0 points');
  expect(refused.failing).toMatchObject([{ score: 0, tags: ['risky'] }, { score: 0 }]);
  expect(await server.call(getRelease, { params })).toMatchObject({ revision: 1, gate: null, canary: null, checks: [{ version: bad, status: 'failed' }] });
  expect(await post(url, 'm1')).toBe('m1');

  expect(await server.call(putRelease, { params, body: { ...released(good), gate } })).toMatchObject({
    canary: good,
    gate: { minItems: 20 },
    checks: [{ status: 'passed' }, {}],
  });
  // The experiments of both versions are used again.
  await server.call(putRelease, { params, body: { versions: [{ version: good, weight: 100 }] } });
  expect((await server.call(listExperiments, {})).items).toHaveLength(3);
  // No path leads around it, but going back needs none.
  const both = { versions: [good + 1, bad].map((version) => ({ version, weight: 50 })) };
  const same = await another(server, id, '{{ "" + input.message }}');
  expect(same).toBe(good + 1);
  expect(await server.refused(putRelease, { params, body: both })).toMatchObject({ status: 400, errors: [{ path: 'versions' }] });
  const weaker = { ...released(bad), gate: { ...gate, minScore: 0, noRegression: [] } };
  expect(await server.refused(putRelease, { params, body: weaker })).toMatchObject({ status: 400, errors: [{ path: 'reason' }] });
  expect(await server.refused(putRelease, { params, body: { versions: [{ version: bad, weight: 100 }] } })).toMatchObject({ code: 'gate-failed' });
  expect(await server.call(rollBackRelease, { params })).toMatchObject({ stable: 1 });
  expect(await another(server, id, '{{ "never" }}', undefined)).toBe(5);
  expect(await server.call(getRelease, { params })).toMatchObject({ stable: 1, canary: null });
  const { draftRevision } = await server.call(getWorkflow, { params });
  await server.call(saveDraft, { params, body: { graph: echoGraph('{{ "worse" }}'), revision: draftRevision } });
  expect(await server.refused(publishWorkflow, { params, body: { release: 'live' } })).toMatchObject({ code: 'gate-failed', version: 6 });
  expect(await server.refused(removeGate, { params, body: { reason: '' } })).toMatchObject({ status: 400 });
  expect(await server.call(removeGate, { params, body: { reason: 'on purpose' } })).toMatchObject({ gate: null });
  expect(await server.call(putRelease, { params, body: released(bad) })).toMatchObject({ canary: bad });
});

test('publishing answers 202 while its gate takes longer than a minute, and the check goes live after a restart', async () => {
  await using dir = await temporaryDir();
  await using outside = await startGatedServer();
  const options = { dataDir: dir.path, env: { EGRESS_ALLOW: '127.0.0.1' } };
  const asking = (answer: string) =>
    graphOf(
      [messageInput(), node('tool', 'ask', { url: `${outside.url}/{{ input.message }}` }), node('output', 'reply', { value: answer })],
      [edge('start', 'ask'), edge('ask', 'reply')],
    );
  await using first = await startTestServer(options);
  const { id } = await publishedWorkflow(first, asking('{{ steps.ask.body }}'));
  const params = { id };
  const dataset = await first.call(createDataset, { body: { name: 'golden' } });
  const addItem = () => first.call(addDatasetItem, { params: { id: dataset.id }, body: { input: { message: 'm' }, expected: 'done' } });
  while ((await addItem()).split !== 'gate');
  const gate = { datasetId: dataset.id, graders: [{ kind: 'exact' as const }], minScore: 1, minItems: 1 };
  await first.call(putRelease, { params, body: { versions: [{ version: 1, weight: 100 }], gate } });
  const { draftRevision } = await first.call(getWorkflow, { params });
  await first.call(saveDraft, { params, body: { graph: asking('{{ steps.ask.body + "" }}'), revision: draftRevision } });

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now(), shouldAdvanceTime: true });
  try {
    const published = first.send('POST', `/api/workflows/${id}/publish`, { body: { release: 'live' } });
    await until('the call of its experiment', () => outside.open() > 0);
    vi.setSystemTime(Date.now() + 61_000);
    expect(await published).toMatchObject({ status: 202, json: { number: 2, checking: true } });
    expect(await first.call(getRelease, { params })).toMatchObject({ stable: 1, checks: [{ version: 2, status: 'checking' }] });
    await first.stop();
    await using second = await startTestServer(options);
    outside.answerAll();
    await until('the release', async () => (await second.call(getRelease, { params })).stable === 2);
    const release = await until('the end of the check', async () => {
      const now = await second.call(getRelease, { params });
      return now.checks[0]?.status !== 'checking' && now;
    });
    expect(release).toMatchObject({ checks: [{ status: 'passed', result: { score: 1, items: 1 } }], history: [{ action: 'publish' }, {}, {}] });
  } finally {
    vi.useRealTimers();
  }
});
