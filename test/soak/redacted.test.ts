import { randomInt } from 'node:crypto';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import type { RedactionAction } from '@switchyard/shared/contracts/redaction-rules.ts';
import type { RunSummary } from '@switchyard/shared/contracts/runs.ts';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { allRuns, readRun } from '../kit/runs.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { everythingReadable, filesOfDatabase, ON_MONGODB } from '../kit/store.ts';
import { until } from '../kit/until.ts';
import { connectPage } from '../kit/watcher.ts';
import { atOnce } from './at-once.ts';
import { KEEPS_PAYLOADS, LETS_VALUES_IN } from './breakages.ts';
import { brokenBuild } from './broken-build.ts';
import { type Planted, plantedSecrets } from './planted.ts';
import { SOAK_LIMIT_MS, sizeOf } from './size.ts';

/*
 * Values that a data policy redacts, or doesn't log, are nowhere once the run has ended: not in the database, a log, a socket, an export, a
 * bill of materials, a metric, or a response of the API (S65, S66).
 */

const rules = (action: RedactionAction) => (['card', 'email'] as const).map((detector) => ({ detector, action }));

const POLICIES: Readonly<Record<string, BodyOf<typeof putPolicies>>> = {
  mask: { redaction: rules('mask') },
  hash: { redaction: rules('hash') },
  tokenise: { redaction: rules('tokenise'), logging: 'metadata' },
  refuse: { redaction: rules('refuse') },
  redacted: { logging: 'redacted' },
  metadata: { logging: 'metadata' },
};

const graph = graphOf(
  [
    messageInput(),
    node('prompt', 'ask', { message: '{{ input.message }}', route: 'echo' }),
    node('transform', 'shape', { fields: [{ name: 'said', value: 'steps.ask.text' }] }),
    node('output', 'reply', { value: '{{ steps.shape.said }}' }),
  ],
  [edge('start', 'ask'), edge('ask', 'shape'), edge('shape', 'reply')],
);

/** A card number with the right check digit. */
function newCard(): string {
  const digits = [4, ...Array.from({ length: 14 }, () => randomInt(10))];
  const sum = digits.reduce((total, digit, index) => total + (index % 2 === 1 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9), 0);
  return [...digits, (10 - (sum % 10)) % 10].join('');
}
const newEmail = (): string => `p${randomInt(2 ** 40).toString(36)}.${randomInt(2 ** 40).toString(36)}@example.com`;

/** How a value gets into a run. */
const WAYS: readonly ((value: string) => { readonly body: unknown; readonly query?: string; readonly headers?: Record<string, string> })[] = [
  (value) => ({ body: { message: `It is ${value}, as you know.` } }),
  (value) => ({ body: { message: 'see the header' }, headers: { 'x-customer': value } }),
  (value) => ({ body: { message: 'see the query' }, query: `?from=${encodeURIComponent(value)}` }),
  (value) => ({ body: { message: JSON.stringify({ deep: [{ value: `\n${value}` }] }) } }),
  (value) => ({ body: { message: `base64: ${Buffer.from(`see ${value}`).toString('base64')}` } }),
  (value) => ({ body: { message: 'see the key', [value]: 1 } }),
  (value) => ({ body: { message: `${'long '.repeat(5_000)}${value}` } }),
];

interface Called {
  readonly accepted: number;
  /** Workflows whose runs lose their payloads when they end. */
  readonly emptied: ReadonlySet<string>;
}

/** Calls a workflow under each policy, each time with another value. `watch`: lets a page follow its runs. */
async function callAll(server: ServerProcess, planted: Planted, values: number, watch: (workflowId: string) => Promise<unknown>): Promise<Called> {
  let accepted = 0;
  const emptied = new Set<string>();
  for (const [name, policy] of Object.entries(POLICIES)) {
    const { id, url } = await publishedWorkflow(server, graph);
    await server.call(putPolicies, { params: { id }, body: policy });
    if (policy.logging) emptied.add(id);
    // While a run is open, its page may show what is only removed later.
    if (policy.logging !== 'redacted') await watch(id);
    await atOnce(4, Array(values).keys(), async (number) => {
      const value = planted.plant(name, number % 2 === 0 ? newCard() : newEmail());
      const { body, query = '', headers = {} } = WAYS[number % WAYS.length]?.(value) ?? { body: {} };
      const reply = await server.send('POST', url + query, { body, headers: { ...headers, 'idempotency-key': `${value}/${number}` } });
      expect([200, 422], reply.text).toContain(reply.status);
      if (reply.status === 200) accepted++;
    });
  }
  return { accepted, emptied };
}

const untilEmptied = (server: ServerProcess, runs: readonly RunSummary[], emptied: ReadonlySet<string>): Promise<void> =>
  atOnce(
    4,
    runs.filter(({ workflowId }) => emptied.has(workflowId)),
    ({ id }) => until(`the payloads of ${id} to be removed`, async () => Boolean((await readRun(server, id)).payloadsRemovedAt)),
  );

/** Searches everywhere a user, a program, or someone who stole the disk could look. */
async function searchEverywhere(server: ServerProcess, planted: Planted, runs: readonly RunSummary[]): Promise<void> {
  const look = async (where: string, path: string): Promise<void> => {
    const { text, headers } = await server.send('GET', path);
    planted.search(where, text + JSON.stringify([...headers]));
  };
  for (const { id } of runs) {
    await look('runs', `/api/runs/${id}`);
    await look('journals', `/api/runs/${id}/events?limit=1000`);
    await look('bills of materials', `/api/runs/${id}/bill-of-materials`);
  }
  for (const workflowId of new Set(runs.map((run) => run.workflowId)))
    for (const path of ['export', 'policies', 'webhook', 'webhook/deliveries']) await look('exports', `/api/workflows/${workflowId}/${path}`);
  for (const path of ['/api/runs', '/api/usage?by=workflow', '/api/audit', '/api/connections', '/metrics']) await look('lists', path);
  planted.search('log', server.output());
  if (!ON_MONGODB) planted.search('files', await filesOfDatabase(server.dataDir));
  await server.stop();
  planted.search('database', await everythingReadable(server.dataDir));
}

async function plantAndSearch(values: number, env: Readonly<Record<string, string>> = {}) {
  const planted = plantedSecrets();
  await using fake = await startFakeProvider();
  await using server = await startServerProcess({ env: { LOG_LEVEL: 'trace', EGRESS_ALLOW: '127.0.0.1', ...env } });
  await routeTo(server, 'echo', fakeTarget(fake));
  const socket = await connectPage(server.base);
  const heard: unknown[] = [];
  socket.onAny((name: string, payload: unknown) => void heard.push(name, payload));
  socket.on('workflow:run', ({ runId }) => socket.emit('run:watch', { runId, fromSeq: 1 }, () => undefined));
  const { accepted, emptied } = await callAll(server, planted, values, (workflowId) => socket.emitWithAck('workflow:watch', { workflowId }));
  socket.close();
  planted.search('sockets', JSON.stringify(heard));
  const runs = await allRuns(server);
  if (!('BREAKAGE' in env)) {
    await untilEmptied(server, runs, emptied);
    // Values are overwritten after they were removed.
    if (!ON_MONGODB) await until('no value in the files of the database', async () => !planted.isIn(await filesOfDatabase(server.dataDir)));
  }
  await searchEverywhere(server, planted, runs);
  return { planted, accepted, runs: runs.length };
}

test('no value is found anywhere under a policy that redacts it or does not log it', { timeout: SOAK_LIMIT_MS }, async () => {
  const values = sizeOf(200);
  const { planted, accepted, runs } = await plantAndSearch(values);
  expect([...planted.found]).toEqual([]);
  const policies = Object.keys(POLICIES).length;
  expect(planted.count).toBe(values * policies);
  // One of the policies rejects all calls.
  expect(accepted).toBe(values * (policies - 1));
  expect(runs).toBe(accepted);
  for (const where of ['runs', 'journals', 'bills of materials', 'sockets', 'log', 'database'])
    expect(planted.searched.get(where) ?? 0, where).toBeGreaterThan(values * 100);
  console.info(`redacted: ${JSON.stringify({ values: planted.count, runs, searched: Object.fromEntries(planted.searched) })}`);
});

test.for([
  ['lets values in', LETS_VALUES_IN, 'mask in database'],
  ['keeps payloads', KEEPS_PAYLOADS, 'redacted in database'],
] as const)('a build that %s is caught', { timeout: SOAK_LIMIT_MS }, async ([, breakage, fault]) => {
  const { planted } = await plantAndSearch(14, brokenBuild(breakage));
  expect([...planted.found]).toContain(fault);
});
