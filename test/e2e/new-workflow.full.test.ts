import { listWorkflows } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

const tags = async () => (await stage.server.call(listWorkflows, { query: {} })).items.map((workflow) => workflow.tags);
const names = async () => (await stage.server.call(listWorkflows, { query: {} })).items.map(({ name }) => name).sort();

it('asks for the name of a new workflow, and creates none without one', async () => {
  const { page, mistakes } = await stage.open('/workflows');
  await page.getByRole('button', { name: 'Start from scratch' }).click();
  const dialog = page.getByRole('dialog', { name: 'New workflow' });
  await dialog.getByLabel('Name').press('Enter');
  await dialog.getByText('Enter a name').waitFor();
  expect(await barriersOn(page, { without: ['region'] })).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await names()).toEqual([]);
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('combobox');
  await palette.fill('new workflow');
  await palette.press('Enter');
  await dialog.getByLabel('Name').fill('Refund requests');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/workflows/*');
  await editorOn(page);
  await page.getByRole('heading', { name: 'Refund requests' }).waitFor();
  expect(await names()).toEqual(['Refund requests']);
  expect(mistakes).toEqual([]);
});

it('tags a workflow in its row, filters the list by the tag, and duplicates it', async () => {
  const { page, mistakes } = await stage.open('/workflows');
  await page.getByRole('button', { name: 'More actions for Refund requests' }).click();
  await page.getByRole('menuitem', { name: 'Edit tags' }).click();
  const field = page.getByLabel('Tags of Refund requests').and(page.locator('input[data-type]'));
  await field.fill('Support');
  await field.press('Enter');
  await field.fill('money');
  await field.press('Enter');
  await field.press('Enter');
  await eventually(tags).toEqual([['Support', 'money']]);
  await page.getByRole('button', { name: 'More actions for Refund requests' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await page.getByRole('link', { name: 'Refund requests (copy)' }).waitFor();
  await page.getByRole('button', { name: 'money' }).first().click();
  await page.waitForURL('**/workflows?tag=money');
  await page.getByRole('button', { name: 'Tag: money (2)' }).waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await page.getByLabel('Search workflows').fill('copy');
  await page.getByRole('link', { name: 'Refund requests', exact: true }).waitFor({ state: 'hidden' });
  await page.getByLabel('Search workflows').fill('nothing');
  await page.getByText('No workflows match “nothing” and are tagged “money”').waitFor();
  await page.getByRole('button', { name: 'Show any tag' }).click();
  await page.waitForURL('**/workflows');
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
