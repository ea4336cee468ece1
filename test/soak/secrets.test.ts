import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConnection, listConnections, testConnection, updateConnection } from '@switchyard/shared/contracts/models.ts';
import { makeWebhookSecret } from '@switchyard/shared/contracts/webhooks.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { type PublishedWorkflow, publishedWorkflow } from '../kit/published.ts';
import { allRuns } from '../kit/runs.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { everythingReadable } from '../kit/store.ts';
import { connectPage } from '../kit/watcher.ts';
import { atOnce } from './at-once.ts';
import { KEEPS_THE_SIGN_IN, REPEATS_THE_PROVIDER } from './breakages.ts';
import { brokenBuild } from './broken-build.ts';
import { type Planted, plantedSecrets } from './planted.ts';
import { SOAK_LIMIT_MS, sizeOf } from './size.ts';

/*
 * Secrets that users and callers entrust to a server are used, and never visible again: not in a run, a log, a socket, an export, an error,
 * or the database.
 */

const SCHEMES = [{ scheme: 'bearer' }, { scheme: 'header', header: 'x-crm-key' }, { scheme: 'basic' }] as const;

/** Another service, which counts the requests with a secret, and repeats what it was sent. */
async function startService() {
  let signedIn = 0;
  const server = createServer(({ headers }, response) => {
    if (headers.authorization || headers['x-crm-key']) signedIn++;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, heard: headers }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    signedIn: () => signedIn,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

const graphWith = (url: string, connectionId: string, route: string): Graph =>
  graphOf(
    [
      messageInput(),
      node('tool', 'order', { url, connectionId }),
      node('prompt', 'draft', { message: '{{ input.message }}', route }),
      node('output', 'reply', { value: '{{ steps.draft.text }}' }),
    ],
    [edge('start', 'order'), edge('order', 'draft'), edge('draft', 'reply')],
  );

interface Outside {
  readonly fake: FakeProvider;
  /** A provider that rejects every call and repeats the API key it received. */
  readonly unwilling: FakeProvider;
  readonly serviceUrl: string;
}

/** Workflows that authenticate elsewhere with planted secrets, including replaced ones; the last one calls the rejecting provider. */
async function plantWorkflows(server: ServerProcess, planted: Planted, { fake, unwilling, serviceUrl }: Outside): Promise<PublishedWorkflow[]> {
  const workflows: PublishedWorkflow[] = [];
  for (let number = 0; number < 10; number++) {
    const route = `route-${number}`;
    await routeTo(server, route, fakeTarget(number === 9 ? unwilling : fake));
    const model = (await server.call(listConnections, {})).items.find(({ name }) => name === `${route} 1`);
    const key = planted.plant('the key of a model');
    await server.call(updateConnection, { params: { id: model?.id ?? '' }, body: { secret: key } });
    unwilling.failAlways({ kind: 'status', status: 401, message: `Incorrect API key provided: ${key}. It came as "Bearer ${key}".` });
    const auth = SCHEMES[number % SCHEMES.length] ?? SCHEMES[0];
    const body = { name: `service ${number}`, kind: 'http', baseUrl: serviceUrl, auth, secret: `user:${planted.plant('a secret that was replaced')}` } as const;
    const service = await server.call(createConnection, { body });
    await server.call(updateConnection, { params: { id: service.id }, body: { secret: `user:${planted.plant('the secret of a service')}` } });
    const workflow = await publishedWorkflow(server, graphWith(serviceUrl, service.id, route));
    await server.call(makeWebhookSecret, { params: { id: workflow.id }, body: { secret: planted.plant('the secret of a webhook') } });
    await server.call(testConnection, { params: { id: model?.id ?? '' } });
    workflows.push(workflow);
  }
  return workflows;
}

/** Calls the workflows as callers with their own secrets do. */
async function callAll(workflows: readonly PublishedWorkflow[], runs: number, planted: Planted): Promise<number> {
  const own = Array.from({ length: 9 }, (_, index) => planted.plant(index < 5 ? 'the sign-in of a caller' : 'the cookie of a caller'));
  let succeeded = 0;
  await atOnce(8, Array(runs).keys(), async (number) => {
    const { url } = workflows[number % workflows.length] ?? { url: '' };
    const secret = own[number % own.length] ?? '';
    const headers = {
      'content-type': 'application/json',
      ...(number % own.length < 5 ? { authorization: `Bearer ${secret}` } : { cookie: `session=${secret}` }),
    };
    const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ message: `call ${number}` }) });
    planted.search('replies', await reply.text());
    if (reply.status === 200) succeeded++;
  });
  return succeeded;
}

/** Searches everywhere a user, a page, a program, or someone who stole the disk could look. */
async function searchEverywhere(server: ServerProcess, workflows: readonly PublishedWorkflow[], planted: Planted): Promise<number> {
  const look = async (where: string, method: string, path: string, body?: unknown): Promise<void> => {
    const { text, headers } = await server.send(method, path, { body });
    planted.search(where, text + JSON.stringify([...headers]));
  };
  const runs = await allRuns(server);
  for (const { id } of runs) {
    await look('runs', 'GET', `/api/runs/${id}`);
    await look('journals', 'GET', `/api/runs/${id}/events?limit=1000`);
  }
  await look('connections', 'GET', '/api/connections');
  await look('routes', 'GET', '/api/routes');
  for (const { id } of workflows) {
    for (const path of ['export', 'webhook', 'deliveries', 'versions'])
      await look(path === 'export' ? 'exports' : 'settings', 'GET', `/api/workflows/${id}/${path}`);
    await look('shared links', 'POST', `/api/workflows/${id}/share`);
    await look('templates', 'POST', '/api/templates', { workflowId: id, name: `Template of ${id}`, description: 'Kept' });
    await look('errors', 'PUT', `/api/workflows/${id}/draft`, { graph: 'none' });
  }
  await look('templates', 'GET', '/api/templates');
  planted.search('log', server.output());
  await server.stop();
  planted.search('database', await everythingReadable(server.dataDir));
  return runs.length;
}

async function plantAndSearch(runs: number, env: Readonly<Record<string, string>> = {}) {
  const planted = plantedSecrets();
  const fromEnvironment = planted.plant('a key from the environment');
  await using fake = await startFakeProvider();
  await using unwilling = await startFakeProvider();
  await using service = await startService();
  await using server = await startServerProcess({ env: { LOG_LEVEL: 'trace', EGRESS_ALLOW: '127.0.0.1', SWITCHYARD_SECRET_KEY: fromEnvironment, ...env } });
  const workflows = await plantWorkflows(server, planted, { fake, unwilling, serviceUrl: service.url });
  const socket = await connectPage(server.base);
  socket.onAny((name: string, payload: unknown) => planted.search('sockets', name + JSON.stringify(payload)));
  socket.on('workflow:run', ({ runId }) => socket.emit('run:watch', { runId, fromSeq: 1 }, () => undefined));
  for (const { id } of workflows) await socket.emitWithAck('workflow:watch', { workflowId: id });
  const succeeded = await callAll(workflows, runs, planted);
  socket.close();
  const seen = await searchEverywhere(server, workflows, planted);
  return { planted, succeeded, runs: seen, signedIn: service.signedIn(), calls: fake.calls.length + unwilling.calls.length };
}

test('none of fifty planted secrets is found in journals, logs, sockets, exports, errors, or the database', { timeout: SOAK_LIMIT_MS }, async () => {
  const wanted = sizeOf(1_000);
  const { planted, ...seen } = await plantAndSearch(wanted);
  expect([...planted.found]).toEqual([]);
  expect(planted.count).toBe(50);
  // They were used, and there was something to search.
  expect(seen.runs).toBe(wanted);
  expect(seen.succeeded).toBeGreaterThanOrEqual(wanted * 0.85);
  expect(seen.signedIn).toBeGreaterThanOrEqual(wanted);
  for (const where of ['runs', 'journals', 'sockets', 'log', 'database']) expect(planted.searched.get(where) ?? 0, where).toBeGreaterThan(wanted * 100);
  for (const where of ['exports', 'errors', 'templates', 'shared links', 'settings', 'connections', 'replies']) {
    expect(planted.searched.get(where) ?? 0, where).toBeGreaterThan(1_000);
  }
  console.info(`secrets: ${JSON.stringify({ ...seen, searched: Object.fromEntries(planted.searched) })}`);
});

test.for([
  ['that keeps the sign-in of its callers', KEEPS_THE_SIGN_IN, 'the sign-in of a caller in database'],
  ['that repeats what a provider says', REPEATS_THE_PROVIDER, 'the key of a model in journals'],
] as const)('a build %s is caught', { timeout: SOAK_LIMIT_MS }, async ([, breakage, fault]) => {
  const { planted } = await plantAndSearch(40, brokenBuild(breakage));
  expect([...planted.found]).toContain(fault);
});
