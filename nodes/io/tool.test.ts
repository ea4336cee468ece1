import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../sdk/context.ts';
import { runNode } from '../sdk/run-node.fixture.ts';
import { testFile } from '../sdk/test-context.fixture.ts';
import { tool } from './tool.ts';

type Params = Parameters<typeof runNode<typeof tool.params>>[1];
const url = 'https://api.example.com/orders';
const call = (params: Partial<Params>, answer: Partial<HttpAnswer> = { text: '{}' }, body: unknown = {}) =>
  runNode(tool, { url, ...params }, { body, http: () => answer });
const requestOf = async (params: Partial<Params>, body: unknown = {}) => (await call(params, { text: '{}' }, body)).context.requests[0];

describe('the HTTP request', () => {
  it('outputs status, headers, and the response as JSON', async () => {
    const { result } = await call({}, { status: 201, headers: { etag: 'x' }, text: '{"items": [1]}' });
    expect(result).toEqual({ kind: 'done', output: { status: 201, headers: { etag: 'x' }, body: { items: [1] } } });
  });

  it('outputs text unchanged, and an empty body as null', async () => {
    expect((await call({ answer: 'text' }, { text: '{"a"' })).result).toMatchObject({ output: { body: '{"a"' } });
    expect((await call({}, { status: 204, text: '' })).result).toMatchObject({ output: { body: null } });
  });

  it('percent-encodes values in the URL, and appends the query', async () => {
    const body = { id: '../admin?x=1#', host: 'https://api.example.com' };
    const request = await requestOf({ url: '{{ input.host }}/orders/{{ input.id }}?a=1', query: [{ name: 'q', value: 'a&b {{ input.id }}' }] }, body);
    expect(request?.url).toBe('https://api.example.com/orders/..%2Fadmin%3Fx%3D1%23?a=1&q=a%26b+..%2Fadmin%3Fx%3D1%23');
  });

  it.each(['', 'file:///etc/passwd', 'javascript:alert(1)', 'orders'])('rejects the URL %j before calling it', async (address) => {
    await expect(call({ url: '{{ input.address }}' }, {}, { address })).rejects.toMatchObject({
      code: 'node-failed',
      message: expect.stringContaining('not a URL'),
    });
  });

  it('sends JSON with its types, a form, or text, and says which', async () => {
    const body = { count: 3, text: 'a & b' };
    const json = await requestOf({ method: 'POST', bodyKind: 'json', json: { count: '{{ input.count }}', deep: ['{{ input.text }}!'] } }, body);
    expect(json).toMatchObject({ method: 'POST', body: '{"count":3,"deep":["a & b!"]}', headers: { 'content-type': 'application/json' } });
    const form = await requestOf({ method: 'POST', bodyKind: 'form', form: [{ name: 'a', value: '{{ input.text }}' }] }, body);
    expect(form).toMatchObject({ body: 'a=a+%26+b', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    const text = await requestOf({ method: 'POST', bodyKind: 'text', text: '{{ input.text }}', headers: [{ name: 'Content-Type', value: 'text/csv' }] }, body);
    expect(text).toMatchObject({ body: 'a & b', headers: { 'content-type': 'text/csv' } });
    expect(await requestOf({ text: '{{ input.nothing }}' }, body)).not.toHaveProperty('body');
  });

  it('sends a file, or a form with files, and returns a response as a file', async () => {
    const files = new Map<string, Uint8Array>();
    const invoice = testFile(files, 'a.pdf', '%PDF-1.7');
    const body = { invoice, files: [invoice, invoice], note: 'Hi' };
    expect(await requestOf({ method: 'PUT', bodyKind: 'file', file: '{{ input.invoice }}' }, body)).toMatchObject({ file: invoice });
    const form = ['note', 'invoice', 'files'].map((name) => ({ name, value: `{{ input.${name} }}` }));
    expect(
      await requestOf({ method: 'POST', bodyKind: 'multipart', form: [...form, { name: 'at', value: 'see {{ input.invoice.name }}' }] }, body),
    ).toMatchObject({
      parts: [
        { name: 'note', value: 'Hi' },
        { name: 'invoice', value: invoice },
        { name: 'files', value: invoice },
        { name: 'files', value: invoice },
        { name: 'at', value: 'see a.pdf' },
      ],
    });
    await expect(call({ method: 'PUT', bodyKind: 'file', file: '{{ input.note }}' }, {}, body)).rejects.toMatchObject({
      code: 'node-failed',
      message: expect.stringContaining('“File” is text, not a file'),
    });
    const { result, context } = await call({ answer: 'file' }, { file: invoice, text: '' });
    expect([result, context.requests]).toMatchObject([{ output: { body: invoice } }, [{ asFile: true, maxBytes: 20_000_000 }]]);
  });

  it('names the connection and the size limit, and never a secret', async () => {
    expect(await requestOf({ connectionId: 'con_1', maxBytes: 10 })).toMatchObject({ connectionId: 'con_1', maxBytes: 10, headers: {} });
  });

  it('rejects headers with a line break in the value', async () => {
    const headers = [{ name: 'x-a', value: 'a{{ input.evil }}' }];
    await expect(call({ headers }, {}, { evil: '\nhost: evil' })).rejects.toMatchObject({ message: expect.stringContaining('line break') });
  });

  it('rejects headers with a value that no header can carry', async () => {
    const headers = [{ name: 'x-name', value: '{{ input.name }}' }];
    await expect(call({ headers }, {}, { name: 'Ada 漢' })).rejects.toMatchObject({ message: expect.stringContaining('“漢”') });
    expect((await requestOf({ headers }, { name: 'Zoë' }))?.headers).toEqual({ 'x-name': 'Zoë' });
  });

  it('fails on an unexpected status with the response, and accepts the expected ones', async () => {
    const failed = call({}, { status: 500, text: 'x'.repeat(900) });
    await expect(failed).rejects.toMatchObject({
      code: 'unexpected-status',
      message: 'GET api.example.com returned 500, but 2xx was expected.',
      details: { status: 500, body: 'x'.repeat(500) },
      beforeEffect: false,
    });
    expect((await call({ expected: '200, 404' }, { status: 404, text: '{}' })).result).toMatchObject({ output: { status: 404 } });
    await expect(call({ expected: '200, 404' }, { status: 201, text: '{}' })).rejects.toMatchObject({ code: 'unexpected-status' });
  });

  it('knows that 429 had no effect, and when to retry', async () => {
    const at = (value: string) => call({}, { status: 429, headers: { 'retry-after': value } });
    await expect(at('7')).rejects.toMatchObject({ beforeEffect: true, retryAfterMs: 7_000 });
    await expect(at('Mon, 05 Jan 2026 10:00:30 GMT')).rejects.toMatchObject({ retryAfterMs: 30_000 });
    await expect(at('soon')).rejects.toMatchObject({ retryAfterMs: undefined });
  });

  it('fails with a message if the response is not JSON', async () => {
    await expect(call({}, { text: '<html>' })).rejects.toMatchObject({ code: 'bad-response', details: { body: '<html>' } });
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    await expect(call({}, { text: deep })).rejects.toMatchObject({ code: 'bad-response', message: expect.stringContaining('100 levels') });
  });

  it.each([
    ['GET', 'idempotent'],
    ['HEAD', 'idempotent'],
    ['PUT', 'idempotent'],
    ['DELETE', 'idempotent'],
    ['POST', 'unsafe'],
    ['PATCH', 'unsafe'],
  ] as const)('treats %s as %s, unless configured otherwise', (method, effect) => {
    expect(tool.effect({ url, method })).toBe(effect);
    expect(tool.effect({ url, method, effect: 'keyed' })).toBe('keyed');
  });

  it('sends an idempotency key with any method if the receiver supports it', async () => {
    expect(await requestOf({ method: 'GET', effect: 'keyed' })).toMatchObject({ keyed: true, headers: {} });
    expect(await requestOf({ method: 'POST' })).not.toHaveProperty('keyed');
  });

  it('reports before a run what can’t work', () => {
    const paths = (params: Partial<Params>) => tool.check({ url, ...params }).map(({ path }) => path.join('.'));
    expect(paths({ url: 'api.example.com' })).toEqual(['url']);
    expect(paths({ url: '{{ vars.base }}/x' })).toEqual([]);
    expect(paths({ expected: 'ok', bodyKind: 'text', headers: [{ name: 'Host', value: 'x' }] })).toEqual(['headers.0.name', 'expected', 'bodyKind']);
  });

  it('shows the target on its card', () => {
    expect(tool.line({ url: 'https://shop.example/v1/orders/{{ input.id }}?a={{ input.b }}', method: 'GET' })).toBe('GET shop.example → **orders**');
  });
});
