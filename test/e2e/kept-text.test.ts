import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { requestGraph } from '../kit/request-graph.ts';
import { editorOn } from './editor.ts';
import { useStage } from './stage.ts';

/* What was typed into a form of a page is still there after a reload, until it is sent. */

const stage = useStage();

it('keeps the words for a template and the note of a version through a reload, until they are sent', async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Order lookup', graph: requestGraph('https://shop.example/orders') } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  await editorOn(page);
  const dialog = page.getByRole('dialog', { name: /^Share/ });
  const description = dialog.getByRole('textbox', { name: 'Description' });
  const note = page.getByRole('textbox', { name: 'What changed' });

  await page.getByRole('button', { name: 'Publish v1' }).click();
  await note.fill('Asks the new shop.');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Share' }).click();
  await description.fill('Finds what a customer ordered.');
  await page.reload();
  await editorOn(page);

  await page.getByRole('button', { name: 'Share' }).click();
  expect(await description.inputValue()).toBe('Finds what a customer ordered.');
  await dialog.getByRole('button', { name: 'Save as template' }).click();
  await dialog.getByText('It is in the gallery').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Share' }).click();
  expect(await description.inputValue()).toBe('');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

  await page.getByRole('button', { name: 'Publish v1' }).click();
  expect(await note.inputValue()).toBe('Asks the new shop.');
  await page.getByRole('dialog').getByRole('button', { name: 'Publish v1' }).click();
  await page.getByText('v1 is live', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Publish v2' }).click();
  expect(await note.inputValue()).toBe('');
  expect(mistakes).toEqual([]);
});

it('keeps what was typed for a connection through a reload, but for its key', async () => {
  const { page, mistakes } = await stage.open('/models');
  const form = page.getByRole('dialog', { name: 'Add a connection' });
  const open = async () => {
    await page.getByRole('button', { name: 'Add connection' }).click();
    await form.waitFor();
  };
  await open();
  await form.getByText('OpenAI-compatible').first().click();
  await form.getByRole('textbox', { name: 'Name' }).fill('Cellar');
  await form.getByRole('textbox', { name: 'Base URL' }).fill('http://127.0.0.1:9/v1');
  await form.getByLabel(/^Key/).first().fill('sk-typed-secret');
  await page.reload();
  await open();
  expect(await form.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Cellar');
  expect(await form.getByRole('textbox', { name: 'Base URL' }).inputValue()).toBe('http://127.0.0.1:9/v1');
  expect(await form.getByLabel(/^Key/).first().inputValue()).toBe('');
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('sk-typed-secret');

  await form.getByRole('button', { name: 'Cancel' }).click();
  await form.waitFor({ state: 'hidden' });
  await open();
  expect(await form.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('OpenAI');
  expect(mistakes).toEqual([]);
});
