import { listConnections } from '@switchyard/shared/contracts/models.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { expect, it } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

it('answers from a model server whose address was entered, the workflow unchanged, and never shows the key again', async () => {
  await using provider = await startFakeProvider({ models: ['tiny-1'], answer: () => 'Thank you, we are on it.' });
  const { page, mistakes } = await stage.open('/models');
  await page.getByRole('button', { name: 'Add connection' }).click();
  const form = page.getByRole('dialog');
  await form.getByText('OpenAI-compatible', { exact: false }).first().click();
  await form.getByRole('textbox', { name: 'Name' }).fill('My server');
  await form.getByRole('textbox', { name: /address|base url/i }).fill(provider.openAiUrl);
  await form.getByLabel(/key/i).first().fill('sk-very-secret-0042');
  await form.getByRole('button', { name: /^Add/ }).click();
  await form.waitFor({ state: 'hidden' });
  await eventually(async () => (await stage.server.call(listConnections, {})).items.map(({ name }) => name)).toContain('My server');
  await page.getByText('tiny-1').first().waitFor();
  expect(await page.content()).not.toContain('sk-very-secret');

  const workflow = await stage.server.call(useTemplate, { params: { slug: 'support-chatbot-routing' } });
  const run = await stage.server.call(startRun, {
    params: { id: workflow.id },
    body: { input: { message: 'I was charged twice on my invoice' }, wait: 20_000 },
  });
  await page.goto(new URL(`/runs/${run.id}`, stage.server.base).href);
  const canvas = await editorOn(page);
  await canvas.step('Classify intent').click({ position: { x: 60, y: 22 } });
  await page
    .getByRole('complementary', { name: /Classify intent/ })
    .getByText('tiny-1')
    .first()
    .waitFor();
  expect(provider.calls.length).toBeGreaterThan(0);
  expect(mistakes).toEqual([]);
});
