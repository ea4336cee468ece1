import { listTriggers, updateTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { editorOn } from './editor.ts';
import { useStage } from './stage.ts';

/* The Triggers panel of a workflow. */

const stage = useStage();

/** Opens the panel of a new workflow. */
async function openTriggers() {
  const { id } = await publishedWorkflow(stage.server, echoGraph());
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  await editorOn(page);
  await page.getByRole('button', { name: 'Triggers' }).click();
  const panel = page.getByRole('region', { name: 'Triggers' });
  await panel.getByRole('button', { name: /^Webhook/ }).waitFor();
  const stored = async () => (await stage.server.call(listTriggers, { params: { id } })).items;
  return { page, panel, mistakes, stored };
}

async function add(page: Page, kind: string): Promise<void> {
  await page.getByRole('button', { name: 'Add trigger' }).click();
  await page.getByRole('menuitem', { name: kind }).click();
}

async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

it('adds a schedule, shows its next runs, edits it, turns it off, and deletes it with a reason', async () => {
  const { page, panel, mistakes, stored } = await openTriggers();
  const places = () => page.evaluate(`[...document.querySelectorAll('.react-flow__node')].map((node) => node.style.transform)`);
  const before = await places();
  await add(page, 'Schedule');
  const form = panel.getByRole('form', { name: 'New trigger' });
  await form.getByLabel('At', { exact: true }).fill('07:30');
  await expectSound(page);
  await form.getByRole('button', { name: 'Add trigger' }).click();

  const row = panel.getByRole('listitem', { name: 'Schedule: Daily at 07:30' });
  const times = row.getByRole('list', { name: 'Next five runs' }).getByRole('listitem');
  await times.nth(4).waitFor();
  expect(await times.count()).toBe(5);
  expect(await times.first().textContent()).toContain('07:30');
  expect(await places()).toEqual(before);
  await expectSound(page);

  await row.getByRole('combobox', { name: 'Repeats' }).click();
  await page.getByRole('option', { name: 'Weekly' }).click();
  await row.getByRole('button', { name: 'Wednesday' }).click();
  await row.getByRole('button', { name: 'Save trigger' }).click();
  const weekly = panel.getByRole('listitem', { name: 'Schedule: Mon, Wed at 07:30' });
  // A click where the switch is drawn, above its input.
  await weekly.getByRole('switch').click({ force: true });
  await weekly.getByText('Off', { exact: true }).waitFor();
  expect(await stored()).toMatchObject([{ kind: 'schedule', enabled: false, settings: { cron: '30 7 * * 1,3', missed: 'once', overlap: 'skip' } }]);

  await weekly.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('Not needed');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete trigger' }).click();
  await weekly.waitFor({ state: 'detached' });
  expect(await stored()).toEqual([]);
  expect(mistakes).toEqual([]);
});

it('adds a form and opens its page, and leads to the webhook', async () => {
  const { page, panel, mistakes } = await openTriggers();
  await add(page, 'Form');
  await panel.getByRole('textbox', { name: 'Title' }).fill('Tell us what happened');
  await panel.getByRole('textbox', { name: 'Intro text' }).fill('We reply soon.');
  await panel.getByRole('form', { name: 'New trigger' }).getByRole('button', { name: 'Add trigger' }).click();
  const row = panel.getByRole('listitem', { name: 'Form: Tell us what happened' });
  await row.getByRole('textbox', { name: 'Form URL' }).waitFor();
  await row.getByRole('heading', { name: 'Preview from the input schema' }).waitFor();
  await row.getByText('Message', { exact: true }).waitFor();
  await expectSound(page);
  const [opened] = await Promise.all([page.context().waitForEvent('page'), row.getByRole('link', { name: 'Open form' }).click()]);
  await opened.getByRole('heading', { name: 'Tell us what happened' }).waitFor();
  await opened.close();
  await panel.getByRole('button', { name: /^Webhook/ }).click();
  await page.getByRole('region', { name: 'Webhook' }).waitFor();
  expect(mistakes).toEqual([]);
});

it('adds triggers for the ends of runs of other workflows', async () => {
  const other = await stage.server.call(createWorkflow, { body: { name: 'Watched workflow', graph: echoGraph() } });
  const { page, panel, mistakes, stored } = await openTriggers();
  await add(page, 'Workflow ended');
  await panel.getByRole('combobox', { name: 'Workflow' }).click();
  await page.getByRole('option', { name: 'Watched workflow' }).click();
  await panel.getByRole('checkbox', { name: 'Failed' }).check();
  await panel.getByRole('form', { name: 'New trigger' }).getByRole('button', { name: 'Add trigger' }).click();
  await panel.getByRole('listitem', { name: 'Workflow ended: Watched workflow: succeeded, failed' }).waitFor();
  await expectSound(page);
  await add(page, 'Error');
  await panel.getByRole('form', { name: 'New trigger' }).getByRole('button', { name: 'Add trigger' }).click();
  await panel.getByRole('listitem', { name: 'Error: Any other workflow fails' }).waitFor();
  expect(await stored()).toMatchObject([
    { kind: 'workflow-ended', settings: { workflowId: other.id, statuses: ['succeeded', 'failed'] } },
    { kind: 'error', settings: { workflowId: null } },
  ]);
  expect(mistakes).toEqual([]);
});

it('keeps edits of a trigger that another tab has changed, and asks whose count', async () => {
  const { page, panel, stored } = await openTriggers();
  await add(page, 'Chat');
  const form = panel.getByRole('form', { name: 'New trigger' });
  await form.getByRole('textbox', { name: 'Title' }).fill('Ask us');
  await form.getByRole('button', { name: 'Add trigger' }).click();
  const row = panel.getByRole('listitem', { name: 'Chat: Ask us' });
  await row.getByRole('textbox', { name: 'Title' }).fill('Ask the shop');
  const [made] = await stored();
  await stage.server.call(updateTrigger, { params: { id: made?.id ?? '' }, body: { greeting: 'Hi' } });
  await row.getByRole('button', { name: 'Save trigger' }).click();
  await row.getByRole('alert').getByText('This trigger was changed elsewhere').waitFor();
  await expectSound(page);
  expect(await stored()).toMatchObject([{ settings: { title: 'Ask us', greeting: 'Hi' } }]);
  await row.getByRole('button', { name: 'Save mine' }).click();
  await panel.getByRole('listitem', { name: 'Chat: Ask the shop' }).waitFor();
  expect(await stored()).toMatchObject([{ revision: 3, settings: { title: 'Ask the shop' } }]);
  await panel
    .getByRole('listitem', { name: 'Chat: Ask the shop' })
    .getByRole('textbox', { name: 'Pages that may embed the chat' })
    .fill('https://shop.example');
  await page.getByRole('button', { name: 'Save trigger' }).click();
  await panel.getByRole('textbox', { name: 'Embed code' }).waitFor();
});
