import { listState, putState } from '@switchyard/shared/contracts/state/stored-values.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { echoGraph } from '../kit/graph.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const PHONE = { width: 390, height: 844 };

async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

it('leads from the settings of a workflow to its state, which is set, edited, found, deleted, and cleared', async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Order counter', graph: echoGraph() } });
  const valuesOf = async (space: 'live' | 'draft') =>
    (await stage.server.call(listState, { params: { id }, query: { space } })).items.map(({ value }) => value);
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  await page.getByRole('button', { name: 'Workflow settings' }).click();
  await page.getByRole('link', { name: 'State' }).click();
  await page.getByRole('heading', { name: 'No values yet' }).waitFor();
  await expectSound(page);

  await page.getByRole('button', { name: 'Set a value' }).click();
  await page.getByRole('textbox', { name: 'Key' }).fill('orders/7');
  await page.getByRole('textbox', { name: 'Value' }).fill('{"count": 1');
  await page.getByText(/the JSON is incomplete/).waitFor();
  await page.getByRole('textbox', { name: 'Value' }).fill('{"count": 1}');
  await page.getByRole('button', { name: 'Save value' }).click();
  await page.getByRole('list', { name: 'Live values' }).getByText('{"count":1}').waitFor();

  await page.getByRole('button', { name: 'Edit orders/7' }).click();
  await page.getByRole('textbox', { name: 'Value' }).fill('2');
  await expectSound(page);
  await page.getByRole('button', { name: 'Save value' }).click();
  await page.getByText('by hand').waitFor();
  expect(await valuesOf('live')).toEqual([2]);

  await stage.server.call(putState, { params: { id }, body: { space: 'draft', key: 'test', value: 'x'.repeat(2_000) } });
  await page.getByRole('radiogroup', { name: 'Values of' }).getByText('Draft').click();
  await page.getByRole('list', { name: 'Draft values' }).getByText('test').waitFor();
  await page.setViewportSize(PHONE);
  await expectSound(page);
  await page.getByRole('button', { name: 'Clear draft values' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('heading', { name: 'No draft values yet' }).waitFor();
  expect([await valuesOf('draft'), await valuesOf('live')]).toEqual([[], [2]]);

  await page.getByRole('radiogroup', { name: 'Values of' }).getByText('Live').click();
  await page.getByRole('searchbox', { name: 'Key starts with' }).fill('x');
  await page.getByRole('heading', { name: 'No key starts with this' }).waitFor();
  await page.getByRole('searchbox', { name: 'Key starts with' }).fill('orders/');
  await page.getByRole('button', { name: 'Delete orders/7' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'No values yet' }).waitFor();
  expect(mistakes).toEqual([]);
});
