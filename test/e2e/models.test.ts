import { listConnections } from '@switchyard/shared/contracts/models.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import type { FakeCall } from '../kit/fake-provider/wire.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

const SECRET = 'sk-very-secret-0042';
const REPLY = 'Thank you, the app team is on it.';

/** What the model server says to the steps of the ticket triage. */
function answerOf({ messages }: FakeCall): string {
  const asked = messages.map(({ text }) => text).join('\n');
  if (asked.includes('Sort the text of the user')) return JSON.stringify({ label: 'bug', confidence: 0.97, reason: 'It crashes.' });
  return asked.includes('how urgent') ? JSON.stringify({ urgency: 40, reason: 'One person cannot upload.' }) : REPLY;
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

it('answers from a model server whose address was entered, the workflow unchanged', async () => {
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
  for (const fact of [/tiny-1 of My server/, /^careful$/, /\d+ in, \d+ out/, REPLY]) await step.getByText(fact).first().waitFor();
  expect(mistakes).toEqual([]);
});

it('keeps a key to itself once it is saved', async () => {
  await using provider = await startFakeProvider();
  const { page } = await stage.open('/models');
  await connect(page, 'Quiet server', provider.openAiUrl);
  await page.getByRole('button', { name: 'More for Quiet server' }).click();
  await page.getByRole('menuitem', { name: 'Change or new key' }).click();
  const form = page.getByRole('dialog');
  await form.getByText(/ends in …0042 is kept/).waitFor();
  expect(await form.getByLabel(/key/i).first().inputValue()).toBe('');
  expect(await page.content()).not.toContain(SECRET);
  expect(JSON.stringify(await stage.server.call(listConnections, {}))).not.toContain(SECRET);
});
