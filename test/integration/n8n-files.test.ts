import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { getRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { importWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { listTriggers } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { checkWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ended, whenRun } from '../kit/runs.ts';
import { repositoryRoot, startTestServer, type TestServer } from '../kit/server.ts';

/* Whole workflows of n8n, in several versions of its nodes. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.[Symbol.asyncDispose]());

async function importFile(name: string) {
  const file: unknown = JSON.parse(readFileSync(join(repositoryRoot, 'test/files/n8n', `${name}.json`), 'utf8'));
  const made = await server.call(importWorkflow, { body: file });
  const { id, draft } = made.workflow;
  const { items: triggers } = await server.call(listTriggers, { params: { id } });
  const { problems } = await server.call(checkWorkflow, { params: { id } });
  const errors = problems
    .filter(({ severity }) => severity === 'error')
    .map(({ code, nodeId }) => `${draft.nodes.find((node) => node.id === nodeId)?.data.title}: ${code}`);
  return { ...made, id, draft, triggers, errors };
}
const typesOf = ({ nodes }: Graph) => Object.fromEntries(nodes.map(({ type, data }) => [data.title, type]));
const paramsOf = ({ nodes }: Graph, title: string) => nodes.find(({ data }) => data.title === title)?.data;

test('a weekly report keeps its schedule, its pages, and its expressions', async () => {
  const { draft, triggers, carriedOver, toConnect } = await importFile('weekly-report');
  expect(carriedOver).toEqual({ nodes: 7, carriedOver: 7 });
  expect(triggers).toMatchObject([{ kind: 'schedule', enabled: false, settings: { cron: '30 7 * * 1', timeZone: 'Europe/Lisbon' } }]);
  expect(typesOf(draft)).toMatchObject({ Orders: 'tool', 'Split Out': 'for-each', Order: 'transform', 'All orders': 'transform', Post: 'tool' });
  expect(paramsOf(draft, 'Orders')).toMatchObject({
    policy: { timeoutMs: 20_000 },
    params: { redirects: 'return', pages: { by: 'page', first: 1, parameter: 'page', place: 'query', items: 'data.orders', maxPages: 20, paceMs: 250 } },
  });
  expect(paramsOf(draft, 'Split Out')?.params.items).toBe('{{ steps.orders.body }}');
  expect(toConnect.map(({ name }) => name)).toEqual(['Team Slack']);
});

test('the same report in the first versions of the nodes carries over, too', async () => {
  const { draft, triggers, carriedOver, errors } = await importFile('weekly-report-early');
  expect(carriedOver).toEqual({ nodes: 7, carriedOver: 7 });
  expect(triggers).toMatchObject([{ kind: 'schedule', settings: { cron: '30 7 * * 1', timeZone: 'UTC' } }]);
  expect(typesOf(draft)).toMatchObject({ Orders: 'tool', 'Item Lists': 'for-each', 'Large?': 'condition', Order: 'transform', Function: 'code' });
  expect(errors).toEqual([]);
});

test('a form and a schedule both become triggers, and lists are joined by a field', async () => {
  const { id, draft, triggers, notes, errors } = await importFile('contact-form');
  expect(triggers.map(({ kind, enabled }) => [kind, enabled])).toEqual([
    ['form', false],
    ['schedule', false],
  ]);
  expect(triggers[0]).toMatchObject({ settings: { title: 'Contact us', intro: 'We answer within a day.', thanks: 'Thanks, we have it.' } });
  expect(paramsOf(draft, 'On form submission')?.params.schema).toEqual({
    type: 'object',
    properties: { email: { type: 'string', format: 'email', title: 'Your email' }, topic: { type: 'string', enum: ['Sales', 'Support'], title: 'Topic' } },
    required: ['email'],
  });
  expect(notes).toContainEqual({ nodeName: 'On form submission', what: 'Its file fields (file) were left out.' });
  expect(errors).toEqual([]);
  const started = await server.call(startRun, { params: { id }, body: { input: { email: 'cy@fjord.example', topic: 'Support' } } });
  const run = await ended(server, started.id);
  expect(run.status, JSON.stringify(run.error)).toBe('succeeded');
  expect(run.steps.find(({ nodeKey }) => nodeKey === 'reply')?.output).toMatchObject({
    text: expect.stringMatching(/^Dear fjord\.example, Bo answers by \w+day$/),
  });
});

test('a wait for a call becomes a callback, a form a review, and an agent a placeholder', async () => {
  const { id, draft, carriedOver, errors } = await importFile('approval');
  expect(carriedOver).toEqual({ nodes: 13, carriedOver: 11 });
  expect(typesOf(draft)).toMatchObject({
    Sort: 'classify',
    'Wait for the shop': 'callback',
    Decision: 'condition',
    Apologize: 'prompt',
    'Check the apology': 'human-review',
    Agent: 'placeholder',
    'Runs a report': 'workflow',
  });
  expect(paramsOf(draft, 'Ask the shop')?.params.json).toEqual({ text: '{{ input.message }}', callback: '{{ run.callbacks.wait_for_the_shop }}' });
  expect(paramsOf(draft, 'Wait for the shop')?.params).toEqual({ dueInMinutes: 2_880 });
  expect(errors.filter((error) => !/^(?:Agent|Runs a report):/.test(error))).toEqual([]);

  const complaint = await server.call(startRun, { params: { id }, body: { input: { message: 'My lamp is broken and late.' }, only: 'replied' } });
  await whenRun(server, complaint.id, 'waiting', ({ status }) => status === 'waiting');
  const [review] = (await server.call(listReviews, { query: { runId: complaint.id } })).items;
  expect(review).toMatchObject({
    title: 'Check the apology',
    fields: [
      { name: 'Reply', kind: 'long-text', required: true },
      { name: 'Tone', kind: 'choice' },
    ],
  });
  await server.call(decideReview, { params: { id: review?.id ?? '' }, body: { decision: 'submit', values: { Reply: 'Sorry!', Tone: 'Warm' } } });
  expect((await ended(server, complaint.id)).status).toBe('succeeded');
  expect((await server.call(getRun, { params: { id: complaint.id } })).steps.find(({ nodeKey }) => nodeKey === 'replied')?.output).toEqual({
    reply: 'Sorry!',
    tone: 'Warm',
  });
});
