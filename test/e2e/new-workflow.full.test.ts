import { listWorkflows } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

const names = async () => (await stage.server.call(listWorkflows, { query: {} })).items.map(({ name }) => name).sort();

async function create(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: 'New workflow' })
    .or(page.getByRole('button', { name: 'Start from scratch' }))
    .first()
    .click();
  await page.waitForURL('**/workflows/*');
  await editorOn(page);
}

it('opens a new workflow with its name focused, and gives each a unique name until it is renamed', async () => {
  const { page, mistakes } = await stage.open('/workflows');
  await create(page);
  await page.keyboard.type('Refund requests');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Refund requests' }).waitFor();
  await eventually(names).toEqual(['Refund requests']);

  for (const count of [2, 3]) {
    await page.getByRole('link', { name: 'Workflows', exact: true }).first().click();
    await create(page);
    await page.keyboard.press('Escape');
    await eventually(async () => (await names()).length).toBe(count);
  }
  expect(await names()).toEqual(['Refund requests', 'Untitled workflow', 'Untitled workflow 2']);
  await page.getByRole('heading', { name: 'Untitled workflow 2' }).waitFor();
  expect(mistakes).toEqual([]);
});

it('gives a second workflow from the same template a unique name', async () => {
  const { page, mistakes } = await stage.open('/templates');
  for (const name of ['Ticket triage', 'Ticket triage 2']) {
    await page.getByRole('button', { name: 'Use template Ticket triage' }).click();
    await page.waitForURL('**/workflows/*');
    await page.getByRole('heading', { name, exact: true }).waitFor();
    await page.getByRole('link', { name: 'Templates', exact: true }).first().click();
  }
  expect(await names()).toContain('Ticket triage 2');
  expect(mistakes).toEqual([]);
});
