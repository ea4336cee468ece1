import { DEFAULT_WORKSPACE, runs } from '@switchyard/server/store/collections.ts';
import { triggers } from '@switchyard/server/store/triggers/trigger-collections.ts';
import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import {
  createTrigger,
  deleteTrigger,
  listTriggerDeliveries,
  listTriggers,
  resendTriggerDelivery,
  runSchedule,
  type Trigger,
  updateTrigger,
} from '@switchyard/shared/contracts/triggers/triggers.ts';
import { checkWorkflow, createWorkflow, pauseWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { describe, expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { begin, ended } from '../kit/runs.ts';
import { startTestServer, temporaryDir } from '../kit/server.ts';
import { openStoreOf } from '../kit/store.ts';
import { until } from '../kit/until.ts';

const TIMED = { type: 'object', properties: { dueAt: { type: 'string' } }, required: ['dueAt'] };

/** Accepts a due time, and replies with this. */
const open = (value: string): Graph => graphOf([node('input', 'start', { schema: TIMED }), node('output', 'reply', { value })], [edge('start', 'reply')]);

const YEARLY = { cron: '0 7 1 1 *', timeZone: 'Europe/Berlin' } as const;
const scheduled = (api: TestApi, id: string, settings: object = {}): Promise<Trigger> =>
  api.call(createTrigger, { params: { id }, body: { kind: 'schedule', ...YEARLY, ...settings } });

describe('triggers', () => {
  test('are created, changed, turned off, and deleted, each recorded', async () => {
    await using server = await startTestServer();
    const { id } = await publishedWorkflow(server, open('{{ input.dueAt }}'));
    const made = await scheduled(server, id);
    expect(made).toMatchObject({ kind: 'schedule', enabled: true, settings: { ...YEARLY, missed: 'once', overlap: 'skip' }, url: null, week: { total: 0 } });
    expect(made.next).toHaveLength(5);
    expect(made.next[0]).toMatch(/-01-01T06:00:00.000Z$/);
    const changed = await server.call(updateTrigger, { params: { id: made.id }, body: { enabled: false, cron: '0 9 * * *', reason: 'Later' } });
    expect(changed).toMatchObject({ enabled: false, revision: 2, settings: { cron: '0 9 * * *', timeZone: YEARLY.timeZone } });
    expect(await server.refused(updateTrigger, { params: { id: made.id }, body: { enabled: true, revision: 1 } })).toMatchObject({ code: 'revision-conflict' });
    expect((await server.call(listTriggers, { params: { id } })).items).toMatchObject([{ id: made.id }]);
    await server.call(deleteTrigger, { params: { id: made.id } });
    expect((await server.call(listTriggers, { params: { id } })).items).toEqual([]);
    const { items } = await server.call(listChanges, { query: { subject: `trigger:${made.id}` } });
    expect(items.map(({ action, reason, applied }) => ({ action, reason, applied }))).toEqual([
      { action: 'delete', reason: null, applied: true },
      { action: 'update', reason: 'Later', applied: true },
      { action: 'create', reason: null, applied: true },
    ]);
  });

  test('run a schedule now, with its fixed input', async () => {
    await using server = await startTestServer();
    const graph = graphOf([node('input', 'start', { schema: {} }), node('output', 'reply', { value: '{{ input }}' })], [edge('start', 'reply')]);
    const { id } = await publishedWorkflow(server, graph);
    const made = await scheduled(server, id, { input: { articles: ['one', 'two'], dueAt: 'never' } });
    const run = await ended(server, (await server.call(runSchedule, { params: { id: made.id } })).id);
    expect(run).toMatchObject({
      trigger: 'schedule',
      version: 1,
      status: 'succeeded',
      output: { articles: ['one', 'two'], dueAt: expect.stringMatching(/^20/) },
    });
    expect((await server.call(listTriggerDeliveries, { params: { id: made.id } })).items).toMatchObject([{ outcome: 'started', runId: run.id, dueAt: null }]);
    const chat = await server.call(createTrigger, { params: { id }, body: { kind: 'chat' } });
    expect(await server.refused(runSchedule, { params: { id: chat.id } })).toMatchObject({ code: 'bad-request' });
    expect(await server.refused(updateTrigger, { params: { id: made.id }, body: { input: { text: 'x'.repeat(64_000) } } })).toMatchObject({
      errors: [{ path: 'input' }],
    });
  });

  test('warn when their runs would be rejected or lack what a node reads, and a new workflow works with all of them otherwise', async () => {
    await using server = await startTestServer();
    const { id, draft } = await server.call(createWorkflow, { body: { name: 'New' } });
    const problems = async (graph?: Graph) => (await server.call(checkWorkflow, { params: { id }, body: graph ? { graph } : {} })).problems;
    expect(await problems()).toEqual([]);
    const { id: triggerId } = await scheduled(server, id);
    await scheduled(server, id, { cron: '0 8 1 1 *' });
    expect(await problems()).toMatchObject([{ code: 'trigger-input', severity: 'warning', nodeId: 'input', field: 'schema' }]);
    const withSchema = (schema: object, value?: unknown): Graph => ({
      ...draft,
      nodes: draft.nodes.map((each) => ({
        ...each,
        data: { ...each.data, params: each.type === 'input' ? { schema } : value === undefined ? each.data.params : { value } },
      })),
    });
    expect(await problems(withSchema({ type: 'object' }))).toEqual([]);
    expect(await problems(withSchema({}, { reply: '{{ input.message }}', at: '{{ input.dueAt }}' }))).toMatchObject([
      { code: 'trigger-input', nodeId: 'reply', field: 'value.reply', suggestion: 'Write input.?message.orValue(""), or use another value.' },
    ]);
    await server.call(updateTrigger, { params: { id: triggerId }, body: { enabled: false } });
    const [other] = (await server.call(listTriggers, { params: { id } })).items.filter((trigger) => trigger.id !== triggerId);
    await server.call(updateTrigger, { params: { id: other?.id ?? '' }, body: { input: { message: 'Good morning' } } });
    expect(await problems()).toEqual([]);
    await server.call(createTrigger, { params: { id }, body: { kind: 'error' } });
    expect(await problems()).toMatchObject([{ code: 'trigger-input', message: expect.stringContaining('error trigger: “message” is missing') }]);
  });

  test('are refused with the path of what is wrong', async () => {
    await using server = await startTestServer();
    const { id } = await publishedWorkflow(server, open('ok'));
    for (const settings of [{ cron: '61 * * * *' }, { cron: '0 0 31 2 *' }])
      expect(await server.refused(createTrigger, { params: { id }, body: { kind: 'schedule', ...YEARLY, ...settings } })).toMatchObject({
        code: 'bad-request',
        errors: [{ path: 'cron' }],
      });
    const { id: triggerId } = await scheduled(server, id);
    expect(await server.refused(updateTrigger, { params: { id: triggerId }, body: { timeZone: 'Mars/Base' } })).toMatchObject({
      errors: [{ path: 'timeZone' }],
    });
    expect(await server.refused(updateTrigger, { params: { id: triggerId }, body: { title: 'red' } })).toMatchObject({ code: 'bad-request' });
    expect(await server.refused(updateTrigger, { params: { id: 'trg_none' }, body: {} })).toMatchObject({ code: 'not-found' });
  });

  test('start what was due while the server was down, list it, and start it again', async () => {
    await using folder = await temporaryDir();
    const dueAt = '2026-01-01T06:00:00.000Z';
    let triggerId = '';
    {
      await using server = await startTestServer({ dataDir: folder.path });
      const { id } = await publishedWorkflow(server, open('{{ input.dueAt }}'));
      triggerId = (await scheduled(server, id)).id;
    }
    const store = await openStoreOf(folder.path);
    await store.in(DEFAULT_WORKSPACE).update(triggers, triggerId, { dueAt });
    await store.close();
    await using server = await startTestServer({ dataDir: folder.path });
    const [run] = await until('a run', async () => {
      const { items } = await server.call(listRuns, {});
      return items.length > 0 && items;
    });
    expect(await ended(server, run?.id ?? '')).toMatchObject({ trigger: 'schedule', version: 1, output: dueAt, actor: { kind: 'trigger', id: triggerId } });
    const [first] = await until('its record', async () => {
      const { items } = await server.call(listTriggerDeliveries, { params: { id: triggerId } });
      return items.length > 0 && items;
    });
    expect(first).toMatchObject({ dueAt, outcome: 'started', runId: run?.id });
    const again = await server.call(resendTriggerDelivery, { params: { id: first?.id ?? '' } });
    expect(await ended(server, again.id)).toMatchObject({ output: dueAt, trigger: 'schedule' });
    const { items } = await server.call(listTriggers, { params: { id: again.workflowId } });
    expect(items).toMatchObject([{ week: { total: 2, rejected: 0 } }]);
    await server.call(pauseWorkflow, { params: { id: again.workflowId }, body: { reason: 'Holiday' } });
    expect(await server.refused(resendTriggerDelivery, { params: { id: first?.id ?? '' } })).toMatchObject({ code: 'paused' });
  });
});

const ANY = { type: 'object' };
const echo = (value: string): Graph => graphOf([node('input', 'start', { schema: ANY }), node('output', 'reply', { value })], [edge('start', 'reply')]);
const failing = (): Graph =>
  graphOf(
    [
      node('input', 'start', { schema: ANY }),
      node('transform', 'work', { fields: [{ name: 'x', value: 'input.missing.deep' }] }),
      node('output', 'reply', { value: '{{ steps.work.x }}' }),
    ],
    [edge('start', 'work'), edge('work', 'reply')],
  );
const watching = (api: TestApi, id: string, kind: 'workflow-ended' | 'error', settings: Record<string, unknown>): Promise<Trigger> =>
  api.call(createTrigger, { params: { id }, body: { kind, ...settings } as never });
const live = (api: TestApi, id: string, labels: Record<string, string> = {}) =>
  api.call(startRun, { params: { id }, body: { input: { a: 1 }, labels, version: 'live' } });
/** The runs that triggers started, once there are this many. */
const startedBy = (api: TestApi, workflowId: string, count = 1) =>
  until(`${count} runs of ${workflowId}`, async () => {
    const { items } = await api.call(listRuns, { query: { workflowId } });
    return items.length >= count && items;
  });

describe('a trigger for ends of runs', () => {
  test('starts a run with how the watched one ended, once for each with a status that counts', async () => {
    await using server = await startTestServer();
    const { id: first } = await publishedWorkflow(server, echo('done'));
    const { id: second } = await publishedWorkflow(server, echo('{{ input }}'));
    const trigger = await watching(server, second, 'workflow-ended', { workflowId: first });
    const run = await ended(server, (await live(server, first, { tenant: 'acme' })).id);
    const [started] = await startedBy(server, second);
    const input = {
      runId: run.id,
      workflowId: first,
      workflowName: 'A workflow',
      status: 'succeeded',
      output: 'done',
      error: null,
      labels: { tenant: 'acme' },
    };
    expect(await ended(server, started?.id ?? '')).toMatchObject({ trigger: 'workflow-ended', input, labels: { tenant: 'acme' }, actor: { id: trigger.id } });
    // A run of the draft doesn't count.
    await ended(server, (await begin(server, first)).id);
    await ended(server, (await live(server, first)).id);
    await startedBy(server, second, 2);
    const { items } = await server.call(listTriggerDeliveries, { params: { id: trigger.id } });
    expect(items.map(({ outcome }) => outcome)).toEqual(['started', 'started']);
  });

  test('starts no endless circle, and is refused for its own workflow', async () => {
    await using server = await startTestServer();
    const { id: first } = await publishedWorkflow(server, echo('1'));
    const { id: second } = await publishedWorkflow(server, echo('2'));
    expect(await server.refused(createTrigger, { params: { id: first }, body: { kind: 'workflow-ended', workflowId: first } })).toMatchObject({
      code: 'bad-request',
      errors: [{ path: 'workflowId' }],
    });
    await watching(server, second, 'workflow-ended', { workflowId: first });
    const back = await watching(server, first, 'workflow-ended', { workflowId: second });
    await live(server, first);
    const deliveries = async () => {
      const forth = (await server.call(listTriggers, { params: { id: second } })).items[0]?.id ?? '';
      const lists = await Promise.all([back.id, forth].map((id) => server.call(listTriggerDeliveries, { params: { id } })));
      return lists.flatMap(({ items }) => items);
    };
    await until('the limit', async () => (await deliveries()).some(({ outcome }) => outcome === 'rejected'));
    // Read only now: of two lists read while runs still start, one can be older than the other.
    const all = await deliveries();
    expect(all.filter(({ outcome }) => outcome === 'started')).toHaveLength(10);
    expect(all.find(({ outcome }) => outcome === 'rejected')).toMatchObject({ code: 'too-deep' });
  });

  test('of kind error fires for failed runs of other workflows, and not for failures of what it started', async () => {
    await using server = await startTestServer();
    const { id: broken } = await publishedWorkflow(server, failing());
    const { id: handler } = await publishedWorkflow(server, failing());
    const { id: other } = await publishedWorkflow(server, failing());
    await watching(server, handler, 'error', {});
    await watching(server, other, 'error', { workflowId: handler });
    const run = await ended(server, (await live(server, broken)).id);
    expect(run.status).toBe('failed');
    const [started] = await startedBy(server, handler);
    expect(await ended(server, started?.id ?? '')).toMatchObject({
      status: 'failed',
      trigger: 'error',
      input: { runId: run.id, status: 'failed', output: null, error: { code: run.error?.code, nodeKey: 'work' } },
    });
    await ended(server, (await live(server, broken)).id);
    await startedBy(server, handler, 2);
    expect((await server.call(listRuns, { query: { workflowId: other } })).items).toEqual([]);
  });

  test('fires after a crash between the end and the start, and once', async () => {
    await using folder = await temporaryDir();
    const ids = { first: '', second: '', run: '' };
    {
      await using server = await startTestServer({ dataDir: folder.path });
      ids.first = (await publishedWorkflow(server, echo('done'))).id;
      ids.second = (await publishedWorkflow(server, echo('{{ input.runId }}'))).id;
      await watching(server, ids.second, 'workflow-ended', { workflowId: ids.first, statuses: ['succeeded', 'failed'] });
      ids.run = (await ended(server, (await live(server, ids.first)).id)).id;
      await startedBy(server, ids.second);
    }
    const store = await openStoreOf(folder.path);
    const here = store.in(DEFAULT_WORKSPACE);
    const original = await here.get(runs, ids.run);
    expect(original?.endedUnseen).toBeNull();
    // One end that fired but is still marked, and one that has not fired.
    await here.update(runs, ids.run, { endedUnseen: original?.endedAt ?? null });
    if (original) await here.insert(runs, { ...original, id: 'run_lost', statusToken: 'lost', endedUnseen: original.endedAt });
    await store.close();
    await using server = await startTestServer({ dataDir: folder.path });
    const items = await startedBy(server, ids.second, 2);
    expect(items.map(({ input }) => (input as { runId: string }).runId).sort()).toEqual([ids.run, 'run_lost'].sort());
  });
});

test('the requests of a webhook are counted per day, with those that started nothing', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echo('ok'));
  for (let count = 0; count < 3; count++) await server.send('POST', url, { body: { a: 1 } });
  await server.send('POST', url, { body: [] });
  const { webhook } = await until('the counts', async () => {
    const list = await server.call(listTriggers, { params: { id } });
    return list.webhook.total === 4 && list;
  });
  expect(webhook).toMatchObject({ days: [0, 0, 0, 0, 0, 0, 4], rejected: 1, lastAt: expect.any(String) });
});
