import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { createBudget, deleteBudget } from '@switchyard/shared/contracts/money.ts';
import {
  createRoute,
  deleteRoute,
  getRoute,
  getRouteFigures,
  getRouteUsage,
  getRouteVersion,
  listRouteVersions,
  restoreRouteVersion,
  updateRoute,
} from '@switchyard/shared/contracts/routes.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow, deleteWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
let fake: FakeProvider;
let connectionId: string;
beforeAll(async () => {
  server = await startTestServer();
  fake = await startFakeProvider();
  await routeTo(server, 'base', fakeTarget(fake));
  connectionId = (await server.call(getRoute, { params: { name: 'base' } })).targets[0]?.connectionId ?? '';
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

const target = (model: string, more: object = {}) => ({ connectionId, model, ...more });
const made = (name: string, ...targets: ReturnType<typeof target>[]) => server.call(createRoute, { body: { name, targets } });
const put = (name: string, body: object) => server.send('PUT', `/api/routes/${name}`, { body });
async function callOf(route: string, labels: Record<string, string> = {}) {
  const graph = graphOf(
    [
      node('input', 'start', { schema: {}, samples: [] }),
      node('prompt', 'ask', { route, message: 'Hello' }),
      node('output', 'reply', { value: '{{ steps.ask.text }}' }),
    ],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );
  const { id } = await server.call(createWorkflow, { body: { name: `Calls ${route}`, graph } });
  const run = await server.call(startRun, { params: { id }, body: { input: {}, labels, wait: 20_000, version: 'draft' } });
  const record = run.steps.find(({ nodeKey }) => nodeKey === 'ask')?.calls[0]?.record;
  return { run, record: record?.kind === 'model' ? record : undefined };
}

describe('versions of a route', () => {
  test('are made by every change, keep their settings, and can be restored', async () => {
    expect(await made('drafts', target('one'))).toMatchObject({ version: 1, order: 'sequence', stickyKey: null });
    const changed = await server.call(updateRoute, {
      params: { name: 'drafts' },
      body: { targets: [target('two')], description: 'Drafts', reason: 'cheaper' },
    });
    expect(changed).toMatchObject({ version: 2, targets: [{ model: 'two' }] });
    const { items } = await server.call(listRouteVersions, { params: { name: 'drafts' } });
    expect(items).toMatchObject([
      { number: 2, targets: [{ model: 'two' }], reason: 'cheaper', actor: { kind: 'user' } },
      { number: 1, targets: [{ model: 'one' }], reason: null },
    ]);
    const restored = await server.call(restoreRouteVersion, { params: { name: 'drafts', number: 1 }, body: { reason: 'worse answers' } });
    expect(restored).toMatchObject({ version: 3, targets: [{ model: 'one' }], description: '' });
    expect(await server.call(getRouteVersion, { params: { name: 'drafts', number: 2 } })).toMatchObject({ targets: [{ model: 'two' }] });
    const audit = await server.call(listChanges, { query: { subject: 'route:drafts' } });
    expect(audit.items.map(({ action, reason, applied }) => [action, reason, applied])).toEqual([
      ['restore', 'worse answers', true],
      ['update', 'cheaper', true],
      ['create', null, true],
    ]);
  });

  test('are recorded with each call', async () => {
    await made('recorded', target('one'));
    await put('recorded', { targets: [target('two')] });
    expect((await callOf('recorded')).record).toMatchObject({ route: 'recorded', routeVersion: 2, model: 'two' });
  });

  test('are refused if another version came first', async () => {
    await made('shared', target('one'));
    expect((await put('shared', { version: 1, targets: [target('two')] })).status).toBe(200);
    const late = await put('shared', { version: 1, targets: [target('three')] });
    expect(late).toMatchObject({ status: 409, json: { code: 'revision-conflict' } });
    expect((await server.call(listRouteVersions, { params: { name: 'shared' } })).items).toHaveLength(2);
  });

  test('all count if several people save at once', async () => {
    await made('busy', target('one'));
    const saved = await Promise.all([1, 2, 3].map((number) => put('busy', { targets: [target(`m${number}`)] })));
    expect(saved.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { version } = await server.call(getRoute, { params: { name: 'busy' } });
    const { items } = await server.call(listRouteVersions, { params: { name: 'busy' } });
    expect(items).toHaveLength(4);
    expect(items[0]?.number).toBe(version);
  });

  test('never use a number again, also after the route was deleted', async () => {
    await made('again', target('one'));
    await put('again', { targets: [target('two')] });
    await server.call(deleteRoute, { params: { name: 'again' }, query: { reason: 'unused' } });
    expect(await made('again', target('three'))).toMatchObject({ version: 3 });
  });

  test('are kept while something uses the route: deleting it names the workflows and budgets', async () => {
    await made('needed', target('one'));
    const graph = graphOf(
      [node('input', 'start', { schema: {}, samples: [] }), node('prompt', 'ask', { route: 'needed', message: 'Hi' })],
      [edge('start', 'ask')],
    );
    const judged = graphOf(
      [node('input', 'start', { schema: {}, samples: [] }), node('guardrail', 'guard', { value: 'x', judge: true, rubric: 'x', route: 'needed' })],
      [edge('start', 'guard')],
    );
    const drafted = await server.call(createWorkflow, { body: { name: 'Drafted', graph: judged } });
    const live = await server.call(createWorkflow, { body: { name: 'Released', graph } });
    await server.call(publishWorkflow, { params: { id: live.id }, body: {} });
    const draft = graphOf([node('input', 'start', { schema: {}, samples: [] })], []);
    await server.call(saveDraft, { params: { id: live.id }, body: { graph: draft, revision: live.draftRevision } });
    const scope = { kind: 'workspace' } as const;
    const soft = await server.call(createBudget, { body: { name: 'Thrift', scope, period: 'day', softMicros: 1e6, onSoft: 'route', route: 'needed' } });
    const limit = await server.call(createBudget, { body: { scope: { kind: 'route', id: 'needed' }, period: 'day', hardMicros: 1e9 } });
    const usage = await server.call(getRouteUsage, { params: { name: 'needed' } });
    const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).sort();
    expect([ids(usage.workflows), ids(usage.budgets)]).toEqual([ids([drafted, live]), ids([soft, limit])]);

    const remove = () => server.refused(deleteRoute, { params: { name: 'needed' } });
    const refused = await remove();
    expect(refused).toMatchObject({ status: 409, code: 'in-use', usedBy: usage });
    for (const name of ['“Drafted”', '“Released”', '“Thrift”', `“${limit.id}”`]) expect(refused.detail).toContain(name);
    for (const { id } of [drafted, live]) await server.call(deleteWorkflow, { params: { id } });
    expect((await remove()).detail).toMatch(/^Route “needed” is used by budgets “.*”, “.*”\. Choose another route there first\.$/);
    for (const { id } of [soft, limit]) await server.call(deleteBudget, { params: { id } });
    await server.call(deleteRoute, { params: { name: 'needed' } });
    expect((await server.call(listChanges, { query: { subject: 'route:needed' } })).items.map(({ action }) => action)).toEqual(['delete', 'create']);
  });

  test('are also made when a route follows a connection', async () => {
    const { version, automatic } = await server.call(getRoute, { params: { name: 'fast' } });
    expect(automatic).toBe(true);
    const { items } = await server.call(listRouteVersions, { params: { name: 'fast' } });
    expect(items[0]).toMatchObject({ number: version, actor: { kind: 'system', id: 'connections' }, targets: [{ connectionId }] });
    expect(items.at(-1)).toMatchObject({ number: 1, actor: { kind: 'system', id: 'startup' }, targets: [{ connectionId: 'demo' }] });
  });
});

describe('rules of a route', () => {
  test('are checked when it is saved, with the field', async () => {
    const reply = await put('base', { order: 'weights', stickyKey: 'input.customer', targets: [target('one', { when: 'labels.tier ==' })] });
    expect(reply.status).toBe(400);
    expect((reply.json as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual(['stickyKey', 'targets.0.when', 'targets']);
  });

  test('send calls of one label value to one target, in proportion to the weights', async () => {
    await server.call(createRoute, {
      body: { name: 'split', order: 'weights', stickyKey: 'labels.customer', targets: [target('a', { weight: 1 }), target('b', { weight: 1 })] },
    });
    const models = async (customer: string) => (await callOf('split', { customer })).record?.model;
    // Which customer gets which target depends on IDs that each run of this test creates: among 24, both targets are seen.
    const customers = Array.from({ length: 24 }, (_, number) => `customer-${number}`);
    const seen = new Set<string | undefined>();
    for (const customer of customers) {
      const model = await models(customer);
      expect(await models(customer)).toBe(model);
      seen.add(model);
    }
    expect(seen).toEqual(new Set(['a', 'b']));
  });

  test('leave out targets by labels, and say so in the call', async () => {
    await made('tiers', target('small', { when: 'labels.tier == "free"' }), target('large'));
    expect((await callOf('tiers', { tier: 'free' })).record).toMatchObject({ model: 'small' });
    expect((await callOf('tiers', { tier: 'paid' })).record).toMatchObject({ model: 'large', leftOut: [{ model: 'small' }] });
  });

  test('fail the step if they leave out every target', async () => {
    await made('unmatched', target('small', { when: 'size > 100000' }));
    const { run } = await callOf('unmatched');
    expect(run).toMatchObject({ status: 'failed', error: { code: 'no-target' } });
  });
});

describe('limits of a connection', () => {
  test('make calls wait for their turn, which the call shows', async () => {
    const slow = await startFakeProvider();
    await routeTo(server, 'narrow', fakeTarget(slow));
    const id = (await server.call(getRoute, { params: { name: 'narrow' } })).targets[0]?.connectionId ?? '';
    const limited = await server.send('PATCH', `/api/connections/${id}`, { body: { limits: { atOnce: 1 } } });
    expect(limited.json).toMatchObject({ limits: { atOnce: 1 }, load: { running: 0, waiting: 0 } });
    slow.failNext({ kind: 'slow', delayMs: 100 });
    const [first, second] = await Promise.all([callOf('narrow'), callOf('narrow')]);
    const waits = [first, second].map(({ record }) => record?.attempts[0]?.queuedMs ?? 0).sort((one, two) => one - two);
    expect(waits[0]).toBe(0);
    expect(waits[1]).toBeGreaterThan(50);
    await slow.close();
  });

  test('are 4 calls at once for a server on this machine, until set', async () => {
    const { json } = await server.send('GET', '/api/connections');
    const found = (json as { items: { id: string; limits: unknown }[] }).items.find(({ id }) => id === connectionId);
    expect(found?.limits).toEqual({ atOnce: 4 });
  });
});

describe('figures of a route', () => {
  test('show each target, and that a fallback lasts', async () => {
    const flaky = await startFakeProvider();
    await routeTo(server, 'figures', fakeTarget(flaky), fakeTarget(fake, { model: 'fake-large' }));
    await put('figures', { targets: (await server.call(getRoute, { params: { name: 'figures' } })).targets, fallbackWarningMs: 0 });
    flaky.failAlways({ kind: 'status', status: 400 });
    await callOf('figures');
    const seen = await server.call(getRouteFigures, { params: { name: 'figures' } });
    expect(seen.targets).toMatchObject([
      { model: 'fake-small', calls: 1, failed: 1, p50Ms: null, unknownPrice: 0, circuit: 'closed' },
      { model: 'fake-large', calls: 1, failed: 0, p50Ms: expect.any(Number) },
    ]);
    expect(seen).toMatchObject({ firstAnsweredAt: null, fallingBackSince: expect.any(String), recent: [{ reason: 'provider-refused', nodeKey: 'ask' }] });
    expect(seen.minutes.reduce((sum, { later }) => sum + later, 0)).toBe(1);
    const metrics = (await server.send('GET', '/metrics')).text;
    expect(metrics).toContain('switchyard_routes_falling_back 1\n');
    expect(metrics).toContain('switchyard_model_attempts_failed_total{code="provider-refused"} 1\n');
    flaky.failAlways(undefined);
    await callOf('figures');
    expect((await server.call(getRoute, { params: { name: 'figures' } })).fallback).toMatchObject({
      firstAnsweredAt: expect.any(String),
      fallingBackSince: null,
      warning: false,
    });
    await flaky.close();
  });

  test('tell apart two targets with the same connection and model', async () => {
    await using flaky = await startFakeProvider();
    await routeTo(server, 'twice', fakeTarget(flaky));
    const [target] = (await server.call(getRoute, { params: { name: 'twice' } })).targets;
    if (!target) throw new Error('The route has one target.');
    await put('twice', { targets: [{ ...target, timeoutMs: 5_000 }, target] });
    flaky.failNext({ kind: 'status', status: 400 });
    await callOf('twice');
    const { targets } = await server.call(getRouteFigures, { params: { name: 'twice' } });
    expect(targets.map(({ calls, failed }) => [calls, failed])).toEqual([
      [1, 1],
      [1, 0],
    ]);
  });
});
