import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { createConnection } from '@switchyard/shared/contracts/models.ts';
import { createBudget, listBudgets } from '@switchyard/shared/contracts/money.ts';
import { getPolicies, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import {
  createPrompt,
  createPromptVersion,
  deletePrompt,
  getPrompt,
  getPromptVersion,
  listPrompts,
  movePromptLabel,
} from '@switchyard/shared/contracts/prompts.ts';
import { createRoute } from '@switchyard/shared/contracts/routes.ts';
import { getShared, importWorkflow, shareWorkflow, useShared } from '@switchyard/shared/contracts/sharing.ts';
import { createTable, listTables } from '@switchyard/shared/contracts/state/tables.ts';
import { getTemplate, saveTemplate, useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { createTrigger, listTriggers, updateTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { checkWorkflow, createWorkflow, getWorkflow, listWorkflows } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { begin, ended } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/* What files, links, and templates include besides the graph: prompts, the data policy, and budgets (S53a). */

const VARIABLES = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] };
const says = (text: string) => ({ messages: [{ role: 'user' as const, content: text }], variables: VARIABLES });

/** One node for each reference. */
const askingGraph = (...refs: { name: string; label?: string; version?: number }[]): Graph =>
  graphOf(
    [
      messageInput(),
      ...refs.map((prompt, index) => node('prompt', `ask_${index}`, { route: 'fast', prompt, variables: { message: '{{ input.message }}' } })),
      node('output', 'reply', { value: '{{ steps.ask_0.text }}' }),
    ],
    refs.flatMap((_, index) => [edge('start', `ask_${index}`), edge(`ask_${index}`, 'reply')]),
  );

const create = async (server: TestServer, ...refs: Parameters<typeof askingGraph>): Promise<string> =>
  (await server.call(createWorkflow, { body: { name: 'Asks', graph: askingGraph(...refs) } })).id;

async function makePrompt(server: TestServer, name: string, ...texts: string[]): Promise<void> {
  const [first = '', ...more] = texts;
  await server.call(createPrompt, { body: { name, description: `About ${name}`, ...says(first) } });
  for (const text of more) await server.call(createPromptVersion, { params: { name }, body: says(text) });
}
const label = (server: TestServer, name: string, version: number, to = 'production') =>
  server.call(movePromptLabel, { params: { name, label: to }, body: { version } });

async function exported(server: TestServer, id: string): Promise<{ text: string; json: { prompts?: Record<string, unknown>[] } & Record<string, unknown> }> {
  const { status, text, json } = await server.send('GET', `/api/workflows/${id}/export`);
  expect(status, text).toBe(200);
  return { text, json: json as Record<string, unknown> };
}

const imported = (server: TestServer, file: unknown) => server.call(importWorkflow, { body: file });
const refsIn = (graph: Graph) => graph.nodes.flatMap(({ data }) => (data.params.prompt ? [data.params.prompt] : []));
const textOf = async (server: TestServer, name: string, number: number) =>
  (await server.call(getPromptVersion, { params: { name, number } })).messages[0]?.content;

test('a file has the prompts as they are now, and its import exports to the same bytes and runs', async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  await makePrompt(server, 'greet', 'old', 'pinned {{ message }}', 'newest {{ message }}');
  await label(server, 'greet', 3);
  await server.call(createPrompt, { body: { name: 'bye', description: 'About bye', ...says('Bye {{ message }}'), markData: true } });
  await label(server, 'bye', 1, 'staging');
  const id = await create(server, { name: 'greet', label: 'production' }, { name: 'greet', version: 2 }, { name: 'bye', label: 'staging' });
  const { text, json } = await exported(server, id);
  expect(json.prompts).toEqual([
    { name: 'bye', description: 'About bye', label: 'staging', ...says('Bye {{ message }}'), markData: true },
    { name: 'greet', description: 'About greet', version: 1, ...says('pinned {{ message }}') },
    { name: 'greet', description: 'About greet', label: 'production', ...says('newest {{ message }}') },
  ]);
  const { workflow, toConnect, notes } = await imported(other, json);
  expect({ toConnect, notes }).toEqual({ toConnect: [], notes: [] });
  expect((await exported(other, workflow.id)).text).toBe(text);
  expect(await other.call(getPrompt, { params: { name: 'greet' } })).toMatchObject({
    description: 'About greet',
    latestVersion: 2,
    labels: [{ label: 'production', version: 2 }],
  });
  expect((await other.call(checkWorkflow, { params: { id: workflow.id } })).problems).toEqual([]);
  const run = await ended(other, (await begin(other, workflow.id, 'Hi')).id);
  expect(run.status).toBe('succeeded');
  const { items } = await other.call(listChanges, { query: { subject: 'prompt:greet' } });
  expect(items).toMatchObject([{ action: 'create', reason: 'Imported with “Asks”', after: { version: 2, labels: [{ label: 'production', version: 2 }] } }]);
});

test('an import uses a prompt that is the same here, and imports of one file at the same time create it once', async () => {
  await using server = await startTestServer();
  await makePrompt(server, 'greet', 'Hello {{ message }}');
  await label(server, 'greet', 1);
  const file = (await exported(server, await create(server, { name: 'greet', label: 'production' }))).json;
  const { workflow, notes } = await imported(server, file);
  expect(refsIn(workflow.draft)).toEqual([{ name: 'greet', label: 'production' }]);
  expect(notes).toEqual([]);
  expect((await server.call(getPrompt, { params: { name: 'greet' } })).latestVersion).toBe(1);

  await using other = await startTestServer();
  const all = await Promise.all([1, 2, 3].map(() => imported(other, file)));
  expect(all.flatMap(({ notes }) => notes)).toEqual([]);
  expect((await other.call(listPrompts, {})).items).toMatchObject([{ name: 'greet', latestVersion: 1, labels: [{ version: 1 }] }]);
});

test('a taken name with other content becomes name-2, with references rewritten and a note, and the next import uses it', async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  await makePrompt(server, 'greet', 'Theirs {{ message }}');
  await label(server, 'greet', 1);
  const file = (await exported(server, await create(server, { name: 'greet', label: 'production' }))).json;
  await makePrompt(other, 'greet', 'Ours {{ message }}');
  await label(other, 'greet', 1);
  for (const _ of ['first', 'second']) {
    const { workflow, notes } = await imported(other, file);
    expect(refsIn(workflow.draft)).toEqual([{ name: 'greet-2', label: 'production' }]);
    expect(notes).toEqual(['Prompt “greet” has different content here. The imported one is now “greet-2”.']);
  }
  expect((await other.call(listPrompts, {})).items.map(({ name }) => name)).toEqual(['greet', 'greet-2']);
  expect(await textOf(other, 'greet', 1)).toBe('Ours {{ message }}');
  expect(await textOf(other, 'greet-2', 1)).toBe('Theirs {{ message }}');
});

test('a label that exists never moves: the imported nodes then name the version with their content', async () => {
  await using server = await startTestServer();
  await makePrompt(server, 'greet', 'first {{ message }}');
  await label(server, 'greet', 1);
  const file = (await exported(server, await create(server, { name: 'greet', label: 'production' }))).json;
  await server.call(createPromptVersion, { params: { name: 'greet' }, body: says('second {{ message }}') });
  await label(server, 'greet', 2);
  const { workflow, notes } = await imported(server, file);
  expect(refsIn(workflow.draft)).toEqual([{ name: 'greet', version: 1 }]);
  expect(notes).toEqual([expect.stringContaining('“greet@production” is version 2 here')]);
  expect(await server.call(getPrompt, { params: { name: 'greet' } })).toMatchObject({ latestVersion: 2, labels: [{ label: 'production', version: 2 }] });
});

test('a label that doesn’t exist here is added to a prompt with the same content', async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  for (const one of [server, other]) await makePrompt(one, 'greet', 'Hello {{ message }}');
  await label(server, 'greet', 1, 'staging');
  const { json, text } = await exported(server, await create(server, { name: 'greet', label: 'staging' }));
  const { workflow, notes } = await imported(other, json);
  expect(notes).toEqual([]);
  expect((await exported(other, workflow.id)).text).toBe(text);
});

test('a prompt that is gone is listed to be added, unless the importer has it, and typed-in secrets are left out', async () => {
  await using server = await startTestServer();
  await makePrompt(server, 'gone', 'Hello {{ message }}');
  await makePrompt(server, 'leaky', 'Use sk-planted-0123456789abcdef {{ message }}');
  const id = await create(server, { name: 'leaky', version: 1 });
  const lost = await create(server, { name: 'gone', label: 'production' });
  const { json, text } = await exported(server, id);
  expect(text).not.toContain('sk-planted');
  expect(json.toConnect).toEqual([{ kind: 'secret', name: 'API key', steps: ['ask_0'] }]);
  const without = (await exported(server, lost)).json;
  expect(without).not.toHaveProperty('prompts');
  expect(without.toConnect).toEqual([{ kind: 'prompt', name: 'gone@production', steps: ['ask_0'] }]);
  await using other = await startTestServer();
  expect((await imported(other, without)).toConnect).toEqual([{ kind: 'prompt', name: 'gone@production', steps: ['ask_0'] }]);
  await makePrompt(other, 'gone', 'Mine {{ message }}');
  await label(other, 'gone', 1);
  expect((await imported(other, without)).toConnect).toEqual([]);
});

test('policies and budgets of the workflow and its nodes come along, and no others', async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  await makePrompt(server, 'greet', 'Hello {{ message }}');
  const id = await create(server, { name: 'greet', version: 1 });
  const policy = {
    redaction: [{ detector: 'card' as const, action: 'mask' as const, keepLast: 4 }],
    retention: { payloadDays: 30, journalDays: 60, summaryDays: null },
  };
  await server.call(putPolicies, { params: { id }, body: policy });
  await server.call(createRoute, { body: { name: 'cheap', targets: [{ connectionId: 'demo', model: 'demo' }] } });
  const limits = { period: 'day' as const, softMicros: 1_000_000, hardMicros: 5_000_000 };
  await server.call(createBudget, { body: { ...limits, name: 'Daily', scope: { kind: 'workflow', id }, timeZone: 'Europe/Berlin' } });
  await server.call(createBudget, { body: { ...limits, scope: { kind: 'node', id: `${id}/ask_0` }, onSoft: 'route', route: 'cheap' } });
  await server.call(createBudget, { body: { ...limits, scope: { kind: 'workspace' } } });
  await server.call(createBudget, { body: { ...limits, scope: { kind: 'workflow', id: await create(server, { name: 'greet', version: 1 }) } } });
  const { json, text } = await exported(server, id);
  expect(text).not.toContain(id);
  expect(json.policies).toMatchObject(policy);
  expect(json.budgets).toHaveLength(2);

  const { workflow, notes } = await imported(other, json);
  expect(notes).toEqual(['Route “cheap”, which a budget uses from its soft limit on, doesn’t exist here. The budget now only notifies.']);
  expect(await other.call(getPolicies, { params: { id: workflow.id } })).toMatchObject({ ...policy, revision: 1 });
  expect((await other.call(listBudgets, {})).items.map(({ scope }) => scope)).toEqual(
    expect.arrayContaining([
      { kind: 'workflow', id: workflow.id },
      { kind: 'node', id: `${workflow.id}/ask_0` },
    ]),
  );
  // On the server it comes from, nothing differs.
  const copy = await imported(server, json);
  expect(copy.notes).toEqual([]);
  expect((await exported(server, copy.workflow.id)).text).toBe(text);
});

test('triggers, tags, and helpers come along, and the triggers of the copy are off until what they need is chosen', async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  const helpers = 'export const twice = (n: number): number => n * 2;';
  const graph = { ...graphOf([messageInput(), node('output', 'reply', { value: '{{ input }}' })], [edge('start', 'reply')]), helpers };
  const { id } = await server.call(createWorkflow, { body: { name: 'Nightly', tags: ['ops', 'Reports', 'OPS'], graph } });
  await server.call(createTrigger, { params: { id }, body: { kind: 'schedule', cron: '0 7 * * 1', timeZone: 'Europe/Berlin', paused: 'skip' } });
  await server.call(createTrigger, { params: { id }, body: { kind: 'form', title: 'Report a bug' } });
  await server.call(createTrigger, { params: { id }, body: { kind: 'error' } });
  const watched = await server.call(createWorkflow, { body: { name: 'Watched' } });
  await server.call(createTrigger, { params: { id }, body: { kind: 'workflow-ended', workflowId: watched.id, statuses: ['failed'] } });
  const connection = await server.call(createConnection, { body: { name: 'Orders', kind: 'redis', baseUrl: 'redis://127.0.0.1:6379' } });
  const queue = { connectionId: connection.id, stream: 'orders', group: 'switchyard', from: 'new' as const };
  await server.call(createTrigger, { params: { id }, body: { kind: 'queue', source: queue, enabled: false } });
  const { text, json } = await exported(server, id);
  expect(json).toMatchObject({ tags: ['ops', 'Reports'], graph: { helpers } });
  const { workflow, notes, toConnect } = await imported(other, json);
  expect(notes).toEqual([]);
  const { items } = await other.call(listTriggers, { params: { id: workflow.id } });
  expect(items).toMatchObject([
    { kind: 'form', enabled: false, settings: { title: 'Report a bug' } },
    { kind: 'schedule', enabled: false, settings: { cron: '0 7 * * 1', timeZone: 'Europe/Berlin', paused: 'skip' } },
    { kind: 'error', enabled: false, settings: { workflowId: null } },
    { kind: 'queue', enabled: false, settings: { source: { ...queue, connectionId: '<left out: Orders>' } } },
    { kind: 'workflow-ended', enabled: false, settings: { workflowId: watched.id, statuses: ['failed'] } },
  ]);
  expect(toConnect).toEqual([{ kind: 'connection', name: 'Orders', steps: [] }]);
  for (const [kind, code] of [
    ['queue', 'bad-request'],
    ['workflow-ended', 'not-found'],
  ] as const) {
    const trigger = items.find((item) => item.kind === kind);
    expect(await other.refused(updateTrigger, { params: { id: trigger?.id ?? '' }, body: { enabled: true } })).toMatchObject({ code });
  }
  expect((await exported(other, workflow.id)).text).toBe(text);
});

test('the columns of tables that nodes name come along, and a table that differs here is kept, with a note', async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  const columns = [
    { name: 'email', type: 'text' as const, isKey: true },
    { name: 'visits', type: 'number' as const },
  ];
  await server.call(createTable, { body: { name: 'Guests', columns } });
  const graph = graphOf(
    [messageInput(), node('state', 'find', { operation: 'count-rows', table: 'guests' }), node('output', 'reply', { value: '{{ steps.find.count }}' })],
    [edge('start', 'find'), edge('find', 'reply')],
  );
  const { id } = await server.call(createWorkflow, { body: { name: 'Guests', graph } });
  const { text, json } = await exported(server, id);
  const first = await imported(other, json);
  expect(first.notes).toEqual([]);
  expect((await other.call(listTables, {})).items).toMatchObject([
    {
      name: 'Guests',
      columns: [
        { name: 'email', isKey: true },
        { name: 'visits', type: 'number' },
      ],
    },
  ]);
  expect((await exported(other, first.workflow.id)).text).toBe(text);
  await using third = await startTestServer();
  await third.call(createTable, { body: { name: 'guests', columns: columns.slice(0, 1) } });
  expect((await imported(third, json)).notes).toEqual(['Table “Guests” exists here and differs in “visits”. Compare its columns.']);
});

test.each([
  ['a schedule that is never due', { triggers: [{ kind: 'schedule', cron: '0 0 31 2 *' }] }, 'triggers.0.cron'],
  ['a trigger of an unknown kind', { triggers: [{ kind: 'mailbox' }] }, 'triggers.0.kind'],
  ['a prompt with a broken template', { prompts: [{ name: 'a', label: 'production', ...says('{{ 1 + }}') }] }, 'prompts.0.messages.0.content'],
  ['an invalid prompt name', { prompts: [{ name: 'No name', ...says('x') }] }, 'prompts.0.name'],
  ['a prompt that is there twice', { prompts: [1, 2].map(() => ({ name: 'a', label: 'production', ...says('x') })) }, 'prompts.1.name'],
  ['a policy with an unknown detector', { policies: { redaction: [{ detector: 'soul', action: 'mask' }] } }, 'policies.redaction.0'],
  ['a budget of the whole workspace', { budgets: [{ scope: { kind: 'workspace' }, period: 'day', hardMicros: 1 }] }, 'budgets.0.scope'],
  ['a budget of a workflow here', { budgets: [{ scope: { kind: 'workflow', id: 'wf_1' }, period: 'day', hardMicros: 1 }] }, 'budgets.0.scope'],
  ['a budget without limits', { budgets: [{ scope: { kind: 'workflow' }, period: 'day' }] }, 'budgets.0.softMicros'],
])('%s is rejected with its path, and nothing is created', async (_what, more, path) => {
  await using server = await startTestServer();
  const good = { name: 'good', label: 'production', ...says('x') };
  const file = { format: 'switchyard/workflow@1', name: 'File', graph: askingGraph({ name: 'good', label: 'production' }), prompts: [good], ...more };
  const problem = await server.refused(importWorkflow, { body: file });
  expect(problem).toMatchObject({ status: 400, detail: expect.stringContaining('Nothing was imported') });
  expect(problem.errors?.map((error) => error.path).join()).toContain(path);
  expect((await server.call(listPrompts, {})).items).toEqual([]);
  expect((await server.call(listBudgets, {})).items).toEqual([]);
  expect((await server.call(listWorkflows, {})).items).toEqual([]);
});

test('a link shows the text of prompts without budgets and policies, and its copy uses the same prompts', async () => {
  await using server = await startTestServer();
  await makePrompt(server, 'greet', 'Hello {{ message }}');
  await label(server, 'greet', 1);
  const id = await create(server, { name: 'greet', label: 'production' });
  await server.call(createBudget, { body: { scope: { kind: 'workflow', id }, period: 'day', hardMicros: 5_000_000 } });
  const { token } = await server.call(shareWorkflow, { params: { id } });
  const shared = await server.call(getShared, { params: { token } });
  expect(shared.prompts).toMatchObject([{ name: 'greet', label: 'production', messages: [{ content: 'Hello {{ message }}' }] }]);
  expect(shared).not.toHaveProperty('budgets');
  const copy = await server.call(useShared, { params: { token } });
  expect(copy.notes).toEqual([]);
  expect(refsIn(copy.draft)).toEqual([{ name: 'greet', label: 'production' }]);
  expect((await server.call(listBudgets, {})).items.map(({ scope }) => scope.id)).toContain(copy.id);
});

test('a saved template keeps its prompts after they are changed or deleted', async () => {
  await using server = await startTestServer();
  await makePrompt(server, 'greet', 'Hello {{ message }}');
  await label(server, 'greet', 1);
  const id = await create(server, { name: 'greet', label: 'production' });
  const { slug } = await server.call(saveTemplate, { body: { workflowId: id, name: 'Greeting', description: '' } });
  expect((await server.call(getTemplate, { params: { slug } })).prompts).toMatchObject([{ name: 'greet', label: 'production' }]);
  await server.send('DELETE', `/api/workflows/${id}`);
  await server.call(deletePrompt, { params: { name: 'greet' } });
  const used = await server.call(useTemplate, { params: { slug } });
  expect(used.notes).toEqual([]);
  expect(await textOf(server, 'greet', 1)).toBe('Hello {{ message }}');
  expect((await server.call(checkWorkflow, { params: { id: used.id } })).problems).toEqual([]);
  expect((await server.call(getWorkflow, { params: { id: used.id } })).templateSlug).toBe(slug);
});
