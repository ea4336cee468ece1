import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { listConnections } from '@switchyard/shared/contracts/models.ts';
import { getRoute } from '@switchyard/shared/contracts/routes.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import type { FakeCall } from '../kit/fake-provider/wire-format.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

/** A model server that is already running on this machine. */
const local = await startFakeProvider({ models: ['qwen3:8b', 'llama3.2:3b'] });
afterAll(() => local.close());
const stage = useStage({ env: { MODEL_SERVER_PORTS: new URL(local.url).port } });

const SECRET = 'sk-very-secret-0042';
const REPLY = 'Thank you, the app team is on it.';

/** The model server's answers to the steps of the ticket triage template. */
function answerOf({ messages }: FakeCall): string {
  const asked = messages.map(({ text }) => text).join('\n');
  if (asked.includes('Sort the text of the user')) return JSON.stringify({ label: 'bug', confidence: 0.97, reason: 'It crashes.' });
  return asked.includes('how urgent') ? JSON.stringify({ urgency: 40, reason: 'One person cannot upload.' }) : REPLY;
}

const rowOf = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).locator('xpath=../..');

/** axe finds no problems in either color scheme. */
async function expectNoBarriers(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function connect(page: Page, name: string, baseUrl: string): Promise<void> {
  await page.getByRole('button', { name: 'Add connection' }).click();
  const form = page.getByRole('dialog');
  await form.getByText('OpenAI-compatible', { exact: false }).first().click();
  await form.getByRole('textbox', { name: 'Name' }).fill(name);
  await form.getByRole('textbox', { name: 'Base URL' }).fill(baseUrl);
  await form.getByLabel(/key/i).first().fill(SECRET);
  await form.getByRole('button', { name: /^Add/ }).click();
  await form.waitFor({ state: 'hidden' });
}

it('gets answers from a model server whose URL was entered, without changing the workflow', async () => {
  await using provider = await startFakeProvider({ models: ['tiny-1'], answer: answerOf });
  const workflow = await stage.server.call(useTemplate, { params: { slug: 'ticket-triage' } });
  const run = () =>
    stage.server.call(startRun, { params: { id: workflow.id }, body: { input: { message: 'The app crashes when I upload a photo' }, wait: 20_000 } });
  expect((await run()).demo).toBe(true);

  const { page, mistakes } = await stage.open('/models');
  await connect(page, 'My server', provider.openAiUrl);
  await eventually(async () => (await stage.server.call(listConnections, {})).items.map(({ name }) => name)).toContain('My server');
  await page.getByText('tiny-1').first().waitFor();

  const { id, demo, output } = await run();
  expect({ demo, output }).toMatchObject({ demo: false, output: { reply: REPLY } });
  const { draft, draftRevision } = await stage.server.call(getWorkflow, { params: { id: workflow.id } });
  expect({ draft, draftRevision }).toEqual({ draft: workflow.draft, draftRevision: workflow.draftRevision });

  await page.goto(new URL(`/runs/${id}`, stage.server.base).href);
  const canvas = await editorOn(page);
  await canvas.step('Bug reply').click({ position: { x: 60, y: 22 } });
  const step = page.getByRole('complementary', { name: /Bug reply/ });
  for (const fact of [/tiny-1 of My server/, /^careful$/, /\d+ input, \d+ output/, REPLY]) await step.getByText(fact).first().waitFor();
  expect(mistakes).toEqual([]);
});

it('connects Azure OpenAI by endpoint and API version, and offers deployments for routes', async () => {
  await using azure = await startFakeProvider();
  const { page, mistakes } = await stage.open('/models');
  await page.getByRole('button', { name: 'Add connection' }).click();
  const form = page.getByRole('dialog');
  await form.getByText('Azure OpenAI', { exact: true }).click();
  await form.getByText('Enter the endpoint.').waitFor();
  await form.getByRole('textbox', { name: 'Endpoint' }).fill(azure.url);
  await form.getByRole('textbox', { name: 'API version' }).fill('latest');
  await form.getByText('Enter the API version as a date').waitFor();
  await form.getByRole('textbox', { name: 'API version' }).fill('2025-04-01-preview');
  await form.getByLabel('API key').first().fill(SECRET);
  await expectNoBarriers(page);
  await form.getByRole('button', { name: 'Add connection' }).click();
  await form.waitFor({ state: 'hidden' });
  await rowOf(page, 'Azure OpenAI').getByText('Works: accepts the API key').waitFor();
  const { items } = await stage.server.call(listConnections, {});
  expect(items.find(({ kind }) => kind === 'azure-openai')).toMatchObject({ baseUrl: azure.url, apiVersion: '2025-04-01-preview' });

  await page.getByRole('button', { name: 'More actions for Azure OpenAI' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await form.getByRole('textbox', { name: 'API version' }).fill('2024-10-21');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'New route' }).click();
  await form.getByRole('combobox', { name: 'Connection' }).click();
  await page.getByRole('option', { name: 'Azure OpenAI' }).click();
  await form.getByRole('combobox', { name: 'Deployment' }).waitFor();
  expect(mistakes).toEqual([]);
});

it('never shows a saved API key', async () => {
  await using provider = await startFakeProvider();
  const { page } = await stage.open('/models');
  await connect(page, 'Quiet server', provider.openAiUrl);
  await page.getByRole('button', { name: 'More actions for Quiet server' }).click();
  await page.getByRole('menuitem', { name: 'Replace API key' }).click();
  const form = page.getByRole('dialog');
  await form.getByText(/The current key \(ending in …0042\) stays in use/).waitFor();
  expect(await form.getByLabel('New API key').inputValue()).toBe('');
  expect(await page.content()).not.toContain(SECRET);
  expect(JSON.stringify(await stage.server.call(listConnections, {}))).not.toContain(SECRET);
});

it('finds a model server on this machine, connects it with a click, and offers its models for routes', async () => {
  const { page, mistakes } = await stage.open('/models');
  const name = `Model server on port ${new URL(local.url).port}`;
  await page.getByText('detected on this machine').waitFor();
  await expectNoBarriers(page);
  await page.getByRole('button', { name: `Connect ${name}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`${name} is connected`).waitFor();
  await expectNoBarriers(page);
  await dialog.getByRole('combobox', { name: 'Model for careful' }).click();
  await page.getByRole('option', { name: 'llama3.2:3b' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });

  await page.getByRole('list', { name: 'Targets of careful, tried in this order' }).getByText('llama3.2:3b').waitFor();
  await rowOf(page, name).getByText('Works: 2 models').waitFor();
  expect(await page.getByText('detected on this machine').count()).toBe(0);
  const { targets } = await stage.server.call(getRoute, { params: { name: 'careful' } });
  expect(targets.map(({ model }) => model)).toContain('llama3.2:3b');
  expect(targets.map(({ connectionId }) => connectionId)).not.toContain('demo');
  expect(mistakes).toEqual([]);
});

it('shows why and since when a connection fails, accepts a new API key only if it works, and records why it was replaced', async () => {
  await using provider = await startFakeProvider();
  const { page } = await stage.open('/models');
  await connect(page, 'Rotated', provider.openAiUrl);
  const row = rowOf(page, 'Rotated');
  await row.getByText('Works: 2 models').waitFor();

  provider.letIn(['sk-the-new-key-0099']);
  await page.getByRole('button', { name: 'Test Rotated' }).click();
  await row.getByText('Failing since').waitFor();
  await row.getByText('rejected the API key').waitFor();
  expect(await row.textContent()).not.toContain(SECRET);
  await expectNoBarriers(page);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.getByRole('button', { name: 'More actions for Rotated' }).click();
  await page.getByRole('menuitem', { name: 'Replace API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New API key').fill('sk-a-mistyped-key-0007');
  await dialog.getByRole('button', { name: 'Test and replace' }).click();
  await dialog.getByText('The current secret stays in use').waitFor();
  await expectNoBarriers(page);
  await row.getByText('key ends in …0042').waitFor();
  await dialog.getByLabel('New API key').fill('sk-the-new-key-0099');
  await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('The old key was in a log');
  await dialog.getByRole('button', { name: 'Test and replace' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await row.getByText('key ends in …0099').waitFor();
  await row.getByText('Works: 2 models').waitFor();

  await page.route('**/api/connections/*/usage', (request) => request.fulfill({ json: { routes: [], workflows: [{ id: 'wfl_1', name: 'Refunds' }] } }));
  await page.getByRole('button', { name: 'More actions for Rotated' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog.getByText('Used in “Refunds”.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden' });
  // One that nothing uses is deleted with a reason, too.
  await page.route('**/api/connections/*/usage', (request) => request.fulfill({ json: { routes: [], workflows: [] } }));
  await page.getByRole('button', { name: 'More actions for Rotated' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog.getByText('Delete “Rotated”?').waitFor();
  await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('The provider was replaced');
  await expectNoBarriers(page);
  await dialog.getByRole('button', { name: 'Delete connection' }).click();
  await row.waitFor({ state: 'detached' });
  const { items } = await stage.server.call(listChanges, { query: { subject: 'connection' } });
  expect(items.map(({ action, reason }) => [action, reason])).toEqual(
    expect.arrayContaining([
      ['replace-secret', 'The old key was in a log'],
      ['delete', 'The provider was replaced'],
    ]),
  );
});

it('shows a route as a chain of targets, with the reasons for a fallback between them', async () => {
  const { page } = await stage.open('/models');
  await page.getByRole('button', { name: 'New route' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('patient');
  for (const [index, model] of ['first-model', 'second-model'].entries()) {
    if (index > 0) await form.getByRole('button', { name: 'Add fallback' }).click();
    await form.getByRole('combobox', { name: 'Connection' }).nth(index).click();
    await page.getByRole('option', { name: 'Demo' }).last().click();
    await form.getByRole('combobox', { name: 'Model' }).nth(index).fill(model);
  }
  await form.getByRole('textbox', { name: 'Timeout' }).first().fill('5');
  await form.getByRole('button', { name: 'Create route' }).click();
  await form.waitFor({ state: 'hidden' });
  const chain = page.getByRole('list', { name: 'Targets of patient, tried in this order' });
  await eventually(() => chain.getByRole('listitem').allTextContents()).toEqual([
    expect.stringContaining('first-model'),
    expect.stringMatching(/^on error or after 5 s.*second-model/),
    'step fails',
  ]);
  await expectNoBarriers(page);
});
