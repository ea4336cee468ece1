import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { createTrigger, listTriggerDeliveries, updateTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { pauseWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { describe, expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

const SCHEMA = {
  type: 'object',
  required: ['what'],
  properties: {
    what: { type: 'string', title: 'What <happened>?', maxLength: 20 },
    count: { type: 'integer', minimum: 1 },
    urgent: { type: 'boolean' },
  },
};

async function formOf(api: TestApi, settings: Record<string, unknown> = {}) {
  const graph = graphOf([node('input', 'start', { schema: SCHEMA }), node('output', 'reply', { value: '{{ input }}' })], [edge('start', 'reply')]);
  const { id } = await publishedWorkflow(api, graph);
  const made = await api.call(createTrigger, {
    params: { id },
    body: { kind: 'form', title: 'Tell us & more', perMinute: 1_000, ...settings },
  });
  return { id, triggerId: made.id, url: made.url ?? '' };
}

const post = (api: TestApi, url: string, fields: Record<string, string>) =>
  api.send('POST', url, { body: new URLSearchParams(fields).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
const nonceIn = (html: string): string => /name="_nonce" value="([\w-]{22})"/.exec(html)?.[1] ?? '';
const runsOf = async (api: TestApi, workflowId: string) => (await api.call(listRuns, { query: { workflowId } })).items;

describe('a form', () => {
  test('asks for the fields of the input, and starts one run however often it is sent', async () => {
    await using server = await startTestServer();
    const { id, url } = await formOf(server, { intro: '<b>Hi</b>', thanks: 'We’ll write soon.' });
    const page = await server.send('GET', url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('<h1>Tell us &amp; more</h1>');
    expect(page.text).toContain('What &lt;happened&gt;?');
    expect(page.text).toContain('&lt;b&gt;Hi&lt;/b&gt;');
    expect(page.text).not.toContain('<script');
    const _nonce = nonceIn(page.text);
    const sent = await post(server, url, { _nonce, what: 'A lamp', count: '2', urgent: 'true', _website: '' });
    expect(sent).toMatchObject({ status: 200, text: expect.stringContaining('We’ll write soon.') });
    expect(await post(server, url, { _nonce, what: 'Again' })).toMatchObject({ status: 200, text: sent.text });
    const [run, ...others] = await runsOf(server, id);
    expect(others).toEqual([]);
    expect(await ended(server, run?.id ?? '')).toMatchObject({ trigger: 'form', version: 1, output: { what: 'A lamp', count: 2, urgent: true } });
  });

  test('marks what is invalid, keeps the answers, and starts nothing', async () => {
    await using server = await startTestServer();
    const { id, url, triggerId } = await formOf(server);
    const reply = await post(server, url, { what: 'x'.repeat(21), count: '0' });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('role="alert"');
    expect(reply.text.match(/<[^<>]*aria-invalid="true"/g)).toHaveLength(2);
    expect(reply.text).toContain(`value="${'x'.repeat(21)}"`);
    expect(await runsOf(server, id)).toEqual([]);
    expect((await server.call(listTriggerDeliveries, { params: { id: triggerId } })).items).toMatchObject([{ outcome: 'rejected', code: 'bad-input' }]);
    expect(await post(server, url, { _nonce: nonceIn(reply.text), what: 'Fine' })).toMatchObject({ status: 200 });
    expect(await runsOf(server, id)).toHaveLength(1);
  });

  test('takes JSON and multipart bodies', async () => {
    await using server = await startTestServer();
    const { id, url } = await formOf(server);
    expect(await server.send('POST', url, { body: { what: 'JSON' } })).toMatchObject({ status: 202, json: { received: true, runId: expect.any(String) } });
    expect(await server.send('POST', url, { body: { count: 1 } })).toMatchObject({ status: 400, json: { code: 'bad-input' } });
    const fields = new FormData();
    fields.set('what', 'Parts');
    expect((await server.send('POST', url, { body: fields })).status).toBe(200);
    expect(await runsOf(server, id)).toHaveLength(2);
  });

  test('has a strict policy, and may be framed only by listed pages', async () => {
    await using server = await startTestServer();
    const { url, triggerId } = await formOf(server);
    const policyOf = async () => (await server.send('GET', url)).headers.get('content-security-policy');
    expect(await policyOf()).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/);
    await server.call(updateTrigger, { params: { id: triggerId }, body: { frameAncestors: ['https://shop.example'] } });
    expect(await policyOf()).toMatch(/frame-ancestors https:\/\/shop\.example$/);
    const bad = { frameAncestors: ["https://x.example; script-src 'unsafe-inline'"] };
    expect(await server.refused(updateTrigger, { params: { id: triggerId }, body: bad })).toMatchObject({ code: 'bad-request' });
  });

  test('starts nothing for bots, or beyond its rate', async () => {
    await using server = await startTestServer();
    const { id, url } = await formOf(server, { perMinute: 2 });
    expect((await post(server, url, { what: 'Spam', _website: 'https://spam.example' })).status).toBe(200);
    expect((await post(server, url, { what: 'One' })).status).toBe(200);
    expect(await post(server, url, { what: 'Two' })).toMatchObject({ status: 429, text: expect.stringContaining('too often') });
    expect(await runsOf(server, id)).toHaveLength(1);
  });

  test('is closed while its workflow is paused, it is turned off, or its URL is wrong', async () => {
    await using server = await startTestServer();
    const { id, url, triggerId } = await formOf(server);
    expect((await server.send('GET', `${url}x`)).status).toBe(404);
    expect((await server.send('PUT', url, { body: {} })).status).toBe(405);
    await server.call(pauseWorkflow, { params: { id }, body: { reason: 'Holiday' } });
    expect(await server.send('GET', url)).toMatchObject({ status: 503, text: expect.stringContaining('paused') });
    await server.call(updateTrigger, { params: { id: triggerId }, body: { enabled: false } });
    expect(await server.send('GET', url)).toMatchObject({ status: 404, text: expect.stringContaining('closed') });
  });
});
