import { listKillSwitches } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { createWorkflow, publishWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { echoGraph } from '../kit/graph.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();
const inForce = async () => (await stage.server.call(listKillSwitches, {})).items;

it('stops a workflow with a reason, shows it in the editor and the run list, and undoes it with one click', async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Support replies', graph: echoGraph() } });
  await stage.server.call(publishWorkflow, { params: { id } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  await page.getByRole('button', { name: 'Workflow settings' }).click();
  await page.getByRole('button', { name: 'Cancel all runs…' }).click();
  const question = page.getByRole('dialog', { name: 'Cancel all runs' });
  await question.getByText('No runs are open now.').waitFor();
  await question.getByLabel('Reason').fill('Wrong prompt');
  await question.getByRole('button', { name: 'Cancel all runs', exact: true }).click();
  await page.getByText('Workflow “Support replies” cancels all runs').waitFor();
  await page.getByText('“Wrong prompt”').waitFor();
  await eventually(async () => (await inForce()).map(({ mode, reason }) => [mode, reason])).toEqual([['abort', 'Wrong prompt']]);
  expect(await barriersOn(page)).toEqual([]);

  await page.goto(new URL(`/runs?workflow=${id}`, stage.server.base).href);
  await page.getByText('Workflow “Support replies” cancels all runs').waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await page.getByRole('button', { name: /^Undo: / }).click();
  await page.getByText('cancels all runs').waitFor({ state: 'detached' });
  expect(await inForce()).toEqual([]);
  expect(mistakes).toEqual([]);
});

it.for([
  { scheme: 'light', width: 1_440, height: 900 },
  { scheme: 'dark', width: 390, height: 844 },
] as const)('refuses a tenant from the settings ($scheme, $width)', async (look) => {
  const { page, mistakes } = await stage.open('/settings', look);
  await page.getByText('Nothing is stopped.').waitFor();
  await page.getByRole('combobox', { name: 'Tenant' }).fill('globex');
  await page.getByRole('button', { name: 'Block new runs…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Block new runs', exact: true }).click();
  await page.getByText('Tenant “globex” rejects new runs').waitFor();
  await page.getByText('Nothing else is stopped.').waitFor();
  expect(await barriersOn(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.getByRole('button', { name: /^Undo: / }).click();
  await page.getByText('Nothing is stopped.').waitFor();
  expect(mistakes).toEqual([]);
});
