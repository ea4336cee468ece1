import { exportPrompts, importPrompts } from '@switchyard/shared/contracts/prompt-files.ts';
import { createPrompt, createPromptVersion, getPrompt, getPromptVersion, listPrompts, movePromptLabel } from '@switchyard/shared/contracts/prompts.ts';
import { expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../kit/server.ts';

/* The prompt registry as a file for git. */

const says = (text: string) => ({ messages: [{ role: 'user' as const, content: text }] });
const label = (server: TestServer, name: string, to: string, version: number) =>
  server.call(movePromptLabel, { params: { name, label: to }, body: { version } });

async function exported(server: TestServer): Promise<string> {
  const reply = await server.send('GET', '/api/prompts/export');
  expect(reply.status, reply.text).toBe(200);
  expect(reply.headers.get('content-disposition')).toBe('attachment; filename=prompts.switchyard.json');
  return reply.text;
}

/** The prompt `reply` with three versions, and the prompt `bye` without labels. */
async function withPrompts(server: TestServer): Promise<void> {
  await server.call(createPrompt, { body: { name: 'reply', description: 'About replies', ...says('one') } });
  for (const text of ['two\nlines', 'three']) await server.call(createPromptVersion, { params: { name: 'reply' }, body: says(text) });
  await label(server, 'reply', 'production', 2);
  await label(server, 'reply', 'live', 2);
  await server.call(createPrompt, { body: { name: 'bye', ...says('Bye') } });
}

test('a file has the latest version of each prompt and those with labels, and its import exports to the same bytes', async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  await withPrompts(server);
  const text = await exported(server);
  expect((await server.call(exportPrompts, {})).prompts).toMatchObject([
    { name: 'bye', messages: [{ content: 'Bye' }] },
    { name: 'reply', description: 'About replies', labels: ['live', 'production'], messages: [{ content: ['two', 'lines'] }] },
    { name: 'reply', messages: [{ content: 'three' }] },
  ]);
  expect(await other.call(importPrompts, { body: JSON.parse(text) })).toEqual({ created: ['bye', 'reply'], updated: [], unchanged: [], notes: [] });
  expect(await exported(other)).toBe(text);
  expect(await other.call(getPrompt, { params: { name: 'reply' } })).toMatchObject({
    latestVersion: 2,
    labels: [{ label: 'live' }, { label: 'production', version: 1 }],
  });
  expect(await server.call(importPrompts, { body: JSON.parse(text) })).toEqual({ created: [], updated: [], unchanged: ['bye', 'reply'], notes: [] });
  expect((await server.call(getPrompt, { params: { name: 'reply' } })).latestVersion).toBe(3);
});

test('content that was edited in git becomes the next version, and a label that exists stays until it is promoted', async () => {
  await using server = await startTestServer();
  await withPrompts(server);
  const edited = JSON.parse((await exported(server)).replace('"lines"', '"better lines"'));
  edited.prompts[0].labels = ['production'];
  const result = await server.call(importPrompts, { body: edited, query: { reason: 'Reviewed in pull request 7' } });
  expect(result).toMatchObject({ created: [], updated: ['bye', 'reply'], unchanged: [] });
  expect(result.notes).toEqual(
    ['live', 'production'].map((one) => expect.stringContaining(`“reply@${one}” stays at version 2. Version 4 has the content of the file`)),
  );
  expect((await server.call(getPromptVersion, { params: { name: 'reply', number: 4 } })).messages[0]?.content).toBe('two\nbetter lines');
  const { labels } = await server.call(getPrompt, { params: { name: 'reply' } });
  expect(labels.map(({ version }) => version)).toEqual([2, 2]);
  expect((await server.call(getPrompt, { params: { name: 'bye' } })).labels).toMatchObject([
    { label: 'production', version: 1, reason: 'Reviewed in pull request 7' },
  ]);
});

test('a secret in a prompt is not in the file, and a file with a mistake adds nothing', async () => {
  await using server = await startTestServer();
  await server.call(createPrompt, { body: { name: 'leaky', ...says('Use sk-planted-0123456789abcdef') } });
  expect(await exported(server)).toContain('<left out: API key>');
  const prompts = [
    { name: 'fine', ...says('x') },
    { name: 'broken', ...says('{{ 1 + }}') },
  ];
  expect(await server.refused(importPrompts, { body: { format: 'switchyard/prompts@1', prompts } })).toMatchObject({
    status: 400,
    errors: [{ path: 'prompts.1.messages.0.content' }],
  });
  expect((await server.call(listPrompts, {})).items.map(({ name }) => name)).toEqual(['leaky']);
  expect(await server.refused(createPrompt, { body: { name: 'export', ...says('x') } })).toMatchObject({ status: 400 });
});

test('a file with an undeclared variable is rejected with its place, and nothing is imported', async () => {
  await using server = await startTestServer();
  await server.call(createPrompt, { body: { name: 'reply', ...says('one') } });
  const file = JSON.parse(await exported(server));
  file.prompts[0].messages = [{ role: 'user', content: 'Reply to {{ message }}' }];
  const refused = await server.refused(importPrompts, { body: file });
  expect(refused).toMatchObject({ status: 400, code: 'bad-request', errors: [{ path: 'prompts.0.messages.0.content' }] });
  expect((await server.call(getPrompt, { params: { name: 'reply' } })).latestVersion).toBe(1);
});
