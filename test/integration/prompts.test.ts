import { compareBillsOfMaterials, getBillOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import {
  createPrompt,
  createPromptVersion,
  deletePrompt,
  deletePromptLabel,
  getPrompt,
  getPromptVersion,
  listPrompts,
  movePromptLabel,
  restorePromptVersion,
} from '@switchyard/shared/contracts/prompts.ts';
import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { getRun, rerunRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { checkWorkflow, createWorkflow, publishWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { edge, graphOf, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const VARIABLES = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
const says = (text: string) => ({ messages: [{ role: 'user' as const, content: text }], variables: VARIABLES });
const anyInput = () => node('input', 'start', { schema: {}, samples: [] });

/** Calls the demo model with a registered prompt. The step's record shows the sent messages. */
const askingGraph = (prompt: { name: string; label?: string; version?: number }, before = 'start') =>
  graphOf(
    [
      anyInput(),
      node('prompt', 'ask', { route: 'fast', prompt, variables: { name: '{{ input.name }}' } }),
      node('output', 'reply', { value: '{{ steps.ask.text }}' }),
    ],
    [edge(before, 'ask'), edge('ask', 'reply')],
  );

async function sentIn(runId: string): Promise<string> {
  const run = await server.call(getRun, { params: { id: runId } });
  const record = run.steps.find((step) => step.nodeKey === 'ask')?.calls[0]?.record;
  return JSON.stringify(record);
}

async function ranOver(url: string, body: unknown): Promise<string> {
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return reply.headers.get('x-run-id') ?? '';
}

test('moving a label changes the next run without publishing, and text from variables is never a template', async () => {
  await server.call(createPrompt, { body: { name: 'greet', ...says('one for {{ name }}') } });
  await server.call(movePromptLabel, { params: { name: 'greet', label: 'production' }, body: { version: 1, reason: 'first' } });
  const { url } = await publishedWorkflow(server, askingGraph({ name: 'greet', label: 'production' }));
  const first = await ranOver(url, { name: 'Ada {{ vars }}' });
  expect(await sentIn(first)).toContain('one for Ada {{ vars }}');

  await server.call(createPromptVersion, { params: { name: 'greet' }, body: says('two for {{ name }}') });
  expect(await sentIn(await ranOver(url, { name: 'Ada' }))).toContain('one for Ada');
  await server.call(movePromptLabel, { params: { name: 'greet', label: 'production' }, body: { version: 2, reason: 'shorter' } });
  const second = await ranOver(url, { name: 'Ada' });
  expect(await sentIn(second)).toContain('two for Ada');

  const bill = await server.call(getBillOfMaterials, { params: { id: second } });
  expect(bill).toMatchObject({ prompts: [{ name: 'greet', label: 'production', version: 2 }], models: [{ nodeKey: 'ask', route: 'fast', model: 'demo' }] });
  const { differences } = await server.call(compareBillsOfMaterials, { params: { id: first, other: second } });
  expect(differences).toMatchObject([
    { group: 'prompts', item: 'greet', before: [{ version: 1 }], after: [{ version: 2 }] },
    { group: 'input', item: 'hash' },
  ]);
});

test('a version can mark the values of its variables as data, and a restored one still does', async () => {
  await server.call(createPrompt, { body: { name: 'marked', ...says('Reply to {{ name }}') } });
  await server.call(createPromptVersion, { params: { name: 'marked' }, body: { ...says('Reply to {{ name }}'), markData: true } });
  const { url } = await publishedWorkflow(server, askingGraph({ name: 'marked', version: 2 }));
  const sent = await sentIn(await ranOver(url, { name: 'Ada' }));
  expect(sent).toMatch(/Reply to <(data-[a-z]{6})>Ada<\/\1>/);
  expect(sent).toContain('is input from outside');
  const restored = await server.call(restorePromptVersion, { params: { name: 'marked', number: 2 } });
  expect(restored).toMatchObject({ number: 3, markData: true });
  const plain = await server.call(getPromptVersion, { params: { name: 'marked', number: 1 } });
  expect(plain.markData).toBeUndefined();
  expect(restored.contentHash).not.toBe(plain.contentHash);
});

test('a rerun uses the recorded version, or the current one if asked', async () => {
  await server.call(createPrompt, { body: { name: 'again', ...says('old {{ name }}') } });
  await server.call(movePromptLabel, { params: { name: 'again', label: 'production' }, body: { version: 1 } });
  const { url } = await publishedWorkflow(server, askingGraph({ name: 'again', label: 'production' }));
  const id = await ranOver(url, { name: 'Ada' });
  await server.call(createPromptVersion, { params: { name: 'again' }, body: says('new {{ name }}') });
  await server.call(movePromptLabel, { params: { name: 'again', label: 'production' }, body: { version: 2 } });
  const ended = async (prompts: 'recorded' | 'current') => {
    const run = await server.call(rerunRun, { params: { id }, body: { prompts } });
    await expect.poll(async () => (await server.call(getRun, { params: { id: run.id } })).status).toBe('succeeded');
    return sentIn(run.id);
  };
  expect(await ended('recorded')).toContain('old Ada');
  expect(await ended('current')).toContain('new Ada');
});

test('a run that waited for a person still uses the version it started with', async () => {
  await server.call(createPrompt, { body: { name: 'patient', ...says('before {{ name }}') } });
  await server.call(movePromptLabel, { params: { name: 'patient', label: 'production' }, body: { version: 1 } });
  const review = node('human-review', 'check', { title: 'Check', decisions: [{ id: 'ok', title: 'OK' }], fields: [] });
  const asking = askingGraph({ name: 'patient', label: 'production' }, 'check.ok');
  const { id } = await server.call(createWorkflow, {
    body: { name: 'Waits', graph: graphOf([...asking.nodes, review], [edge('start', 'check'), ...asking.edges]) },
  });
  await server.call(publishWorkflow, { params: { id } });
  const run = await server.call(startRun, { params: { id }, body: { input: { name: 'Ada' }, version: 'live' } });
  const taskOf = async () => (await server.call(listReviews, { query: { status: 'open' } })).items.find((item) => item.runId === run.id);
  await expect.poll(taskOf).toBeDefined();
  const task = await taskOf();
  await server.call(createPromptVersion, { params: { name: 'patient' }, body: says('after {{ name }}') });
  await server.call(movePromptLabel, { params: { name: 'patient', label: 'production' }, body: { version: 2 } });
  await server.call(decideReview, { params: { id: task?.id ?? '' }, body: { decision: 'ok' } });
  await expect.poll(async () => (await server.call(getRun, { params: { id: run.id } })).status).toBe('succeeded');
  expect(await sentIn(run.id)).toContain('before Ada');
});

test('a missing variable, or one of the wrong type, fails the step with its name', async () => {
  await server.call(createPrompt, { body: { name: 'typed', ...says('for {{ name }}') } });
  const asking = askingGraph({ name: 'typed', version: 1 });
  const ask = node('prompt', 'ask', { route: 'fast', prompt: { name: 'typed', version: 1 }, variables: { name: '{{ input.?name.orValue(null) }}' } });
  const open = { ...asking, nodes: asking.nodes.map((one) => (one.id === 'ask' ? ask : one)) };
  const { url } = await publishedWorkflow(server, open);
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  expect(await reply.json()).toMatchObject({ code: 'prompt-variables', detail: expect.stringContaining('name') });
  const run = await server.call(getRun, { params: { id: reply.headers.get('x-run-id') ?? '' } });
  expect(run.error).toMatchObject({ code: 'prompt-variables', message: expect.stringContaining('name') });
});

test('the variant with the most matching labels is used', async () => {
  const variant = (name: string, when: Record<string, string>) => ({ name, when, messages: [{ role: 'user' as const, content: `${name} {{ name }}` }] });
  const variants = [variant('chat', { channel: 'chat' }), variant('german chat', { channel: 'chat', language: 'de' })];
  await server.call(createPrompt, { body: { name: 'spoken', ...says('base {{ name }}'), variants } });
  const { id } = await server.call(createWorkflow, { body: { name: 'Variants', graph: askingGraph({ name: 'spoken', version: 1 }) } });
  const sent = async (labels: Record<string, string>) =>
    sentIn((await server.call(startRun, { params: { id }, body: { input: { name: 'Ada' }, labels, wait: 20_000 } })).id);
  expect(await sent({})).toContain('base Ada');
  expect(await sent({ channel: 'chat' })).toContain('chat Ada');
  expect(await sent({ channel: 'chat', language: 'de' })).toContain('german chat Ada');
  expect(await sent({ language: 'de' })).toContain('base Ada');
});

test('a label that doesn’t exist is a problem, and blocks publishing', async () => {
  const { id } = await server.call(createWorkflow, { body: { name: 'Nowhere', graph: askingGraph({ name: 'does-not-exist', label: 'production' }) } });
  expect((await server.call(checkWorkflow, { params: { id }, body: {} })).problems).toMatchObject([
    { code: 'prompt-not-found', severity: 'error', field: 'prompt' },
  ]);
  const refused = await server.send('POST', `/api/workflows/${id}/publish`);
  expect(refused.json).toMatchObject({ status: 422, code: 'graph-has-problems' });
});

test('a prompt or label in use can’t be deleted; versions are immutable and can be restored', async () => {
  await server.call(createPrompt, { body: { name: 'kept', ...says('first {{ name }}'), note: 'the first' } });
  await server.call(createPromptVersion, { params: { name: 'kept' }, body: says('second {{ name }}') });
  await server.call(movePromptLabel, { params: { name: 'kept', label: 'production' }, body: { version: 1 } });
  await publishedWorkflow(server, askingGraph({ name: 'kept', label: 'production' }));
  expect((await server.send('DELETE', '/api/prompts/kept')).json).toMatchObject({ status: 409, code: 'in-use' });
  expect((await server.send('DELETE', '/api/prompts/kept/labels/production')).json).toMatchObject({ status: 409, code: 'in-use' });
  expect((await server.call(getPrompt, { params: { name: 'kept' } })).usedBy).toMatchObject([{ references: ['kept@production'] }]);
  const restored = await server.call(restorePromptVersion, { params: { name: 'kept', number: 1 }, body: { reason: 'better' } });
  const first = await server.call(getPromptVersion, { params: { name: 'kept', number: 1 } });
  expect(restored).toMatchObject({ number: 3, contentHash: first.contentHash, note: 'Restores version 1' });
});

test('a prompt and a label are deleted with a reason in the query or the body', async () => {
  await server.call(createPrompt, { body: { name: 'reasoned', ...says('x {{ name }}') } });
  await server.call(movePromptLabel, { params: { name: 'reasoned', label: 'staging' }, body: { version: 1 } });
  for (const path of ['/api/prompts/reasoned/labels/staging', '/api/prompts/reasoned'])
    expect((await server.send('DELETE', path, { body: { reason: 'by body' } })).status).toBe(200);
  const { items } = await server.call(listChanges, { query: { subject: 'prompt:reasoned' } });
  expect(items.slice(0, 2).map(({ action, reason }) => [action, reason])).toEqual([
    ['delete', 'by body'],
    ['delete-label', 'by body'],
  ]);
});

test('every change is in the audit trail, with its reason', async () => {
  await server.call(createPrompt, { body: { name: 'audited', ...says('x {{ name }}'), reason: 'a start' } });
  await server.call(movePromptLabel, { params: { name: 'audited', label: 'staging' }, body: { version: 1, reason: 'to try' } });
  await server.call(deletePromptLabel, { params: { name: 'audited', label: 'staging' }, query: { reason: 'done' } });
  await server.call(deletePrompt, { params: { name: 'audited' }, query: { reason: 'unused' } });
  const { items } = await server.call(listChanges, { query: { subject: 'prompt:audited' } });
  expect(items.map(({ action, reason, applied }) => ({ action, reason, applied }))).toEqual([
    { action: 'delete', reason: 'unused', applied: true },
    { action: 'delete-label', reason: 'done', applied: true },
    { action: 'move-label', reason: 'to try', applied: true },
    { action: 'create', reason: 'a start', applied: true },
  ]);
  expect((await server.call(listPrompts, { query: { search: 'audited' } })).items).toEqual([]);
});

test('a version that uses an undeclared variable is not saved, so no label can point to it', async () => {
  const variables = { type: 'object', properties: { customer: { type: 'string' } } };
  const says = (content: string) => [{ role: 'user' as const, content }];
  await server.call(createPrompt, { body: { name: 'declared', variables, messages: says('Hello {{ customer }}') } });
  const params = { name: 'declared' };
  const misspelled = await server.refused(createPromptVersion, { params, body: { variables, messages: says('Hello {{ custmer }}') } });
  expect(misspelled).toMatchObject({ status: 400, errors: [{ path: 'messages.0.content', message: expect.stringContaining('Did you mean “customer”?') }] });
  const variant = { name: 'German', when: { language: 'de' }, messages: says('Hallo {{ kunde }}') };
  const inVariant = await server.refused(createPromptVersion, { params, body: { variables, messages: says('Hello'), variants: [variant] } });
  expect(inVariant).toMatchObject({ status: 400, errors: [{ path: 'variants.0.messages.0.content' }] });
  expect(await server.refused(createPrompt, { body: { name: 'undeclared', messages: says('{{ customer }}') } })).toMatchObject({ status: 400 });
  expect(await server.refused(movePromptLabel, { params: { name: 'declared', label: 'production' }, body: { version: 2 } })).toMatchObject({ status: 400 });
  const open = { type: 'object', additionalProperties: { type: 'string' } };
  await server.call(createPromptVersion, { params, body: { variables: open, messages: says('Hello {{ anyone }}') } });
});

test('versions created at the same time get different numbers and keep their own contents', async () => {
  await server.call(createPrompt, { body: { name: 'busy', ...says('0') } });
  const made = await Promise.all(
    Array.from({ length: 5 }, (_, index) => server.call(createPromptVersion, { params: { name: 'busy' }, body: says(`text ${index}`) })),
  );
  expect(new Set(made.map(({ number }) => number)).size).toBe(5);
  for (const [index, { number }] of made.entries()) {
    const { messages } = await server.call(getPromptVersion, { params: { name: 'busy', number } });
    expect(messages[0]?.content).toBe(`text ${index}`);
  }
});
