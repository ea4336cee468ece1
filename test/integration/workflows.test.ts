import { createBudget, listBudgets } from '@switchyard/shared/contracts/money.ts';
import { getPolicies, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { getTemplate, listTemplates, useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { createTrigger, listTriggers } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { getWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import {
  checkWorkflow,
  createWorkflow,
  deleteWorkflow,
  duplicateWorkflow,
  getVersion,
  getWorkflow,
  listVersions,
  listWorkflows,
  listWorkflowTags,
  publishWorkflow,
  restoreVersion,
  saveDraft,
  undeleteWorkflow,
  updateWorkflow,
} from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { echoGraph } from '../kit/graph.ts';
import { startTestServer } from '../kit/server.ts';

test('a new workflow starts with a connected Input and Output, without problems', async () => {
  await using server = await startTestServer();
  const made = await server.call(createWorkflow, { body: { name: 'My first' } });
  expect(made).toMatchObject({ name: 'My first', slug: 'my-first', draftRevision: 1, liveVersion: null, release: [], paused: false });
  expect(made.draft.nodes.map((node) => node.type)).toEqual(['input', 'output']);
  expect(await server.call(checkWorkflow, { params: { id: made.id } })).toEqual({ problems: [] });
  const again = await server.call(createWorkflow, { body: { name: 'My first' } });
  expect(again.slug).toBe('my-first-2');
});

test('view state is dropped from a graph, and params are kept unchanged', async () => {
  await using server = await startTestServer();
  const { id, draft } = await server.call(createWorkflow, { body: { name: 'Drawn' } });
  const [input, output] = draft.nodes;
  const drawn = {
    ...draft,
    viewport: { x: 1, y: 2, zoom: 3 },
    nodes: [
      { ...input, measured: { width: 1, height: 2 }, selected: true, dragging: true },
      { ...output, data: { ...output?.data, params: { value: 1, odd: { deep: [null] } } } },
    ],
  };
  await server.call(saveDraft, { params: { id }, body: { graph: drawn, revision: 1 } });
  const kept = await server.call(getWorkflow, { params: { id } });
  expect(JSON.stringify(kept.draft)).not.toMatch(/measured|selected|dragging|viewport/);
  expect(kept.draft.nodes[1]?.data.params).toEqual({ value: 1, odd: { deep: [null] } });
});

test('versions are numbered, keep their graphs, and can be restored as the draft', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Versions', graph: echoGraph('one') } });
  const params = { id };
  expect(await server.call(publishWorkflow, { params, body: { note: 'first' } })).toMatchObject({ number: 1, note: 'first' });
  await server.call(saveDraft, { params, body: { graph: echoGraph('two'), revision: 1 } });
  expect(await server.call(publishWorkflow, { params })).toMatchObject({ number: 2, note: '' });
  expect((await server.call(listVersions, { params })).items.map((version) => version.number)).toEqual([2, 1]);
  expect((await server.call(getVersion, { params: { id, number: 1 } })).graph).toEqual(echoGraph('one'));
  const restored = await server.call(restoreVersion, { params: { id, number: 1 } });
  expect(restored).toMatchObject({ draft: echoGraph('one'), draftRevision: 3, liveVersion: 2 });
  expect(await server.refused(getVersion, { params: { id, number: 3 } })).toMatchObject({ status: 404 });
});

test('simultaneous publishes create a version each or are refused as unchanged, and the last one is live', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Busy', graph: echoGraph() } });
  const made = await Promise.allSettled(Array.from({ length: 10 }, () => server.call(publishWorkflow, { params: { id } })));
  const numbers = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.number] : [])).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  const live = numbers.length;
  expect(live).toBeGreaterThan(0);
  expect(await server.call(getWorkflow, { params: { id } })).toMatchObject({ liveVersion: live, release: [{ version: live, weight: 100 }] });
});

test('publishing an unchanged draft is refused, until it differs from the live version', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Same', graph: echoGraph('one') } });
  const params = { id };
  await server.call(publishWorkflow, { params });
  expect(await server.refused(publishWorkflow, { params })).toMatchObject({ status: 409, code: 'already-exists', version: 1 });
  await server.call(saveDraft, { params, body: { graph: echoGraph('two'), revision: 1 } });
  await server.call(publishWorkflow, { params });
  await server.call(restoreVersion, { params: { id, number: 1 } });
  expect(await server.call(publishWorkflow, { params, body: { note: 'back to one' } })).toMatchObject({ number: 3 });
  expect((await server.call(listVersions, { params })).items).toHaveLength(3);
});

test('workflows are found by name, renamed, deleted, and restored', async () => {
  await using server = await startTestServer();
  const first = await server.call(createWorkflow, { body: { name: 'Ticket triage' } });
  const second = await server.call(createWorkflow, { body: { name: 'Invoice intake' } });
  const names = async (query = {}) => (await server.call(listWorkflows, { query })).items.map((item) => item.name);
  expect(await names()).toEqual(['Invoice intake', 'Ticket triage']);
  expect(await names({ search: 'TRIAGE' })).toEqual(['Ticket triage']);
  await server.call(updateWorkflow, { params: { id: first.id }, body: { name: 'Triage' } });
  expect(await names()).toEqual(['Triage', 'Invoice intake']);
  await server.call(deleteWorkflow, { params: { id: second.id } });
  expect(await names()).toEqual(['Triage']);
  expect(await names({ deleted: 'true' })).toEqual(['Invoice intake']);
  expect(await server.refused(getWorkflow, { params: { id: second.id } })).toMatchObject({ status: 404 });
  await server.call(undeleteWorkflow, { params: { id: second.id } });
  expect((await server.call(getWorkflow, { params: { id: second.id } })).deletedAt).toBeNull();
  const page = await server.call(listWorkflows, { query: { limit: 1 } });
  expect(page.items).toHaveLength(1);
  expect(await names({ limit: 1, cursor: page.nextCursor })).toHaveLength(1);
});

test('every shipped template becomes a workflow without problems that can be published', async () => {
  await using server = await startTestServer();
  const { items } = await server.call(listTemplates, {});
  expect(items.length).toBeGreaterThanOrEqual(3);
  for (const { slug, name, readme, stepCount } of items) {
    expect([readme.length > 100, stepCount > 2], slug).toEqual([true, true]);
    expect((await server.call(getTemplate, { params: { slug } })).name).toBe(name);
    const made = await server.call(useTemplate, { params: { slug } });
    expect(made).toMatchObject({ name, templateSlug: slug, draftRevision: 1 });
    await server.call(publishWorkflow, { params: { id: made.id } });
  }
  expect((await server.call(useTemplate, { params: { slug: items[0]?.slug ?? '' }, body: { name: 'Mine' } })).name).toBe('Mine');
  const page = await server.call(listTemplates, { query: { limit: 2 } });
  const rest = await server.call(listTemplates, { query: { limit: 100, cursor: page.nextCursor ?? '' } });
  expect([...page.items, ...rest.items].map((item) => item.slug)).toEqual(items.map((item) => item.slug));
});

test('workflows are found by name and by tag, whatever the case, and filtered by a tag', async () => {
  await using server = await startTestServer();
  const make = async (name: string, ...tags: string[]) => (await server.call(createWorkflow, { body: { name, tags } })).id;
  const refunds = await make('Refunds', 'Support', 'money', 'support');
  await make('Reports', 'money');
  await make('Plain');
  const names = async (query: { search?: string; tag?: string }) => (await server.call(listWorkflows, { query })).items.map(({ name }) => name).sort();
  expect((await server.call(getWorkflow, { params: { id: refunds } })).tags).toEqual(['Support', 'money']);
  expect(await names({ search: 're' })).toEqual(['Refunds', 'Reports']);
  expect(await names({ search: 'SUPP' })).toEqual(['Refunds']);
  expect(await names({ tag: 'Money' })).toEqual(['Refunds', 'Reports']);
  expect(await names({ tag: 'mon' })).toEqual([]);
  expect(await names({ tag: 'money', search: 'refund' })).toEqual(['Refunds']);
  expect(await names({ search: 'nothing like it' })).toEqual([]);
  expect((await server.call(listWorkflowTags, {})).items).toEqual([
    { tag: 'money', count: 2 },
    { tag: 'Support', count: 1 },
  ]);
  expect((await server.call(updateWorkflow, { params: { id: refunds }, body: { tags: ['Billing'] } })).tags).toEqual(['Billing']);
  expect(await names({ tag: 'money' })).toEqual(['Reports']);
  const paged = await server.call(listWorkflows, { query: { search: 'p', limit: 1 } });
  expect(paged.items).toHaveLength(1);
  const rest = await server.call(listWorkflows, { query: { search: 'p', limit: 5, cursor: paged.nextCursor ?? '' } });
  expect([...paged.items, ...rest.items].map(({ name }) => name).sort()).toEqual(['Plain', 'Reports']);
  await server.call(deleteWorkflow, { params: { id: refunds } });
  expect((await server.call(listWorkflowTags, {})).items).toEqual([{ tag: 'money', count: 1 }]);
  expect(await server.refused(updateWorkflow, { params: { id: refunds }, body: { tags: ['two\nlines'] } })).toMatchObject({ status: 400 });
});

test('a duplicate has the draft, policy, budgets, and tags, a webhook of its own, and triggers that are off', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createWorkflow, { body: { name: 'Original', description: 'What it does', tags: ['a'], graph: echoGraph('one') } });
  await server.call(publishWorkflow, { params: { id } });
  await server.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'card', action: 'mask' }] } });
  await server.call(createBudget, { body: { scope: { kind: 'workflow', id }, period: 'day', hardMicros: 5_000_000 } });
  await server.call(createTrigger, { params: { id }, body: { kind: 'schedule', cron: '0 7 * * 1' } });
  const copy = await server.call(duplicateWorkflow, { params: { id } });
  expect(copy).toMatchObject({ name: 'Original (copy)', description: 'What it does', tags: ['a'], draft: echoGraph('one'), liveVersion: null });
  expect(await server.call(getPolicies, { params: { id: copy.id } })).toMatchObject({ redaction: [{ detector: 'card', action: 'mask' }] });
  expect((await server.call(listBudgets, {})).items.filter(({ scope }) => scope.id === copy.id)).toMatchObject([{ hardMicros: 5_000_000 }]);
  expect((await server.call(listTriggers, { params: { id: copy.id } })).items).toMatchObject([{ kind: 'schedule', enabled: false }]);
  const urls = await Promise.all([id, copy.id].map((one) => server.call(getWebhook, { params: { id: one } })));
  expect(new Set(urls.map(({ url }) => url)).size).toBe(2);
  expect((await server.call(duplicateWorkflow, { params: { id }, body: { name: 'Mine' } })).name).toBe('Mine');
  expect(await server.refused(duplicateWorkflow, { params: { id: 'wf_unknown' } })).toMatchObject({ status: 404 });
});
