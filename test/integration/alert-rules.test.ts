import { signatureFault, signingKey } from '@switchyard/server/services/webhooks/signatures.ts';
import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import {
  createAlertRule,
  deleteAlertRule,
  listAlertRules,
  listOpenings,
  makeAlertRuleSecret,
  testAlertRule,
  updateAlertRule,
} from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { signatureSettingsSchema } from '@switchyard/shared/contracts/webhooks.ts';
import { expect, test } from 'vitest';
import { startAlertReceiver } from '../kit/alert-receiver.ts';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

test('a rule tells its channel once about a metric of live runs, with figures and without any value of a run', async () => {
  await using receiver = await startAlertReceiver();
  await using server = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  const { id: workflowId } = await publishedWorkflow(server, echoGraph());
  const channel = { kind: 'webhook', url: receiver.url } as const;
  const created = await server.call(createAlertRule, { body: { metric: 'runs', scope: { workflowId }, threshold: 1, minSamples: 1, channel } });
  expect(created).toMatchObject({ name: 'Runs over 1', comparison: 'above', windowMinutes: 60, hysteresis: 0, state: null, opening: null });
  const { id } = created;
  const { secret } = await server.call(makeAlertRuleSecret, { params: { id } });
  expect(await server.call(testAlertRule, { params: { id } })).toMatchObject({ lastDelivery: { kind: 'test', error: null } });
  for (let index = 0; index < 2; index++) {
    const run = await server.call(startRun, { params: { id: workflowId }, body: { input: { message: 'a secret order' }, version: 'live' } });
    await ended(server, run.id);
  }
  const told = await until('the message', () => receiver.received.find(({ json }) => json.type === 'alert.opened'));
  const [opening] = (await server.call(listOpenings, { query: { ruleId: id } })).items;
  expect(told.json.data).toMatchObject({ alert: { id: opening?.id }, rule: { id, name: 'Runs over 1' }, value: 2, samples: 2, threshold: 1 });
  expect(receiver.received.map(({ raw }) => raw).join()).not.toContain('secret order');
  const key = signingKey('standard', secret);
  const call = { headers: told.headers, raw: Buffer.from(told.raw), now: Date.now() };
  expect(signatureFault(signatureSettingsSchema.parse({ scheme: 'standard' }), key ? [{ key, validUntil: null }] : [], call)).toBeUndefined();
  await until('the open alert', async () => {
    const [rule] = (await server.call(listAlertRules, {})).items;
    return rule?.state === 'open' && rule.opening?.told !== null;
  });

  const changed = await server.call(updateAlertRule, { params: { id }, body: { threshold: 5, quietUntil: new Date(Date.now() + 3_600_000).toISOString() } });
  expect(changed).toMatchObject({ threshold: 5, state: null, opening: null });
  await server.call(deleteAlertRule, { params: { id }, query: { reason: 'Not needed' } });
  expect(await server.call(listAlertRules, {})).toEqual({ items: [], canEmail: false });
  expect((await server.call(listOpenings, {})).items).toMatchObject([{ resolution: 'changed', told: { what: 'opened', to: new URL(receiver.url).host } }]);
  const { items: changes } = await server.call(listChanges, { query: { subject: `alert-rule:${id}` } });
  expect(changes.map(({ action }) => action)).toEqual(['delete', 'update', 'create-secret', 'create']);
  expect(JSON.stringify(changes)).not.toContain('token=');
  expect(receiver.received.filter(({ json }) => json.type !== 'alert.test')).toHaveLength(1);
});

test('a rule that can’t be is rejected with the field', async () => {
  await using server = await startTestServer();
  const usual = { metric: 'p95', threshold: 6_000, channel: { kind: 'slack', url: 'https://hooks.example.com/x' } };
  const create = (body: object) =>
    fetch(`${server.base}/api/alerts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...usual, ...body }) });
  const fieldOf = async (body: object) => {
    const response = await create(body);
    const { errors } = (await response.json()) as { errors?: { path: string }[] };
    return [response.status, errors?.[0]?.path];
  };
  expect(await fieldOf({ hysteresis: 6_001 })).toEqual([400, 'hysteresis']);
  expect(await fieldOf({ metric: 'failure-rate' })).toEqual([400, 'threshold']);
  expect(await fieldOf({ scope: { tenant: 'acme' } })).toEqual([400, 'scope.tenant']);
  expect(await fieldOf({ scope: { version: '3' } })).toEqual([400, 'scope.version']);
  expect(await fieldOf({ windowMinutes: 7 })).toEqual([400, 'windowMinutes']);
  expect(await fieldOf({ channel: { kind: 'email', to: 'ada@example.com' } })).toEqual([400, 'channel.kind']);
  expect((await create({ scope: { workflowId: 'wfl_none' } })).status).toBe(404);
});
