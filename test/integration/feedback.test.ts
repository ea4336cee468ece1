import { listFeedback, sendFeedback, sendFeedbackByLink } from '@switchyard/shared/contracts/evaluation/feedback.ts';
import { createErasure, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { getRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEvents } from '../kit/events.ts';
import { echoGraph, modelGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

describe('feedback', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const runOf = async (workflowId: string, labels: Record<string, string> = {}): Promise<string> => {
    const { id } = await server.call(startRun, { params: { id: workflowId }, body: { input: { message: 'Hi' }, labels, version: 'live', wait: 10_000 } });
    await ended(server, id);
    return id;
  };
  const feedbackOn = async (id: string) => (await server.call(listFeedback, { params: { id } })).items;

  test('is credited to the version and the model that served, and said again by the same person replaces what they said', async () => {
    const workflow = await publishedWorkflow(server, modelGraph());
    const id = await runOf(workflow.id);
    const params = { id };
    const first = await server.call(sendFeedback, { params, body: { score: 0.2, label: 'wrong', comment: 'too high', by: 'customer' } });
    expect(first).toMatchObject({ runId: id, workflowId: workflow.id, version: 1, targets: [expect.stringContaining('/')], score: 0.2, via: 'api' });
    const again = await server.send('POST', `/api/runs/${id}/feedback`, { body: { score: 1, by: 'customer' } });
    expect(again).toMatchObject({ status: 200, json: { id: first.id, score: 1, label: null, comment: null, at: first.at } });
    const anonymous = await server.send('POST', `/api/runs/${id}/feedback`, { body: { label: 'refund booked' } });
    expect(anonymous).toMatchObject({ status: 201, json: { by: 'owner', score: null } });
    expect(await feedbackOn(id)).toMatchObject([
      { by: 'customer', score: 1 },
      { by: 'owner', label: 'refund booked' },
    ]);
  });

  test.each([
    ['nothing', {}, ''],
    ['a score above 1', { score: 5 }, 'score'],
    ['a label of two lines', { label: 'a\nb' }, 'label'],
    ['an unknown field', { score: 1, stars: 5 }, 'stars'],
  ])('with %s is rejected', async (_what, body, path) => {
    const id = await runOf((await publishedWorkflow(server, echoGraph())).id);
    expect((await server.send('POST', `/api/runs/${id}/feedback`, { body })).json).toMatchObject({ status: 400, errors: [{ path }] });
    expect(await feedbackOn(id)).toEqual([]);
  });

  test('comes through the token of the status URL, from the origins of the webhook', async () => {
    const workflow = await publishedWorkflow(server, echoGraph(), { mode: 'accepted' });
    await server.call(updateWebhook, { params: { id: workflow.id }, body: { allowedOrigins: ['https://shop.example'] } });
    const { runId, statusUrl } = (await (await post(workflow.url, { message: 'Hi' })).json()) as { runId: string; statusUrl: string };
    const url = statusUrl.replace('/hooks/status/', '/feedback/');
    const sent = await post(url, { score: 0, comment: 'Too slow' }, { origin: 'https://shop.example' });
    expect([sent.status, await sent.json(), sent.headers.get('access-control-allow-origin')]).toEqual([
      201,
      { received: true, replaced: false },
      'https://shop.example',
    ]);
    expect((await post(url, { score: 1 })).status).toBe(200);
    expect(await feedbackOn(runId)).toMatchObject([{ score: 1, comment: null, via: 'link' }]);
    expect((await fetch(url)).status).toBe(405);
    expect((await post(url, { score: 2 })).status).toBe(400);
    expect(await server.refused(sendFeedbackByLink, { params: { token: 'x'.repeat(22) }, body: { score: 1 } })).toMatchObject({ status: 404 });
    expect(await server.refused(sendFeedback, { params: { id: 'run_unknown' }, body: { score: 1 } })).toMatchObject({ status: 404, code: 'not-found' });
  });

  test('is refused once the run’s data was erased, and then keeps only score and label', async () => {
    const customer = `customer-${Math.random()}`;
    const id = await runOf((await publishedWorkflow(server, echoGraph())).id, { customer });
    await server.call(sendFeedback, { params: { id }, body: { score: 0.5, label: 'late', comment: 'Ada waited', by: 'Ada' } });
    await server.call(createErasure, { body: { label: 'customer', value: customer } });
    expect(await server.refused(sendFeedback, { params: { id }, body: { score: 1, by: 'Bo' } })).toMatchObject({ status: 410, code: 'payload-removed' });
    expect(await feedbackOn(id)).toMatchObject([{ score: 0.5, label: 'late', comment: null, by: null }]);
  });

  test('is redacted by the policy of the run, and has no free text where no payload is kept', async () => {
    const workflow = await publishedWorkflow(server, echoGraph());
    const policyOf = (body: object) => server.call(putPolicies, { params: { id: workflow.id }, body });
    await policyOf({ redaction: [{ detector: 'email', action: 'mask' }] });
    const masked = await runOf(workflow.id);
    await server.call(sendFeedback, { params: { id: masked }, body: { comment: 'Write to ada@example.com' } });
    expect((await feedbackOn(masked))[0]?.comment).not.toContain('ada@');
    await policyOf({ logging: 'metadata' });
    const bare = await runOf(workflow.id);
    await until('its payloads to be removed', async () => (await server.call(getRun, { params: { id: bare } })).payloadsRemovedAt !== null);
    await server.call(sendFeedback, { params: { id: bare }, body: { score: 1, comment: 'Good', by: 'Ada' } });
    expect(await feedbackOn(bare)).toMatchObject([{ score: 1, comment: null, by: null }]);
  });

  test('on an answer of a chat is shown again in its conversation', async () => {
    const { id } = await publishedWorkflow(server, echoGraph('{{ input.message }}'));
    const { url } = await server.call(createTrigger, { params: { id }, body: { kind: 'chat' } });
    const [begun] = await readEvents(await post(`${url}/messages`, { text: 'Hi' }));
    const { conversation, feedbackUrl } = (begun?.data ?? {}) as { conversation: string; feedbackUrl: string };
    expect((await post(feedbackUrl, { score: 0 })).status).toBe(201);
    const seen = await fetch(`${url}/messages`, { headers: { 'x-conversation-id': conversation } });
    expect(await seen.json()).toMatchObject({ turns: [{ status: 'answered', feedbackUrl, score: 0 }] });
  });
});
