import { getRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { importWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { listTriggers } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { checkWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { n8nConnections as connections, n8nNode as node } from '../kit/n8n.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

const webhook = (more: Record<string, unknown> = {}) => node('Webhook', 'webhook', { path: 'x', httpMethod: 'POST', responseMode: 'lastNode', ...more });
const imported = (api: TestApi, file: Record<string, unknown>) => api.call(importWorkflow, { body: { name: 'From n8n', ...file } });

async function outputOf(api: TestApi, workflowId: string, input: unknown): Promise<unknown> {
  const { problems } = await api.call(checkWorkflow, { params: { id: workflowId } });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const started = await api.call(startRun, { params: { id: workflowId }, body: { input, version: 'draft' } });
  const run = await ended(api, started.id);
  expect(run.status, JSON.stringify(run.error)).toBe('succeeded');
  return (await api.call(getRun, { params: { id: started.id } })).output;
}

test('a list is split, changed per item, and collected, in a For-each', async () => {
  await using server = await startTestServer();
  const { workflow, carriedOver } = await imported(server, {
    nodes: [
      webhook(),
      node('Split Out', 'splitOut', { fieldToSplitOut: 'body.users', options: {} }),
      node(
        'Big ones',
        'filter',
        { conditions: { conditions: [{ leftValue: '={{ $json.age }}', rightValue: 18, operator: { type: 'number', operation: 'gte' } }], combinator: 'and' } },
        { typeVersion: 2 },
      ),
      node(
        'Name',
        'set',
        {
          assignments: {
            assignments: [{ name: 'hello', value: "=Hi {{ $json.name.toUpperCase() }} of {{ $('Webhook').item.json.body.team }}", type: 'string' }],
          },
          options: {},
        },
        { typeVersion: 3.4 },
      ),
      node('All', 'aggregate', { aggregate: 'aggregateAllItemData', destinationFieldName: 'people' }),
    ],
    connections: connections({ Webhook: [['Split Out']], 'Split Out': [['Big ones']], 'Big ones': [['Name']], Name: [['All']] }),
  });
  expect(carriedOver).toEqual({ nodes: 5, carriedOver: 5 });
  const users = [
    { name: 'Ada', age: 36 },
    { name: 'Bo', age: 7 },
    { name: 'Cy', age: 18 },
  ];
  expect(await outputOf(server, workflow.id, { team: 'red', users })).toEqual({ people: [{ hello: 'Hi ADA of red' }, { hello: 'Hi CY of red' }] });
});

test.each([1, 3])('a loop of version %d runs per item, and what follows gets all results', async (typeVersion) => {
  await using server = await startTestServer();
  const [done, each] = [['Sum'], ['Double']];
  const { workflow } = await imported(server, {
    nodes: [
      webhook(),
      node('List', 'code', { jsCode: 'return $input.first().json.body.numbers.map((n) => ({ json: { n } }));' }, { typeVersion: 2 }),
      node('Loop', 'splitInBatches', { batchSize: 1, options: {} }, { typeVersion }),
      node(
        'Double',
        'set',
        { fields: { values: [{ name: 'twice', type: 'numberValue', numberValue: '={{ $json.n * 2 }}' }] }, include: 'none' },
        { typeVersion: 3 },
      ),
      node(
        'Sum',
        'code',
        { jsCode: "return [{ json: { sum: items.reduce((sum, { json }) => sum + json.twice, 0), first: $('List').first().json.n } }];" },
        { typeVersion: 2 },
      ),
    ],
    connections: connections({ Webhook: [['List']], List: [['Loop']], Loop: typeVersion >= 3 ? [done, each] : [each, done], Double: [['Loop']] }),
  });
  expect(await outputOf(server, workflow.id, { numbers: [1, 2, 3] })).toEqual({ sum: 12, first: 1 });
});

const early = { conditions: { string: [{ value1: '={{ $json.body.tier }}', operation: 'equal', value2: 'gold' }] } };
const later = {
  conditions: {
    combinator: 'or',
    conditions: [{ leftValue: '={{ $json.body.tier }}', rightValue: 'gold', operator: { type: 'string', operation: 'equals' } }],
  },
};

test.each([
  [1, early],
  [2.2, later],
])('an If of version %d takes its branch, and the node after both reads the item of the one that ran', async (typeVersion, parameters) => {
  await using server = await startTestServer();
  const assign = (value: string) => ({ values: { string: [{ name: 'reply', value }] }, keepOnlySet: true });
  const { workflow } = await imported(server, {
    nodes: [
      webhook({ responseMode: 'responseNode' }),
      node('If', 'if', parameters, { typeVersion }),
      node('Gold', 'set', assign('=Dear {{ $json.body.name }}')),
      node('Other', 'set', assign('Hello')),
      node('Nothing', 'noOp'),
      node('Respond', 'respondToWebhook', {
        respondWith: 'json',
        responseBody: '={ "reply": "{{ $json.reply }}!", "length": {{ $json.reply.length }} }',
        options: {},
      }),
    ],
    connections: connections({ Webhook: [['If']], If: [['Gold'], ['Other']], Gold: [['Nothing']], Other: [['Nothing']], Nothing: [['Respond']] }),
  });
  expect(await outputOf(server, workflow.id, { tier: 'gold', name: 'Ada' })).toEqual({ reply: 'Dear Ada!', length: 8 });
  expect(await outputOf(server, workflow.id, { tier: 'free', name: 'Bo' })).toEqual({ reply: 'Hello!', length: 5 });
});

test('an agent becomes a placeholder with its model, which blocks publishing and keeps the original', async () => {
  await using server = await startTestServer();
  const { workflow, carriedOver, notes } = await imported(server, {
    nodes: [
      node('When chat message received', '@n8n/n8n-nodes-langchain.chatTrigger'),
      node('Agent', '@n8n/n8n-nodes-langchain.agent', { text: '={{ $json.chatInput }}' }),
      node(
        'Model',
        '@n8n/n8n-nodes-langchain.lmChatOpenAi',
        { model: { __rl: true, value: 'gpt-4o', mode: 'list' } },
        { credentials: { openAiApi: { id: '1', name: 'My OpenAI' } } },
      ),
    ],
    connections: {
      ...connections({ 'When chat message received': [['Agent']] }),
      Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
    },
  });
  expect(carriedOver).toEqual({ nodes: 3, carriedOver: 1 });
  expect(notes).toContainEqual({ nodeName: 'Agent', what: expect.stringContaining('Stays a placeholder.') });
  const kept = workflow.draft.nodes.find(({ type }) => type === 'placeholder');
  expect(kept?.data).toMatchObject({ title: 'Agent', params: { original: { type: '@n8n/n8n-nodes-langchain.agent', uses: [{ name: 'Model' }] } } });
  const published = await server.send('POST', `/api/workflows/${workflow.id}/publish`, { body: {} });
  expect(published.status).toBe(422);
  const { problems } = await server.call(checkWorkflow, { params: { id: workflow.id } });
  expect(problems).toContainEqual(expect.objectContaining({ code: 'bad-params', suggestion: expect.stringContaining('Replace it with another node') }));
});

test('a request and a message of a service become HTTP requests whose credentials are asked for', async () => {
  await using server = await startTestServer();
  const { workflow, toConnect } = await imported(server, {
    nodes: [
      node('Every day', 'scheduleTrigger', { rule: { interval: [{ field: 'days', triggerAtHour: 9 }] } }),
      node(
        'Get order',
        'httpRequest',
        {
          url: '=https://shop.example/orders/{{ $json.id }}',
          sendQuery: true,
          queryParameters: { parameters: [{ name: 'lang', value: 'en' }] },
          sendHeaders: false,
          options: {},
        },
        { typeVersion: 4.2, credentials: { httpHeaderAuth: { id: '7', name: 'Shop' } }, retryOnFail: true },
      ),
      node(
        'Slack',
        'slack',
        { select: 'channel', channelId: { __rl: true, value: 'C1', mode: 'id' }, text: '=Order {{ $json.number }}' },
        { typeVersion: 2.2, credentials: { slackApi: { id: '8', name: 'Team' } } },
      ),
    ],
    connections: connections({ 'Every day': [['Get order']], 'Get order': [['Slack']] }),
    settings: { timezone: 'Europe/Berlin' },
  });
  expect((await server.call(listTriggers, { params: { id: workflow.id } })).items).toMatchObject([
    { kind: 'schedule', enabled: false, settings: { cron: '0 9 * * *', timeZone: 'Europe/Berlin' } },
  ]);
  expect(toConnect.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['connection Shop', 'connection Team']);
  const params = workflow.draft.nodes.map(({ data }) => data);
  expect(params[1]).toMatchObject({
    policy: { retry: { max: 2 } },
    params: { method: 'GET', url: 'https://shop.example/orders/{{ input.id }}', query: [{ name: 'lang', value: 'en' }] },
  });
  expect(params[2]?.params).toMatchObject({
    url: 'https://slack.com/api/chat.postMessage',
    json: { channel: 'C1', text: 'Order {{ steps.get_order.body.number }}' },
  });
});

test('an expression that can’t be converted stays, is noted, and blocks publishing', async () => {
  await using server = await startTestServer();
  const source = '$json.body.list.reduce((a, b) => a + b)';
  const { workflow, notes } = await imported(server, {
    nodes: [
      webhook(),
      node('Sum', 'set', { assignments: { assignments: [{ name: 'sum', value: `={{ ${source} }}`, type: 'number' }] } }, { typeVersion: 3.4 }),
    ],
    connections: connections({ Webhook: [['Sum']] }),
  });
  expect(notes).toEqual([{ nodeName: 'Sum', what: expect.stringContaining('the method “reduce”') }]);
  const { problems } = await server.call(checkWorkflow, { params: { id: workflow.id } });
  expect(problems).toContainEqual(expect.objectContaining({ code: 'bad-expression', severity: 'error' }));
});

test.each([
  ['no nodes', { nodes: [], connections: {} }],
  ['a node without a name', { nodes: [{ type: 'x', parameters: {} }], connections: {} }],
  ['two nodes of one name', { nodes: [node('A', 'noOp'), node('A', 'noOp')], connections: {} }],
  ['2,001 nodes', { nodes: Array.from({ length: 2_001 }, (_, index) => node(`A${index}`, 'noOp')), connections: {} }],
])('a file with %s is refused with the reason, and nothing is created', async (_title, file) => {
  await using server = await startTestServer();
  const reply = await server.send('POST', '/api/workflows/import', { body: file });
  expect(reply.status).toBe(400);
  expect(reply.text).toContain('Nothing was imported');
});

test('unknown fields, cycles, and broken parts don’t stop an import', async () => {
  await using server = await startTestServer();
  const { workflow, carriedOver } = await imported(server, {
    id: 'x',
    meta: { templateId: 1 },
    nodes: [
      { ...webhook({ responseMode: 'onReceived' }), position: 'far', unknown: { deep: [1] } },
      node('A', 'noOp', {}, { typeVersion: 'new' }),
      node('B', 'if', { conditions: 'broken' }, { typeVersion: 99 }),
      node('__proto__', 'set', { assignments: { assignments: 'none' } }),
      node('Constructor', 'constructor.toString'),
      node('Sticky', 'stickyNote', { content: '## Why', width: 300 }),
    ],
    connections: { ...connections({ Webhook: [['A']], A: [['B', 'Missing']], B: [['A', 'Constructor']] }), Gone: { main: [null, [{ node: 'A' }]] }, A2: 'x' },
  });
  expect(carriedOver).toEqual({ nodes: 6, carriedOver: 4 });
  expect(workflow.draft.edges.filter(({ data }) => data?.back)).toHaveLength(1);
});

test('a file of 5 MB with thousands of connections is imported within a few seconds', async () => {
  await using server = await startTestServer();
  const nodes = Array.from({ length: 1_500 }, (_, index) =>
    node(
      `N${index}`,
      index % 3 === 0 ? 'if' : 'set',
      { ...later, assignments: { assignments: [{ name: 'a', value: '={{ $json.a }}', type: 'string' }] }, includeOtherFields: true, junk: 'x'.repeat(3_000) },
      { typeVersion: 3.4 },
    ),
  );
  const links = Object.fromEntries(nodes.map(({ name }, index) => [name, [[1, 2, 3].flatMap((step) => nodes[index + step]?.name ?? [])]]));
  const { carriedOver } = await imported(server, { nodes: [webhook(), ...nodes], connections: connections({ Webhook: [['N0']], ...links }) });
  expect(carriedOver?.nodes).toBe(1_501);
});
