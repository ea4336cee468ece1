import { deletePin, listPins, putPin } from '@switchyard/shared/contracts/building/pins.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { type Run, startRun } from '@switchyard/shared/contracts/runs.ts';
import { getWorkflow, listVersions, publishWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { chainGraph } from '../kit/chain.ts';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, modelGraph, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { journalOf, stepOf, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

const start = (server: TestServer, id: string, body: Record<string, unknown>): Promise<Run> =>
  server.call(startRun, { params: { id }, body: { wait: 20_000, ...body } });
const INPUT = { input: { message: 'Hello' } };
const keys = (run: Run): string[] => run.steps.filter(({ status }) => status !== 'skipped').map(({ nodeKey }) => nodeKey);

test('a draft run takes a pinned output instead of running the node, and says so; published versions never do', async () => {
  await using server = await startTestServer();
  const id = await workflowOf(server, modelGraph());
  await server.call(putPin, { params: { id, nodeKey: 'draft' }, body: { output: { text: 'Pinned' } } });
  const run = await start(server, id, INPUT);
  expect(run).toMatchObject({ status: 'succeeded', output: 'Pinned', costMicros: 0 });
  expect(stepOf(run, 'draft')).toMatchObject({ status: 'succeeded', pinned: true, reusedFrom: null, calls: [], attempts: [] });
  await server.call(publishWorkflow, { params: { id }, body: {} });
  expect((await start(server, id, { ...INPUT, version: 'live' })).output).not.toBe('Pinned');
  expect(JSON.stringify(await server.call(getWorkflow, { params: { id } }))).not.toContain('Pinned');
  expect(JSON.stringify(await server.call(listVersions, { params: { id } }))).not.toContain('Pinned');
  await server.call(deletePin, { params: { id, nodeKey: 'draft' } });
  expect((await server.call(listPins, { params: { id } })).items).toEqual([]);
  expect((await start(server, id, INPUT)).output).not.toBe('Pinned');
});

test('a pinned output is redacted, and rejected if the policy stores no values', async () => {
  await using server = await startTestServer();
  const id = await workflowOf(server, modelGraph());
  await server.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
  const pin = { params: { id, nodeKey: 'draft' }, body: { output: { text: 'to jane.roe@example.com' } } };
  expect(JSON.stringify(await server.call(putPin, pin))).not.toContain('jane.roe');
  expect((await start(server, id, INPUT)).output).not.toContain('jane.roe');
  await server.call(putPolicies, { params: { id }, body: { logging: 'metadata' } });
  await expect(server.call(putPin, pin)).rejects.toThrow('redaction-refused');
});

test('a pin of a node with several branches takes the branch of its output, and Input and Output can’t be pinned', async () => {
  await using server = await startTestServer();
  const labels = [
    { name: 'billing', description: 'Money' },
    { name: 'other', description: 'Anything else' },
  ];
  const graph = graphOf(
    [
      messageInput(),
      node('classify', 'kind', { text: '{{ input.message }}', labels, route: 'fast' }),
      node('output', 'a', { value: 'A' }),
      node('output', 'b', { value: 'B' }),
    ],
    [edge('start', 'kind'), edge('kind.billing', 'a'), edge('kind.other', 'b'), edge('kind.unsure', 'b')],
  );
  const id = await workflowOf(server, graph);
  const pin = (nodeKey: string, body: { output: unknown; port?: string }) => server.call(putPin, { params: { id, nodeKey }, body });
  await expect(pin('start', { output: 1 })).rejects.toThrow('bad-request');
  await expect(pin('a', { output: 1 })).rejects.toThrow('bad-request');
  await expect(pin('gone', { output: 1 })).rejects.toThrow('not-found');
  await expect(pin('kind', { output: {}, port: 'no-such' })).rejects.toThrow('"path":"port"');
  await pin('kind', { output: { label: 'billing', confidence: 1 }, port: 'billing' });
  expect((await start(server, id, INPUT)).output).toBe('A');
  await pin('kind', { output: { label: 'other', confidence: 1 }, port: 'other' });
  expect((await start(server, id, INPUT)).output).toBe('B');
});

test('“only” runs one node with the data of the last run, and “from” that node and everything after it', async () => {
  await using server = await startTestServer();
  await using fake = await startFakeProvider();
  await routeTo(server, 'fast', fakeTarget(fake));
  const id = await workflowOf(server, chainGraph('fast'));
  await expect(start(server, id, { only: 'two' })).rejects.toThrow('"path":"only"');
  const first = await start(server, id, INPUT);
  const calls = fake.calls.length;
  const only = await start(server, id, { only: 'two' });
  expect(only).toMatchObject({ status: 'succeeded', output: null, rerunOf: first.id, input: INPUT.input });
  expect(keys(only)).toEqual(['start', 'one', 'two']);
  expect(fake.calls.length).toBe(calls + 1);
  expect(stepOf(only, 'one')).toMatchObject({ reusedFrom: first.id, output: stepOf(first, 'one').output });
  const from = await start(server, id, { from: 'three' });
  expect(from).toMatchObject({ status: 'succeeded', output: first.output });
  expect(fake.calls.length).toBe(calls + 2);
  const upTo = await start(server, id, { only: 'two', input: { message: 'Other' } });
  expect(keys(upTo)).toEqual(['start', 'one', 'two']);
  expect(fake.calls.length).toBe(calls + 4);
  await expect(start(server, id, { ...INPUT, from: 'two' })).rejects.toThrow('"path":"input"');
  await expect(start(server, id, { only: 'gone' })).rejects.toThrow('"path":"only"');
});

test('“only” ignores problems of later nodes, and runs what the last run has no data of', async () => {
  await using server = await startTestServer();
  const review = { title: 'Check', decisions: [{ id: 'approve', title: 'Approve' }], fields: [] };
  const graph = graphOf(
    [
      messageInput(),
      node('transform', 'a', { fields: [{ name: 'text', value: 'input.message' }] }),
      node('transform', 'b', { fields: [{ name: 'text', value: '"B"' }] }),
      node('merge', 'both'),
      node('human-review', 'check', review),
      node('output', 'reply', { value: '{{ steps.both' }),
    ],
    [edge('start', 'a'), edge('start', 'b'), edge('a', 'both'), edge('b', 'both'), edge('both', 'check'), edge('check.approve', 'reply')],
  );
  const id = await workflowOf(server, graph);
  await expect(start(server, id, INPUT)).rejects.toThrow('answered 422');
  const onlyA = await start(server, id, { ...INPUT, only: 'a' });
  expect(keys(onlyA)).toEqual(['start', 'a']);
  const both = await start(server, id, { only: 'both' });
  expect(both.status).toBe('succeeded');
  expect(both.steps.map(({ nodeKey, reusedFrom }) => `${nodeKey} ${reusedFrom === null ? 'ran' : 'reused'}`)).toEqual([
    'start reused',
    'a reused',
    'b ran',
    'both ran',
  ]);
});

test('a draft run breaks calls on purpose, sends nothing for them, and says so', async () => {
  await using server = await startTestServer();
  await using fake = await startFakeProvider();
  await routeTo(server, 'fast', fakeTarget(fake));
  const graph = chainGraph('fast');
  const two = graph.nodes.find(({ id }) => id === 'two');
  if (two) two.data.policy = { retry: { max: 2, backoffMs: 1, factor: 1, jitter: 0 } };
  const id = await workflowOf(server, graph);
  const down = await start(server, id, { ...INPUT, faults: [{ nodeKey: 'one', kind: 'provider-down' }] });
  expect(down).toMatchObject({ status: 'failed', error: { code: 'provider-unavailable', nodeKey: 'one' } });
  expect(down.error?.message).toContain('Injected fault');
  expect(stepOf(down, 'one').calls).toMatchObject([{ status: 'failed', fault: 'provider-down' }]);
  expect(fake.calls.length).toBe(0);
  const limited = await start(server, id, { ...INPUT, faults: [{ nodeKey: 'two', kind: 'rate-limited', times: 1 }] });
  expect(limited.status).toBe('succeeded');
  expect(stepOf(limited, 'two').attempts.map(({ error }) => error?.code)).toEqual(['provider-rate-limited', undefined]);
  expect((await journalOf(server, limited.id))[0]).toMatchObject({ faults: [{ nodeKey: 'two', kind: 'rate-limited', times: 1 }] });
  const nonsense = await start(server, id, { ...INPUT, faults: [{ nodeKey: 'three', kind: 'nonsense' }] });
  expect(nonsense).toMatchObject({ status: 'succeeded', output: expect.stringContaining('ladders') });
  await expect(start(server, id, { ...INPUT, faults: [{ nodeKey: 'start', kind: 'slow' }] })).rejects.toThrow('"path":"faults.0.kind"');
  await expect(start(server, id, { ...INPUT, version: 'live', faults: [{ nodeKey: 'one', kind: 'slow' }] })).rejects.toThrow('bad-request');
});

test('an HTTP request is broken without being sent', async () => {
  await using server = await startTestServer();
  const graph = graphOf(
    [messageInput(), node('tool', 'ask', { url: 'http://127.0.0.1:9/' }), node('output', 'reply', { value: '{{ steps.ask }}' })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
  const id = await workflowOf(server, graph);
  const failed = await start(server, id, { ...INPUT, faults: [{ nodeKey: 'ask', kind: 'tool-error' }] });
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'unexpected-status' } });
  const odd = await start(server, id, { ...INPUT, faults: [{ nodeKey: 'ask', kind: 'nonsense' }] });
  expect(odd).toMatchObject({ status: 'succeeded' });
  expect(stepOf(odd, 'ask').calls).toMatchObject([{ fault: 'nonsense', record: { status: 200 } }]);
});
