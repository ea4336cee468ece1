import { createHmac, randomBytes } from 'node:crypto';
import { removePayloads } from '@switchyard/server/services/retention/remove-payloads.ts';
import { createBlobLocks } from '@switchyard/server/store/blob-locks.ts';
import { createBlobSweep } from '@switchyard/server/store/blob-sweep.ts';
import { DEFAULT_WORKSPACE, runs } from '@switchyard/server/store/collections.ts';
import { blobs } from '@switchyard/server/store/pieces/piece-collections.ts';
import { putPin } from '@switchyard/shared/contracts/building/pins.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { getRunFile, rerunRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { listState } from '@switchyard/shared/contracts/state/stored-values.ts';
import { makeWebhookSecret, updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { type FileEntry, filesOf, isFilesRef } from '@switchyard/shared/files/stored-value.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, node, reviewGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo, routeToDemo } from '../kit/model-route.ts';
import { type FormPart, formOf, PNG } from '../kit/multipart.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { ended, journalOf, readRun, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { everythingReadable, openSealingStoreOf } from '../kit/store.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const FILE = { type: 'object', format: 'file' };
const schema = { type: 'object', properties: { invoice: FILE, files: { type: 'array', items: FILE }, note: { type: 'string' } } };
const input = (own: object = schema) => node('input', 'start', { schema: own });

/** Replies with the value of an expression. */
const replying = (value: unknown, own?: object): Graph => graphOf([input(own), node('output', 'reply', { value })], [edge('start', 'reply')]);

const post = (url: string, ...parts: readonly FormPart[]) => {
  const { body, headers } = formOf(...parts);
  return server.send('POST', url, { body, headers: { ...headers } });
};
const runIdOf = ({ headers }: { readonly headers: Headers }): string => headers.get('x-run-id') ?? '';
const download = async (runId: string, file: string): Promise<Response> => fetch(`${server.base}/api/runs/${runId}/files/${file}`);
const onlyFile = (stored: unknown): FileEntry => {
  const [file, ...others] = filesOf(stored);
  if (!file || others.length > 0) throw new Error(`not one file: ${JSON.stringify(stored)}`);
  return file;
};

describe('a webhook with files', () => {
  test('has fields and files in its input, and the run’s files can be downloaded', async () => {
    const { url } = await publishedWorkflow(
      server,
      replying({
        about: '{{ input.invoice.name }} {{ input.invoice.type }} {{ input.invoice.bytes }}',
        note: '{{ input.note }}',
        second: '{{ input.files[1] }}',
      }),
    );
    const html = '<!doctype html><script>alert(1)</script>';
    const reply = await post(url, ['note', 'Hi'], ['invoice', PNG, '../a b.html'], ['files', html, 'photo.png', 'image/png'], ['files', 'a,b', 'x.csv']);
    expect(reply).toMatchObject({
      status: 200,
      json: { about: `a b.html image/png ${PNG.length}`, note: 'Hi', second: { name: 'x.csv', type: 'text/csv', bytes: 3 } },
    });
    const id = runIdOf(reply);
    const run = await readRun(server, id);
    expect(filesOf(run.input).map(({ path, name, type }) => [path, name, type])).toEqual([
      [['invoice'], 'a b.html', 'image/png'],
      [['files', 0], 'photo.png', 'text/html'],
      [['files', 1], 'x.csv', 'text/csv'],
    ]);
    const [invoice, page] = filesOf(run.input);
    const got = await download(id, invoice?.$file ?? '');
    expect(Buffer.from(await got.arrayBuffer())).toEqual(PNG);
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': `attachment; filename="a b.html"; filename*=UTF-8''a%20b.html`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    });
    expect((await download(id, page?.$file ?? '')).headers.get('content-disposition')).toMatch(/^attachment;/);
    const other = await post(url, ['note', 'no file']);
    expect(await server.refused(getRunFile, { params: { id: runIdOf(other), file: invoice?.$file ?? '' } })).toMatchObject({ code: 'not-found' });
  });

  test('replies with the contents if its output is a file', async () => {
    const { url } = await publishedWorkflow(server, replying('{{ input.invoice }}'));
    const { body, headers } = formOf(['invoice', PNG, 'Größe.png']);
    const reply = await fetch(url, { method: 'POST', body: Buffer.from(body), headers: { ...headers } });
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(PNG);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('image/png');
    expect(reply.headers.get('content-disposition')).toContain(`filename*=UTF-8''Gr%C3%B6%C3%9Fe.png`);
    expect(reply.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  });

  test('is signed and recognized by its bytes, and reads a file as text where the input is text', async () => {
    const workflow = await publishedWorkflow(server, replying({ note: '{{ input.note }}', id: '{{ input.invoice.id }}' }));
    const { secret } = await server.call(makeWebhookSecret, { params: { id: workflow.id }, body: {} });
    await server.call(updateWebhook, { params: { id: workflow.id }, body: { signature: { scheme: 'standard' } } });
    const { body, headers } = formOf(['note', 'Regi\u00e3o', 'note.txt', 'text/plain'], ['invoice', PNG, 'a.png']);
    const at = String(Math.floor(Date.now() / 1_000));
    const send = (sent: Uint8Array) => {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const signature = createHmac('sha256', key).update(`evt_1.${at}.`).update(body).digest('base64');
      const signed = { 'webhook-id': 'evt_1', 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` };
      return server.send('POST', workflow.url, { body: sent, headers: { ...headers, ...signed } });
    };
    expect((await send(Buffer.concat([body, Buffer.from('\r\n')]))).status).toBe(401);
    const first = await send(body);
    expect(first).toMatchObject({ status: 200, json: { note: 'Região', id: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    const again = await send(body);
    expect([again.headers.get('idempotent-replayed'), runIdOf(again)]).toEqual(['true', runIdOf(first)]);
  });

  test('takes 5 MB, and says what is too large or too many', async () => {
    const { url } = await publishedWorkflow(server, replying('{{ input.invoice.bytes }}'));
    expect(await post(url, ['invoice', randomBytes(5_000_000), 'a.bin'])).toMatchObject({ status: 200, text: '5000000' });
    const large = await post(url, ['invoice', Buffer.alloc(20_000_001), 'big.bin']);
    expect(large).toMatchObject({
      status: 413,
      json: { code: 'too-large', detail: expect.stringMatching(/“big.bin” is 20 MB. The limit is 20 MB per file/) },
    });
    const many = await post(url, ...Array.from({ length: 21 }, (_, index): FormPart => ['files', 'x', `${index}.txt`]));
    expect(many).toMatchObject({ status: 413, json: { detail: expect.stringContaining('The limit is 20') } });
    expect(await post(url, ['note', 'x'.repeat(1_100_000)])).toMatchObject({ status: 413 });
  });

  test('rejects what is no file where the schema asks for one', async () => {
    const own = { type: 'object', properties: { invoice: { ...FILE, contentMediaType: 'application/pdf' } }, required: ['invoice'] };
    const { url } = await publishedWorkflow(server, replying('{{ input.invoice.name }}', own));
    expect(await post(url, ['invoice', PNG, 'a.pdf'])).toMatchObject({
      status: 400,
      json: { errors: [{ path: 'invoice', message: 'must be a file of type application/pdf' }] },
    });
    const described = { name: 'a', type: 'application/pdf', bytes: 1, id: 'a'.repeat(64) };
    expect(await server.send('POST', url, { body: { invoice: described } })).toMatchObject({
      status: 400,
      json: { errors: [{ path: 'invoice', message: 'must be a file' }] },
    });
    expect(await post(url, ['invoice', '%PDF-1.7', 'a.pdf'])).toMatchObject({ status: 200, text: 'a.pdf' });
  });
});

test('data that looks like a file is data, whatever is made of it', async () => {
  const { url } = await publishedWorkflow(server, replying('{{ input.invoice }}'));
  const owner = await post(url, ['invoice', 'the stolen text', 'a.txt']);
  expect(owner.text).toBe('the stolen text');
  const { $file, ...about } = onlyFile((await readRun(server, runIdOf(owner))).input);
  const graph = graphOf(
    [
      input({}),
      node('transform', 'copy', { fields: [{ name: 'value', value: 'input.a' }] }),
      node('state', 'keep', { operation: 'set', key: 'k', value: '{{ input.a }}' }),
      node('state', 'back', { operation: 'get', key: 'k' }),
      node('output', 'reply', { value: '{{ steps.back.value }}' }),
    ],
    [edge('start', 'copy'), edge('copy', 'keep'), edge('keep', 'back'), edge('back', 'reply')],
  );
  const thief = await publishedWorkflow(server, graph);
  const entry = { $file, ...about };
  const described = { ...about, id: $file };
  for (const forged of [entry, described, { $files: [{ ...entry, path: [] }], value: described }, { $file: entry }, { $file: { data: entry } }]) {
    for (const body of [{ a: forged }, { ...(forged as object), a: forged }]) {
      const reply = await server.send('POST', thief.url, { body });
      expect(reply.json).toEqual(forged);
      expect(await server.refused(getRunFile, { params: { id: runIdOf(reply), file: $file } })).toMatchObject({ code: 'not-found' });
    }
  }
});

test('a file stays one through steps, items, children, state, and reruns; code gets its description', async () => {
  const child = await publishedWorkflow(server, replying('{{ input.invoice }}'));
  const graph = graphOf(
    [
      input(),
      node('transform', 'wrap', { fields: [{ name: 'list', value: '[input.invoice, input.invoice]' }] }),
      node('for-each', 'each', { items: '{{ steps.wrap.list }}', result: '{{ steps.inner.it }}' }),
      { ...node('transform', 'inner', { fields: [{ name: 'it', value: 'item' }] }), parentId: 'each' },
      node('workflow', 'child', { workflowId: child.id, input: { invoice: '{{ steps.each.items[1] }}' } }),
      node('state', 'keep', { operation: 'append', key: 'files', value: '{{ steps.child }}', keep: 5 }),
      node('code', 'code', { source: 'return { again: input.invoice, keys: Object.keys(input.invoice) };' }),
      node('output', 'reply', { value: { kept: '{{ steps.keep.value }}', code: '{{ steps.code.again }}' } }),
    ],
    [edge('start', 'wrap'), edge('wrap', 'each'), edge('each', 'child'), edge('child', 'keep'), edge('keep', 'code'), edge('code', 'reply')],
  );
  const { id: workflowId, url } = await publishedWorkflow(server, graph);
  const run = await ended(server, runIdOf(await post(url, ['invoice', 'one', 'a.txt'])));
  expect(run).toMatchObject({ status: 'succeeded' });
  const paths = (key: string) => filesOf(stepOf(run, key).output).map(({ path }) => path.join('.'));
  expect([paths('wrap'), paths('each'), paths('child'), paths('keep'), paths('code')]).toEqual([
    ['list.0', 'list.1'],
    ['items.0', 'items.1'],
    [''],
    ['value.0'],
    [],
  ]);
  expect(filesOf(run.output).map(({ path }) => path.join('.'))).toEqual(['kept.0']);
  const again = await ended(server, (await server.call(rerunRun, { params: { id: run.id }, body: { from: 'keep#1' } })).id);
  expect(filesOf(again.output).map(({ path }) => path.join('.'))).toEqual(['kept.0', 'kept.1']);
  const whole = await ended(server, (await server.call(rerunRun, { params: { id: run.id }, body: {} })).id);
  expect(filesOf(whole.input)).toEqual(filesOf(run.input));
  const [entry] = (await server.call(listState, { params: { id: workflowId }, query: {} })).items;
  expect(entry?.value).toMatchObject([{ name: 'a.txt', bytes: 3 }, {}, {}]);
  const text = await (await download(again.id, onlyFile(run.input).$file)).text();
  expect(text).toBe('one');
});

test('a pinned output of a run has its files, and one that is only sent has none', async () => {
  const graph = graphOf(
    [input(), node('transform', 'wrap', { fields: [{ name: 'it', value: 'input.invoice' }] }), node('output', 'reply', { value: '{{ steps.wrap.it }}' })],
    [edge('start', 'wrap'), edge('wrap', 'reply')],
  );
  const { id, url, testUrl } = await publishedWorkflow(server, graph);
  const runId = runIdOf(await post(url, ['invoice', 'pinned text', 'a.txt']));
  const { $file, name, type, bytes: size } = onlyFile((await readRun(server, runId)).input);
  const output = { it: { name, type, bytes: size, id: $file } };
  const params = { id, nodeKey: 'wrap' };
  expect(await server.call(putPin, { params, body: { output, runId } })).toMatchObject({ output });
  expect((await server.send('POST', testUrl, { body: {} })).text).toBe('pinned text');
  await server.call(putPin, { params, body: { output } });
  expect((await server.send('POST', testUrl, { body: {} })).json).toEqual(output.it);
});

test('the API starts a run with files, and a test without them', async () => {
  const id = await workflowOf(server, replying('{{ input.files[0].name + " " + input.note }}'));
  const send = (...parts: readonly FormPart[]) => {
    const { body, headers } = formOf(...parts);
    return server.send('POST', `/api/workflows/${id}/runs`, { body, headers: { ...headers } });
  };
  const request = JSON.stringify({ input: { note: 'x' }, wait: 10_000 });
  const sent = await send(['request', request], ['files', 'a', 'a.txt']);
  expect(sent).toMatchObject({ status: 200, json: { output: 'a.txt x' } });
  expect(isFilesRef((sent.json as { input: unknown }).input)).toBe(true);
  expect(await send(['request', '{"unknown": 1}'])).toMatchObject({ status: 400, json: { errors: [{ path: 'unknown' }] } });
  expect(await send(['note', 'x'])).toMatchObject({ status: 400, json: { detail: expect.stringContaining('“request”') } });
  expect(await send(['request', '{"input": []}'], ['files', 'a', 'a.txt'])).toMatchObject({ status: 400 });
  expect(await server.refused(startRun, { params: { id }, body: { input: { files: [{ name: 'a' }] } } })).toMatchObject({ code: 'bad-input' });
});

test('a review shows files to people who may decide it, also by its link', async () => {
  const graph = reviewGraph({ fields: [], context: [{ name: 'File', value: '{{ input.invoice }}' }] });
  const own = graphOf(
    graph.nodes.map((one) => (one.id === 'start' ? input() : one)).map((one) => (one.id === 'sent' ? node('output', 'sent', { value: 'ok' }) : one)),
    [...graph.edges],
  );
  const { url } = await publishedWorkflow(server, own, { mode: 'accepted' });
  const { runId } = (await post(url, ['invoice', PNG, 'a.png'])).json as { runId: string };
  await whenRun(server, runId, 'waiting', ({ status }) => status === 'waiting');
  const { id, files = [], context, link } = await openTask(server, runId);
  expect(files).toMatchObject([{ path: ['context', 0, 'value'], name: 'a.png', type: 'image/png' }]);
  expect(context).toMatchObject([{ value: { name: 'a.png', bytes: PNG.length } }]);
  for (const address of [`${server.base}/api/reviews/${id}`, link]) {
    const got = await fetch(`${address}/files/${files[0]?.$file}`);
    expect([got.status, got.headers.get('content-disposition')]).toEqual([200, expect.stringMatching(/^attachment/)]);
    expect(Buffer.from(await got.arrayBuffer())).toEqual(PNG);
    expect((await fetch(`${address}/files/${'a'.repeat(64)}`)).status).toBe(404);
  }
});

test('a prompt sends images and PDFs to the model, and records them as files', async () => {
  await using fake = await startFakeProvider({ answer: () => 'A lamp.' });
  await routeTo(server, 'seeing', fakeTarget(fake));
  await routeToDemo(server, 'rules');
  const asking = (route: string) =>
    graphOf(
      [
        input(),
        node('prompt', 'ask', { route, message: 'What is this?', files: '{{ input.files }}' }),
        node('output', 'reply', { value: '{{ steps.ask.text }}' }),
      ],
      [edge('start', 'ask'), edge('ask', 'reply')],
    );
  const { url } = await publishedWorkflow(server, asking('seeing'));
  const reply = await post(url, ['files', PNG, 'a.png'], ['files', '%PDF-1.7', 'b.pdf']);
  expect(reply).toMatchObject({ status: 200, text: 'A lamp.' });
  expect(fake.calls.at(-1)?.body.messages).toMatchObject([
    {
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG.toString('base64')}` } },
        { type: 'file', file: { filename: 'b.pdf', file_data: `data:application/pdf;base64,${Buffer.from('%PDF-1.7').toString('base64')}` } },
      ],
    },
  ]);
  const journal = await journalOf(server, runIdOf(reply));
  const call = journal.find((event) => event.type === 'call-finished');
  const request = call?.type === 'call-finished' && call.record?.kind === 'model' ? call.record.request : undefined;
  expect(filesOf(request).map(({ path, name }) => [path.join('.'), name])).toEqual([
    ['messages.0.content.1.file', 'a.png'],
    ['messages.0.content.2.file', 'b.pdf'],
  ]);
  expect(JSON.stringify(journal)).not.toContain(PNG.toString('base64'));
  const failure = async (route: string, ...parts: readonly FormPart[]) => {
    const other = await publishedWorkflow(server, asking(route));
    return (await ended(server, runIdOf(await post(other.url, ...parts)))).error?.message;
  };
  expect(await failure('seeing', ['files', 'a,b', 'c.csv'])).toMatch(/“c.csv” is text\/csv.*Extract/);
  expect(await failure('rules', ['files', PNG, 'a.png'])).toMatch(/demo model can’t read images/);
});

test('a file is deleted with the payloads of the last run that refers to it', async () => {
  await using folder = await temporaryDir();
  let file = '';
  let runId = '';
  {
    await using own = await startTestServer({ dataDir: folder.path });
    const { url } = await publishedWorkflow(own, replying('{{ input.invoice.name }}'));
    const { body, headers } = formOf(['invoice', 'text', 'a.txt']);
    runId = runIdOf(await own.send('POST', url, { body, headers: { ...headers } }));
    file = onlyFile((await readRun(own, runId)).input).$file;
  }
  const { store, secrets } = await openSealingStoreOf(folder.path);
  const here = store.in(DEFAULT_WORKSPACE);
  const sweepAfter = async (days: number) => {
    const now = () => new Date(Date.now() + days * 86_400_000);
    await createBlobSweep({ store: here, locks: createBlobLocks(), now })(new AbortController().signal);
  };
  const pieces = async () => (await here.find(blobs, { where: { hash: file } })).items.length;
  await sweepAfter(2);
  expect(await pieces()).toBe(1);
  const record = await here.get(runs, runId);
  if (record) await removePayloads({ store: here, secrets }, record, new Date());
  await sweepAfter(4);
  expect(await pieces()).toBe(0);
  await store.close();
});

describe('a data policy', () => {
  const MAIL = 'jane.roe@example.com';

  test('refuses text files with what it refuses, and redacts names', async () => {
    const { id, url } = await publishedWorkflow(server, replying('{{ input.invoice.name }}'));
    await server.call(putPolicies, {
      params: { id },
      body: {
        redaction: [
          { detector: 'email', action: 'refuse' },
          { detector: 'iban', action: 'mask' },
        ],
      },
    });
    expect(await post(url, ['invoice', `Write to ${MAIL}`, 'a.txt'])).toMatchObject({
      status: 422,
      json: { code: 'redaction-refused', detail: expect.stringContaining('“a.txt”') },
    });
    expect((await post(url, ['invoice', 'DE89370400440532013000', 'DE89370400440532013000.txt'])).text).not.toContain('DE89');
    expect(await post(url, ['invoice', Buffer.concat([PNG, Buffer.from(MAIL)]), 'a.png'])).toMatchObject({ status: 200 });
  });

  test('of logging “metadata” keeps files encrypted while the run is open, and none afterwards', async () => {
    const SECRET = 'the planted payload of a file';
    const graph = reviewGraph({ fields: [], context: [{ name: 'File', value: '{{ input.invoice }}' }] });
    const own = graphOf(
      graph.nodes.map((one) => (one.id === 'start' ? input() : one.id === 'sent' ? node('output', 'sent', { value: '{{ input.invoice }}' }) : one)),
      [...graph.edges],
    );
    const { id, url } = await publishedWorkflow(server, own, { mode: 'accepted' });
    await server.call(putPolicies, { params: { id }, body: { logging: 'metadata', replyMinutes: 0 } });
    const { runId } = (await post(url, ['invoice', SECRET, 'planted-name.txt'])).json as { runId: string };
    await whenRun(server, runId, 'waiting', ({ status }) => status === 'waiting');
    const readable = await everythingReadable(server.dataDir);
    expect(readable).not.toContain(SECRET);
    expect(readable).not.toContain('planted-name');
    expect(readable).not.toContain(Buffer.from(SECRET).toString('base64'));
    expect(JSON.stringify(await journalOf(server, runId))).not.toContain('planted-name');
    const review = await openTask(server, runId);
    const file = review.files?.[0]?.$file ?? '';
    expect(await (await fetch(`${server.base}/api/reviews/${review.id}/files/${file}`)).text()).toBe(SECRET);
    await server.call(decideReview, { params: { id: review.id }, body: { decision: 'approve' } });
    const over = await whenRun(server, runId, 'without payloads', ({ payloadsRemovedAt }) => typeof payloadsRemovedAt === 'string');
    expect(over).toMatchObject({ status: 'succeeded', output: { $removed: { type: 'object' } } });
    expect((await fetch(`${server.base}/api/reviews/${review.id}/files/${file}`)).status).toBe(404);
  });
});
