import { addDatasetItem, createDataset, importDatasetItems, listDatasetItems } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const PHONE = { width: 390, height: 844 };

async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

const CSV = 'message,expected,tags\nWhere is my order?,delivery,late\nI was charged twice,billing,"risky, late"\nWhere is my order?,delivery,late\n';

it('creates a dataset from a CSV file, edits and judges an item, and compares a rubric with the judgment', async () => {
  const { page, mistakes } = await stage.open('/runs');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Evaluate' }).click();
  await page.getByRole('heading', { name: 'No datasets yet' }).waitFor();
  await page.getByRole('button', { name: 'Create dataset' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('support-golden');
  await page.getByRole('dialog').getByRole('button', { name: 'Create dataset' }).click();
  await page.getByRole('heading', { name: 'No items yet' }).waitFor();
  await expectSound(page);

  await page.getByRole('button', { name: 'Add items' }).first().click();
  await page.getByRole('menuitem', { name: 'From a CSV file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import items from CSV' });
  await page.locator('input[type="file"]').setInputFiles({ name: 'items.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
  await dialog
    .getByRole('textbox', { name: 'Import “message” as' })
    .or(dialog.getByRole('combobox', { name: 'Import “message” as' }))
    .waitFor();
  await expectSound(page);
  await dialog.getByRole('button', { name: 'Import 3 items' }).click();
  await dialog.getByText('2 items added, 1 already in the dataset.').waitFor();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();

  const items = page.getByRole('table', { name: 'Items' });
  await items.getByRole('button', { name: 'I was charged twice' }).waitFor();
  await page.getByRole('searchbox', { name: 'Search items' }).fill('order');
  await expect.poll(() => items.getByRole('row').count()).toBe(2);
  await items.getByRole('button', { name: 'Where is my order?' }).press('Enter');
  const panel = page.getByRole('region', { name: 'Item' });
  await panel.getByText('Version 1 · from a CSV file').waitFor();
  await panel.getByRole('textbox', { name: 'Decision' }).fill('approve');
  await expectSound(page);
  await panel.getByRole('button', { name: 'Save as version 2' }).click();
  await panel.getByText('Version 2 · from a CSV file').waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const saved = await stage.server.call(listDatasetItems, { params: { id }, query: { search: 'order' } });
  expect(saved.items).toMatchObject([
    { version: 2, input: { message: 'Where is my order?' }, expected: 'delivery', decision: { decision: 'approve' }, tags: ['late'] },
  ]);
  await panel.getByRole('button', { name: 'Judge an output' }).click();
  await panel.getByRole('button', { name: 'Pass', exact: true }).click();
  await panel.getByRole('button', { name: 'Delete judgment' }).waitFor();
  await expectSound(page);

  await page.goto(new URL('/evaluate/rubrics', stage.server.base).href);
  await page.getByRole('button', { name: 'Write a rubric' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Right label');
  await page.getByRole('textbox', { name: 'Rubric' }).fill('The output is the label of the message.');
  await page.getByRole('button', { name: 'Create rubric' }).click();
  await page.getByRole('button', { name: 'Delete rubric Right label' }).waitFor();
  await page.getByRole('combobox', { name: 'Try on judged outputs of' }).click();
  await page.getByRole('option', { name: 'support-golden' }).click();
  await page.getByRole('button', { name: 'Grade 1 output' }).click();
  await page.getByText(/^Agrees with people on [01] of 1/).waitFor();
  await page.getByText('too few to tell: 1 of 20').waitFor();
  await expectSound(page);

  await page.goto(new URL(`/evaluate/datasets/${id}`, stage.server.base).href);
  await items.getByRole('button', { name: 'Where is my order?' }).click();
  await panel.getByRole('button', { name: 'Delete item' }).click();
  await page.getByRole('dialog', { name: 'Delete item' }).getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => items.getByRole('row').count()).toBe(2);
  expect(mistakes).toEqual([]);
});

it('shows a long dataset page by page, and an open item in place of the list on a phone', async () => {
  const { id } = await stage.server.call(createDataset, { body: { name: 'long' } });
  const rows = Array.from({ length: 150 }, (_, n) => ({ input: { message: `Message ${n}` }, tags: [] }));
  await stage.server.call(importDatasetItems, { params: { id }, body: { items: rows } });
  await stage.server.call(addDatasetItem, { params: { id }, body: { input: { a: 1, b: 'two' }, expected: { ok: true }, tags: ['unusual'] } });
  const { page, mistakes } = await stage.open(`/evaluate/datasets/${id}`, PHONE);
  const items = page.getByRole('table', { name: 'Items' });
  await page.getByRole('button', { name: 'Show more' }).click();
  await items.getByRole('button', { name: '{"a":1,"b":"two"}' }).click();
  await page.getByRole('region', { name: 'Item' }).getByText('Version 1 · by hand').waitFor();
  expect(await items.isVisible()).toBe(false);
  await expectSound(page);
  await page.getByRole('button', { name: 'Close item' }).click();
  await items.waitFor();
  expect(mistakes).toEqual([]);
});
