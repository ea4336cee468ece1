import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { AUTHORITY, CLIENT_PEM, SERVER } from './certificates.fixture.ts';
import { createEgress } from './egress.ts';
import type { OutgoingRequest } from './guarded-send.ts';
import { createSendHttp } from './send-http.ts';
import { type HttpSecret, type SecretUse, signRequest } from './sign-request.ts';

const idle = new AbortController().signal;
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function serve(listener: RequestListener) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    seen,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type TextRequest = Omit<OutgoingRequest, 'body'> & { readonly body?: string };
const get = (url: string, more: Partial<TextRequest> = {}): TextRequest => ({ method: 'GET', url, headers: {}, maxBytes: 100_000, ...more });
const ok = (_request: IncomingMessage, response: ServerResponse) => response.end('hello');
const local = () => createEgress({ allow: ['127.0.0.1'] });
const redirectTo =
  (location: string, status = 302): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { location }).end();

describe('a request', () => {
  test('reaches an allowed address and returns status, headers, text, and bytes', async () => {
    await using server = await serve((_request, response) => response.writeHead(201, { 'x-mine': 'yes' }).end('grüß'));
    const answer = await local().send(get(server.url), idle);
    expect(answer).toMatchObject({ status: 201, text: 'grüß', bytes: 6, headers: { 'x-mine': 'yes' } });
  });

  test.each([
    ['text/html; charset=ISO-8859-1', Buffer.from('Região', 'latin1'), 'Região'],
    ['application/json;charset="iso-8859-15"', Buffer.from([0x22, 0xa4, 0x22]), '"€"'],
    ['text/plain; charset=gbk', Buffer.from([0xc4, 0xe3, 0xba, 0xc3]), '你好'],
    ['text/plain; charset=utf-16le', Buffer.from('hé', 'utf16le'), 'hé'],
    ['application/json', Buffer.from('"é"'), '"é"'],
  ])('decodes %s', async (type, body, text) => {
    await using server = await serve((_request, response) => response.writeHead(200, { 'content-type': type }).end(body));
    expect((await local().send(get(server.url), idle)).text).toBe(text);
  });

  test('rejects a response in an unknown charset', async () => {
    await using server = await serve((_request, response) => response.writeHead(200, { 'content-type': 'text/plain; charset=klingon' }).end('hi'));
    await expect(local().send(get(server.url), idle)).rejects.toMatchObject({ code: 'bad-response', message: expect.stringContaining('klingon') });
  });

  test.each(['file:///etc/passwd', 'ftp://example.com/', 'data:text/plain,hi', 'gopher://example.com'])('%s is blocked', async (url) => {
    await expect(local().send(get(url), idle)).rejects.toMatchObject({ code: 'egress-refused' });
  });

  test('rejects credentials in the URL, transport headers, and unusual methods', async () => {
    const bad = [
      get('http://user:secret@example.com'),
      get('http://127.0.0.1', { headers: { Host: 'other' } }),
      get('http://127.0.0.1', { method: 'CONNECT' }),
      get('http://127.0.0.1', { body: 'x' }),
    ];
    for (const request of bad) {
      const refused = local().send(request, idle);
      await expect(refused).rejects.toMatchObject({ code: 'bad-request' });
      await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
    }
  });

  test('reports a closed port as a failed connection, before any effect', async () => {
    const server = await serve(ok);
    await server[Symbol.asyncDispose]();
    await expect(local().send(get(server.url), idle)).rejects.toMatchObject({
      code: 'connect-failed',
      beforeEffect: true,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('reports that a connection that broke halfway may have had an effect', async () => {
    await using server = await serve((request) => request.socket.destroy());
    await expect(local().send(get(server.url), idle)).rejects.toMatchObject({ code: 'connect-failed', beforeEffect: false });
  });

  test('closes the socket on abort and rejects with its reason', async () => {
    const closed = Promise.withResolvers<void>();
    const controller = new AbortController();
    const reason = new Error('stopped');
    await using server = await serve((request) => {
      request.socket.once('close', () => closed.resolve());
      controller.abort(reason);
    });
    await expect(local().send(get(server.url), controller.signal)).rejects.toBe(reason);
    await closed.promise;
  });
});

describe('names', () => {
  const resolver = (...answers: string[][]) => {
    let asked = 0;
    const resolve = async () => (answers[Math.min(asked++, answers.length - 1)] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    return { resolve, asked: () => asked };
  };

  test('reports a name that doesn’t resolve, before any effect', async () => {
    const egress = createEgress({ allow: [], resolve: async () => Promise.reject(new Error('ENOTFOUND')) });
    await expect(egress.send(get('http://nowhere.example/'), idle)).rejects.toMatchObject({
      code: 'dns-failed',
      beforeEffect: true,
      message: expect.stringContaining('nowhere.example'),
    });
  });

  test.each([[['10.0.0.1']], [['93.184.216.34', '10.0.0.1']], [['2606:4700::1111', '::1']], [['169.254.169.254', '8.8.8.8']]])(
    'blocks a name that resolves to %o',
    async (addresses) => {
      const egress = createEgress({ allow: [], resolve: resolver(addresses).resolve });
      await expect(egress.send(get('http://mixed.example/'), idle)).rejects.toMatchObject({
        code: 'egress-refused',
        message: expect.stringContaining('EGRESS_ALLOW=mixed.example'),
      });
    },
  );

  test('connects to the checked address: the name is resolved once per connection', async () => {
    await using server = await serve(ok);
    // 127.0.0.1 acts as a public address, 127.0.0.2 as the private one that a hostile resolver returns the second time.
    const names = resolver(['127.0.0.1'], ['127.0.0.2']);
    const egress = createEgress({ allow: ['127.0.0.1'], resolve: names.resolve });
    const url = `http://rebinding.example:${server.port}/`;
    expect((await egress.send(get(url), idle)).text).toBe('hello');
    expect(names.asked()).toBe(1);
    const again = createEgress({ allow: ['127.0.0.1'], resolve: names.resolve });
    await expect(again.send(get(url), idle)).rejects.toMatchObject({ code: 'egress-refused' });
    expect(server.seen).toHaveLength(1);
  });

  test('reaches a private host that the operator allows', async () => {
    await using server = await serve(ok);
    const egress = createEgress({ allow: ['intra.example'], resolve: resolver(['127.0.0.1']).resolve });
    expect((await egress.send(get(`http://intra.example:${server.port}/`), idle)).text).toBe('hello');
    await expect(egress.send(get(`http://other.example:${server.port}/`), idle)).rejects.toMatchObject({ code: 'egress-refused' });
  });
});

describe('redirects', () => {
  test('are returned, or followed only within the origin, if the request says so', async () => {
    await using other = await serve(ok);
    await using server = await serve((request, response) =>
      (request.url === '/end' ? ok : redirectTo(request.url === '/' ? '/end' : other.url))(request, response),
    );
    const egress = local();
    expect(await egress.send(get(server.url, { redirects: 'return' }), idle)).toMatchObject({ status: 302, headers: { location: '/end' }, text: '' });
    expect(await egress.send(get(server.url, { redirects: 'same-origin' }), idle)).toMatchObject({ status: 200, text: 'hello' });
    await expect(egress.send(get(`${server.url}/away`, { redirects: 'same-origin' }), idle)).rejects.toMatchObject({ code: 'egress-refused' });
    expect(other.seen).toEqual([]);
  });

  test('keep cookies for the origin that set them, if the request has a jar', async () => {
    await using other = await serve(ok);
    await using server = await serve((request, response) => {
      response.setHeader('set-cookie', request.url === '/' ? ['session=abc; HttpOnly', 'theme=dark'] : ['theme=; Max-Age=0', 'step=2']);
      redirectTo(request.url === '/' ? '/second' : other.url)(request, response);
    });
    const answer = await local().send(get(server.url, { cookies: { first: '1' } }), idle);
    expect(server.seen.map(({ headers }) => headers.cookie)).toEqual(['first=1', 'first=1; session=abc; theme=dark']);
    expect(other.seen.map(({ headers }) => headers.cookie)).toEqual([undefined]);
    expect(answer.cookies).toEqual({ first: '1', session: 'abc', step: '2' });
    await local().send(get(server.url), idle);
    expect(server.seen.slice(2).map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
  });

  test.each([
    'http://127.0.0.2:8099/',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]:8099/',
    'http://2130706434/',
    'file:///etc/passwd',
    '//10.0.0.1/',
  ])('to %s are blocked', async (location) => {
    await using server = await serve(redirectTo(location));
    await expect(local().send(get(server.url), idle)).rejects.toMatchObject({ code: 'egress-refused' });
    expect(server.seen).toHaveLength(1);
  });

  test('keep credentials within one origin and drop them for another', async () => {
    await using other = await serve(ok);
    await using server = await serve((request, response) => redirectTo(request.url === '/' ? '/second' : other.url)(request, response));
    const headers = { authorization: 'Bearer abc', cookie: 'a=b', 'x-api-key': 'key', accept: 'text/plain' };
    expect((await local().send(get(server.url, { headers }), idle)).text).toBe('hello');
    expect(server.seen[1]?.headers).toMatchObject(headers);
    expect(other.seen[0]?.headers).not.toMatchObject({ authorization: expect.anything() });
    for (const name of ['authorization', 'cookie', 'x-api-key']) expect(other.seen[0]?.headers).not.toHaveProperty(name);
    expect(other.seen[0]?.headers.accept).toBe('text/plain');
  });

  test.each([
    [303, 'GET', ''],
    [302, 'GET', ''],
    [307, 'POST', 'body'],
    [308, 'POST', 'body'],
  ])('turn a POST with %i into a %s', async (status, method, body) => {
    const got: [string | undefined, string][] = [];
    await using server = await serve(async (request, response) => {
      if (request.url === '/') return redirectTo('/next', status)(request, response);
      let text = '';
      for await (const chunk of request) text += chunk;
      got.push([request.method, text]);
      response.end();
    });
    await local().send(get(server.url, { method: 'POST', body: 'body', headers: { 'content-type': 'text/plain' } }), idle);
    expect(got).toEqual([[method, body]]);
  });

  test('are followed at most five times', async () => {
    await using server = await serve((request, response) => redirectTo(`/${Number(request.url?.slice(1)) + 1}`)(request, response));
    await expect(local().send(get(`${server.url}/1`), idle)).rejects.toMatchObject({ code: 'bad-response' });
    expect(server.seen).toHaveLength(6);
  });
});

describe('large responses', () => {
  test('stop a decompression bomb at the limit and close its socket', async () => {
    const closed = Promise.withResolvers<void>();
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    await using server = await serve((request, response) => {
      request.socket.once('close', () => closed.resolve());
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const before = process.memoryUsage.rss();
    await expect(local().send(get(server.url, { maxBytes: 1_000_000 }), idle)).rejects.toMatchObject({ code: 'response-too-large' });
    await closed.promise;
    expect(process.memoryUsage.rss() - before).toBeLessThan(64_000_000);
  });

  test('stop an endless response at the limit', async () => {
    await using server = await serve((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(10_000)));
        response.once('drain', more);
      };
      more();
    });
    await expect(local().send(get(server.url), idle)).rejects.toMatchObject({ code: 'response-too-large' });
  });

  test('stop an endless response of a model server too', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    await using server = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const before = process.memoryUsage.rss();
    const answers = await Promise.all(Array.from({ length: 5 }, () => createEgress({ allow: [] }).fetchFor({ allowLoopback: true })(server.url)));
    for (const answer of answers) await expect(answer.text()).rejects.toMatchObject({ code: 'response-too-large' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(64_000_000);
  });

  test('allow a response at the limit', async () => {
    await using server = await serve((_request, response) => response.end('x'.repeat(1000)));
    expect((await local().send(get(server.url, { maxBytes: 1000 }), idle)).bytes).toBe(1000);
  });
});

describe('a step’s request', () => {
  const contentOf = async () => Buffer.from('%PDF-1.7');
  const options = { workspaceId: 'default', signal: idle, idempotencyKey: 'run1:step#1/http:1', contentOf };
  const sending = (secret?: HttpSecret) =>
    createSendHttp({
      egress: local(),
      secretOf: async () => secret ?? Promise.reject(new Error('not asked for')),
      clock: { now: () => new Date() },
    });

  test.each<[SecretUse, Record<string, string>]>([
    [{ scheme: 'bearer' }, { authorization: 'Bearer top:secret' }],
    [{ scheme: 'header', header: 'X-Token' }, { 'x-token': 'top:secret' }],
    [{ scheme: 'basic' }, { authorization: `Basic ${Buffer.from('top:secret').toString('base64')}` }],
  ])('sends the secret as %o says, and keeps it out of its record', async (how, headers) => {
    await using server = await serve(ok);
    const secret: HttpSecret = { secret: 'top:secret', baseUrl: `${server.url}/api`, ...how };
    const { record } = await sending(secret)({ ...get(`${server.url}/x?q=1`, { headers: { Authorization: 'mine' } }), connectionId: 'crm' }, options);
    expect(server.seen[0]?.headers).toMatchObject(headers);
    expect(record).toEqual({ kind: 'http', method: 'GET', url: `${server.url}/x?q=1`, status: 200, bytes: 5, latencyMs: expect.any(Number) });
  });

  test.each<SecretUse>([{ scheme: 'bearer' }, { scheme: 'header', header: 'X-Token' }, { scheme: 'basic' }])(
    'removes its secret, sent as %o says, from a response that repeats it',
    async (how) => {
      await using server = await serve((request, response) => {
        const { authorization, 'x-token': token = authorization } = request.headers;
        response.writeHead(200, { 'x-heard': String(token) }).end(JSON.stringify({ heard: token, password: 'pass"word', more: 'kept' }));
      });
      const secret: HttpSecret = { secret: 'top:pass"word', baseUrl: null, ...how };
      const { answer } = await sending(secret)({ ...get(server.url), connectionId: 'crm' }, options);
      const encoded = Buffer.from(secret.secret).toString('base64');
      for (const text of [answer.text, JSON.stringify(answer.headers)]) {
        expect(text).toContain('…');
        expect(text).not.toMatch(/pass\\?"word/);
        expect(text).not.toContain(encoded);
      }
      expect(JSON.parse(answer.text)).toMatchObject({ password: '…', more: 'kept' });
    },
  );

  test('sends a key in the query or the path, and keeps it out of its record', async () => {
    await using server = await serve(ok);
    const send = (how: SecretUse) =>
      sending({ secret: '12:top secret', baseUrl: null, ...how })({ ...get(`${server.url}/x?q=1`), connectionId: 'crm' }, options);
    const { record } = await send({ scheme: 'query', parameter: 'key' });
    expect(server.seen[0]?.url).toBe('/x?q=1&key=12%3Atop+secret');
    expect(record.url).toBe(`${server.url}/x?q=1`);
    expect((await send({ scheme: 'path', prefix: 'bot' })).record.url).toBe(`${server.url}/x?q=1`);
    expect(server.seen[1]?.url).toBe('/bot12:top%20secret/x?q=1');
  });

  test('signs for AWS as its documentation computes it', async () => {
    // The values of “get-vanilla” in AWS’s test suite for Signature Version 4.
    const secret = { scheme: 'aws', accessKeyId: 'AKIDEXAMPLE', region: 'us-east-1', service: 'service', baseUrl: null } as const;
    const signed = await signRequest(
      get('https://example.amazonaws.com/'),
      { ...secret, secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
      new Date('2015-08-30T12:36:00Z'),
    );
    expect(signed.headers).toMatchObject({
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    });
  });

  test('presents a client certificate, but not to another origin', async () => {
    const names: string[] = [];
    const secure = createSecureServer({ ...SERVER, ca: AUTHORITY, requestCert: true, rejectUnauthorized: false }, (request, response) => {
      names.push(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN));
      response.end('ok');
    });
    const away = createSecureServer({ ...SERVER, ca: AUTHORITY, requestCert: true, rejectUnauthorized: false }, (_request, response) => {
      response.writeHead(307, { location: `https://127.0.0.1:${portOf(secure)}/other` }).end();
    });
    for (const one of [secure, away]) await new Promise<void>((ready) => one.listen(0, '127.0.0.1', ready));
    try {
      const secret: HttpSecret = { scheme: 'certificate', secret: CLIENT_PEM, authority: AUTHORITY, baseUrl: null };
      const send = (url: string) => sending(secret)({ ...get(url), connectionId: 'bank' }, options);
      expect((await send(`https://127.0.0.1:${portOf(secure)}/`)).answer.text).toBe('ok');
      expect(names).toEqual(['client']);
      // Without the connection’s authority, the other origin isn’t even trusted.
      await expect(send(`https://127.0.0.1:${portOf(away)}/`)).rejects.toMatchObject({ code: 'connect-failed' });
      expect(names).toEqual(['client']);
    } finally {
      for (const one of [secure, away]) one.close();
    }
  });

  test('is sent again with a renewed secret if the server rejects the first one', async () => {
    await using server = await serve((request, response) => response.writeHead(request.headers.authorization === 'Bearer new' ? 200 : 401).end());
    const renewed: HttpSecret = { scheme: 'bearer', secret: 'new', baseUrl: null };
    const secret: HttpSecret = { scheme: 'bearer', secret: 'old', baseUrl: null, renew: async () => renewed };
    const { answer } = await sending(secret)({ ...get(server.url, { method: 'POST', body: '{}' }), connectionId: 'crm' }, options);
    expect(answer.status).toBe(200);
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([options.idempotencyKey, options.idempotencyKey]);
  });

  test('does not send a secret to an origin it is not for', async () => {
    await using server = await serve(ok);
    const secret: HttpSecret = { secret: 'top', scheme: 'bearer', baseUrl: 'https://crm.example.com' };
    await expect(sending(secret)({ ...get(server.url), connectionId: 'crm' }, options)).rejects.toMatchObject({ code: 'egress-refused', beforeEffect: true });
    expect(server.seen).toHaveLength(0);
  });

  test('sends the key of its call if it can have an effect or the receiver supports keys, unless the user set one', async () => {
    await using server = await serve(ok);
    const send = sending();
    await send(get(server.url, { method: 'post', body: '{}' }), options);
    await send(get(server.url, { method: 'DELETE', headers: { 'Idempotency-Key': 'mine' } }), options);
    await send(get(server.url), options);
    await send({ ...get(server.url), keyed: true }, options);
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['run1:step#1/http:1', 'mine', undefined, 'run1:step#1/http:1']);
  });
});
