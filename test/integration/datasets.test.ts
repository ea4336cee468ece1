import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import * as contracts from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { createErasure } from '@switchyard/shared/contracts/policies.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const newDataset = async (name: string) => (await server.call(contracts.createDataset, { body: { name } })).id;
const add = (id: string, body: BodyOf<typeof contracts.addDatasetItem>) => server.call(contracts.addDatasetItem, { params: { id }, body });
const list = async (id: string, query: QueryOf<typeof contracts.listDatasetItems> = {}) =>
  (await server.call(contracts.listDatasetItems, { params: { id }, query })).items;
const exported = async (id: string, query = '') => {
  const { status, text } = await server.send('GET', `/api/datasets/${id}/export${query}`);
  return {
    status,
    lines:
      status === 200
        ? text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line))
        : [],
  };
};

/** Answers the message in capitals. */
const shouting = () =>
  publishedWorkflow(
    server,
    graphOf([messageInput(), node('output', 'reply', { value: '{{ {"text": input.message.upperAscii()} }}' })], [edge('start', 'reply')]),
  );

test('an edit makes the next version, and earlier and deleted versions stay readable', async () => {
  const id = await newDataset('Versions');
  const first = await add(id, { input: { n: 1 }, expected: 2, tags: ['Risky', 'Risky'] });
  expect(first).toMatchObject({ version: 1, expected: 2, tags: ['Risky'], source: { kind: 'hand' }, kept: null });
  const params = { id, item: first.id };
  const second = await server.call(contracts.updateDatasetItem, { params, body: { version: 1, expected: null, decision: { decision: 'approve' } } });
  expect(second).toMatchObject({ version: 2, input: { n: 1 }, expected: null, split: first.split, decision: { decision: 'approve' } });
  expect(await server.send('PATCH', `/api/datasets/${id}/items/${first.id}`, { body: { version: 1, tags: [] } })).toMatchObject({
    status: 409,
    json: { code: 'revision-conflict' },
  });
  const third = await server.call(contracts.updateDatasetItem, { params, body: { noExpected: true, decision: null } });
  expect([third.version, 'expected' in third, 'decision' in third]).toEqual([3, false, false]);
  await server.call(contracts.deleteDatasetItem, { params });
  expect(await list(id)).toEqual([]);
  expect((await server.send('GET', `/api/datasets/${id}/items/${first.id}`)).status).toBe(404);
  for (const version of [first, second, third])
    expect(await server.call(contracts.getDatasetItem, { params, query: { version: version.version } })).toEqual(version);
});

test('two edits at once make one version each, or one of them is refused', async () => {
  const id = await newDataset('Races');
  const { id: item } = await add(id, { input: 0 });
  const edits = await Promise.all([1, 2, 3].map((input) => server.send('PATCH', `/api/datasets/${id}/items/${item}`, { body: { input } })));
  const made = edits.filter(({ status }) => status === 200).map(({ json }) => (json as { version: number }).version);
  expect(edits.every(({ status }) => status === 200 || status === 409)).toBe(true);
  expect(new Set(made).size).toBe(made.length);
  expect((await list(id))[0]?.version).toBe(Math.max(...made));
});

test('items are filtered, counted, and exported, and about half of them are on each side', async () => {
  const id = await newDataset('Sides');
  const rows = Array.from({ length: 120 }, (_, n) => ({ line: n + 2, input: { message: `Row ${n}` }, expected: n, tags: n % 3 === 0 ? ['late'] : [] }));
  const imported = await server.call(contracts.importDatasetItems, { params: { id }, body: { items: rows } });
  expect(imported).toEqual({ added: 120, known: 0, problems: [] });
  const again = [...rows.slice(0, 5), { line: 122, input: 'x'.repeat(100_001), tags: [] }];
  expect(await server.call(contracts.importDatasetItems, { params: { id }, body: { items: again } })).toMatchObject({
    added: 0,
    known: 5,
    problems: [{ place: '122', message: expect.stringContaining('100 KB') }],
  });
  await add(id, { input: 'last', expected: 120, tags: [] });
  const { counts, tags, items } = await server.call(contracts.getDataset, { params: { id } });
  expect([tags, items, counts.tune + counts.gate]).toEqual([['late'], 121, 121]);
  expect(Math.min(counts.tune, counts.gate)).toBeGreaterThan(35);
  expect((await list(id, { limit: 200 })).map(({ expected }) => expected)).toEqual([...rows.map(({ expected }) => expected), 120]);
  expect(await list(id, { tag: 'LATE', limit: 200 })).toHaveLength(40);
  expect((await list(id, { search: 'row 119' })).map(({ expected }) => expected)).toEqual([119]);
  const gate = (await exported(id, '?split=gate')).lines;
  expect(gate).toHaveLength(counts.gate);
  expect(gate.every(({ split }) => split === 'gate')).toBe(true);
  expect((await exported(id)).lines).toHaveLength(121);
  const first = await server.send('GET', `/api/datasets/${id}/items?limit=100`);
  const { nextCursor } = first.json as { nextCursor: string };
  expect(((await server.send('GET', `/api/datasets/${id}/items?limit=100&cursor=${nextCursor}`)).json as { items: unknown[] }).items).toHaveLength(21);
});

test('runs become items once, one by one or as a sample, and can be kept with consent', async () => {
  const { url, id: workflowId } = await shouting();
  const runs: string[] = [];
  for (const message of ['a', 'b', 'c']) {
    const { headers } = await server.send('POST', url, { body: { message } });
    runs.push(headers.get('x-run-id') ?? '');
  }
  const id = await newDataset('From runs');
  const fromRun = (body: unknown) => server.send('POST', `/api/datasets/${id}/items/from-run`, { body });
  const one = await fromRun({ runId: runs[0], tags: ['hard'] });
  expect(one).toMatchObject({ status: 201, json: { input: { message: 'a' }, expected: { text: 'A' }, source: { kind: 'run', runId: runs[0], workflowId } } });
  expect((await fromRun({ runId: runs[0] })).json).toMatchObject({ code: 'already-exists' });
  expect((await fromRun({})).status).toBe(400);
  const many = { runs: { workflowId, count: 10, sample: 'random' }, expected: 'none' };
  expect((await fromRun(many)).json).toEqual({ added: 2, known: 1, problems: [] });
  expect((await fromRun(many)).json).toEqual({ added: 0, known: 3, problems: [] });
  const [, second] = await list(id);
  const keep = { params: { id, item: second?.id ?? '' }, body: { keep: { consent: 'Ada agreed by email' } } };
  expect((await server.call(contracts.updateDatasetItem, keep)).kept).toMatchObject({ consent: 'Ada agreed by email' });
});

test('an erasure removes what items and their earlier versions copied, also of kept items', async () => {
  const { id: workflowId } = await shouting();
  const started = await server.send('POST', `/api/workflows/${workflowId}/runs`, {
    body: { input: { message: 'secret' }, labels: { customer: 'ada' }, wait: 10_000 },
  });
  const runId = (started.json as { id: string }).id;
  const id = await newDataset('Erased');
  const item = (await server.send('POST', `/api/datasets/${id}/items/from-run`, { body: { runId } })).json as { id: string };
  const params = { id, item: item.id };
  await server.call(contracts.updateDatasetItem, { params, body: { keep: { consent: 'yes' }, tags: ['x'] } });
  await server.call(createErasure, { body: { label: 'customer', value: 'ada', dryRun: false } });
  const left = await server.send('GET', `/api/datasets/${id}/items/${item.id}`);
  expect(left.json).toMatchObject({ version: 2, kept: null, tags: ['x'], removedAt: expect.any(String) });
  const earlier = await server.send('GET', `/api/datasets/${id}/items/${item.id}?version=1`);
  expect(`${left.text}${earlier.text}`).not.toMatch(/secret/i);
  expect(await list(id, { search: 'secret' })).toEqual([]);
  expect((await server.send('PATCH', `/api/datasets/${id}/items/${item.id}`, { body: { expected: 1 } })).json).toMatchObject({ code: 'payload-removed' });
  expect((await server.send('POST', `/api/datasets/${id}/items/from-run`, { body: { runId } })).status).toBe(410);
});

test('samples become items with their expected output, tagged by name', async () => {
  const graph = graphOf([messageInput(), node('output', 'reply', { value: '{{ input.message }}' })], [edge('start', 'reply')]);
  const samples = [
    { name: 'Incomplete', value: { message: 'x' }, expect: 'x', decisions: { review: 'approve' } },
    { name: 'Late', value: { message: 'y' } },
  ];
  const nodes = graph.nodes.map((one) => (one.data.key === 'start' ? { ...one, data: { ...one.data, params: { ...one.data.params, samples } } } : one));
  const { id: workflowId } = await publishedWorkflow(server, { ...graph, nodes });
  const id = await newDataset('Samples');
  const added = await server.call(contracts.addItemsFromSamples, { params: { id }, body: { workflowId } });
  expect(added).toEqual({ added: 2, known: 0, problems: [] });
  expect(await list(id, { tag: 'incomplete' })).toMatchObject([{ input: { message: 'x' }, expected: 'x', decision: { decision: 'approve' } }]);
});

test('an export for fine-tuning needs consent, and never has the gate', async () => {
  const id = await newDataset('Tuning');
  expect((await exported(id, '?format=chat')).status).toBe(400);
  expect((await exported(id, '?format=chat&consent=true&split=gate')).status).toBe(400);
  await add(id, { input: 'no correction', expected: 'x' });
  expect(await exported(id, '?format=chat&consent=true')).toEqual({ status: 200, lines: [] });
});

test('a dataset is renamed and deleted, and its name is free again', async () => {
  const id = await newDataset('Old name');
  expect((await server.send('POST', '/api/datasets', { body: { name: 'old NAME' } })).json).toMatchObject({ code: 'already-exists' });
  await server.call(contracts.updateDataset, { params: { id }, body: { name: 'New name', description: 'Why' } });
  expect(await server.call(contracts.getDataset, { params: { id } })).toMatchObject({ name: 'New name', description: 'Why', items: 0 });
  await server.call(contracts.deleteDataset, { params: { id } });
  expect((await server.send('GET', `/api/datasets/${id}`)).status).toBe(404);
  await newDataset('New name');
});
