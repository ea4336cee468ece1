import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { describe, expect, test } from 'vitest';
import { createEgress } from './egress.ts';
import { createSendHttp } from './send-http.ts';
import type { HttpSecret } from './sign-request.ts';

async function serve(listener: RequestListener) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const contentOf = async () => Buffer.from('%PDF-1.7');
const options = { workspaceId: 'default', signal: new AbortController().signal, idempotencyKey: 'run1:step#1/http:1', contentOf };
const get = (url: string, maxBytes = 100_000) => ({ method: 'GET', url, headers: {}, maxBytes });
const sending = (secret?: HttpSecret) =>
  createSendHttp({
    egress: createEgress({ allow: ['127.0.0.1'] }),
    secretOf: async () => secret ?? Promise.reject(new Error('not asked for')),
    clock: { now: () => new Date() },
  });

describe('a step’s request', () => {
  test('sends a file, or a form with files', async () => {
    const bodies: string[] = [];
    await using server = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
      request.on('end', () => response.end('ok'));
    });
    const file = new FileHandle({ id: 'f', name: 'a "b".pdf', type: 'application/pdf', bytes: 8 });
    await sending()({ method: 'PUT', url: server.url, headers: {}, maxBytes: 1_000, file }, options);
    const parts = [
      { name: 'note', value: 'a\r\nb' },
      { name: 'x"\r\n', value: file },
    ];
    await sending()({ method: 'POST', url: server.url, headers: {}, maxBytes: 1_000, parts }, options);
    const type = server.seen[1]?.headers['content-type'] ?? '';
    const boundary = type.replace('multipart/form-data; boundary=', '');
    expect([server.seen[0]?.headers['content-type'], bodies[0]]).toEqual(['application/pdf', '%PDF-1.7']);
    expect(bodies.slice(1).join('')).toBe(
      `--${boundary}\r\ncontent-disposition: form-data; name="note"\r\n\r\na\r\nb\r\n--${boundary}\r\ncontent-disposition: form-data; name="x%22%0D%0A"; filename="a %22b%22.pdf"\r\ncontent-type: application/pdf\r\n\r\n%PDF-1.7\r\n--${boundary}--\r\n`,
    );
  });

  test.for([
    [{ 'content-disposition': 'attachment; filename="fallback.pdf"; filename*=UTF-8\'\'Gr%C3%B6%C3%9Fe.pdf' }, 'Größe.pdf'],
    [{ 'content-disposition': 'attachment; filename="../a.pdf"' }, '../a.pdf'],
    [{}, 'report 1.pdf'],
  ] as const)('returns a response as a file, with the name of %j', async ([headers, name]) => {
    const bytes = Buffer.from([0x25, 0xff, 0x00, 0xfe]);
    await using server = await serve((_request, response) => response.writeHead(200, headers).end(bytes));
    const { answer } = await sending()({ ...get(`${server.url}/files/report%201.pdf`), asFile: true }, options);
    expect(answer).toMatchObject({ text: '', bytes: 4, content: { name, content: bytes } });
  });

  test('returns an error as text, and cuts the secret out of a file that echoes it', async () => {
    await using server = await serve((request, response) => {
      const status = request.url === '/missing' ? 404 : 200;
      response.writeHead(status, { 'content-type': 'text/csv' }).end(`a,${request.headers.authorization}`);
    });
    const send = (path: string) =>
      sending({ scheme: 'bearer', secret: 'top-secret', baseUrl: null })({ ...get(`${server.url}${path}`), asFile: true, connectionId: 'crm' }, options);
    expect((await send('/missing')).answer).toMatchObject({ status: 404, text: 'a,Bearer …' });
    expect(Buffer.from((await send('/file')).answer.content?.content ?? []).toString('latin1')).not.toContain('top-secret');
    await expect(sending()({ ...get(server.url, 3), asFile: true }, options)).rejects.toMatchObject({ code: 'response-too-large' });
  });
});
