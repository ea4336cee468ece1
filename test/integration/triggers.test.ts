import { DEFAULT_WORKSPACE } from '@switchyard/server/store/collections.ts';
import { triggers } from '@switchyard/server/store/triggers/trigger-collections.ts';
import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import {
  createTrigger,
  deleteTrigger,
  listTriggerDeliveries,
  listTriggers,
  resendTriggerDelivery,
  type Trigger,
  updateTrigger,
} from '@switchyard/shared/contracts/triggers/triggers.ts';
import { pauseWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { describe, expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer, temporaryDir } from '../kit/server.ts';
import { openStoreOf } from '../kit/store.ts';
import { until } from '../kit/until.ts';

const TIMED = { type: 'object', properties: { dueAt: { type: 'string' } }, required: ['dueAt'] };

/** Accepts a due time, and replies with this. */
const open = (value: string): Graph => graphOf([node('input', 'start', { schema: TIMED }), node('output', 'reply', { value })], [edge('start', 'reply')]);

const YEARLY = { cron: '0 7 1 1 *', timeZone: 'Europe/Berlin' } as const;
const scheduled = (api: TestApi, id: string, settings: object = {}): Promise<Trigger> =>
  api.call(createTrigger, { params: { id }, body: { kind: 'schedule', settings: { ...YEARLY, ...settings } } });

describe('triggers', () => {
  test('are created, changed, turned off, and deleted, each recorded', async () => {
    await using server = await startTestServer();
    const { id } = await publishedWorkflow(server, open('{{ input.dueAt }}'));
    const made = await scheduled(server, id);
    expect(made).toMatchObject({ kind: 'schedule', enabled: true, settings: { ...YEARLY, missed: 'once', overlap: 'skip' }, url: null, week: { total: 0 } });
    expect(made.next).toHaveLength(5);
    expect(made.next[0]).toMatch(/-01-01T06:00:00.000Z$/);
    const changed = await server.call(updateTrigger, { params: { id: made.id }, body: { enabled: false, settings: { cron: '0 9 * * *' }, reason: 'Later' } });
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

  test('are refused with the path of what is wrong', async () => {
    await using server = await startTestServer();
    const { id } = await publishedWorkflow(server, open('ok'));
    for (const settings of [{ cron: '61 * * * *' }, { cron: '0 0 31 2 *' }])
      expect(await server.refused(createTrigger, { params: { id }, body: { kind: 'schedule', settings: { ...YEARLY, ...settings } } })).toMatchObject({
        code: 'bad-request',
        errors: [{ path: 'settings.cron' }],
      });
    const { id: triggerId } = await scheduled(server, id);
    expect(await server.refused(updateTrigger, { params: { id: triggerId }, body: { settings: { timeZone: 'Mars/Base' } } })).toMatchObject({
      errors: [{ path: 'settings.timeZone' }],
    });
    expect(await server.refused(updateTrigger, { params: { id: triggerId }, body: { settings: { color: 'red' } } })).toMatchObject({ code: 'bad-request' });
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
