import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from '@switchyard/shared/contracts/models.ts';
import { createWorkflow, getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { repositoryRoot } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

/** A workflow that looks up orders with a connection and a secret typed into a field. */
async function orderWorkflow(name: string): Promise<string> {
  const connection = await stage.server.call(createConnection, { body: { name: `${name} API`, kind: 'http', secret: 'planted-secret' } });
  const place = (x: number) => ({ position: { x, y: 0 } });
  const start = messageInput();
  const samples = ['Short', 'Long'].map((sample) => ({ name: sample, value: { message: sample } }));
  const headers = [{ name: 'X-Api-Key', value: 'typed-in-by-hand' }];
  const graph = graphOf(
    [
      { ...start, data: { ...start.data, title: 'Message', params: { ...start.data.params, samples } } },
      { ...node('tool', 'orders', { url: 'https://shop.example/orders', connectionId: connection.id, headers }, { title: 'Look up orders' }), ...place(300) },
      { ...node('output', 'reply', { value: '{{ steps.orders.body }}' }, { title: 'Reply' }), ...place(600) },
    ],
    [edge('start', 'orders'), edge('orders', 'reply')],
  );
  const { id } = await stage.server.call(createWorkflow, { body: { name, description: 'Finds the orders of a customer.', graph } });
  return id;
}

async function openShare(id: string): Promise<Page> {
  const { page } = await stage.open(`/workflows/${id}`);
  await editorOn(page);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('dialog', { name: /^Share/ }).waitFor();
  return page;
}

const accessible = async (page: Page): Promise<void> => expect(await barriersOn(page, { without: ['region'] })).toEqual([]);

it('shares a link that shows the canvas read-only in a private window, where it can be copied', async () => {
  const id = await orderWorkflow('Order help');
  const owner = await openShare(id);
  await owner.getByText('Shows the draft.').waitFor();
  await owner.getByRole('button', { name: 'Create link' }).click();
  const url = await owner.getByRole('textbox', { name: 'Link', exact: true }).inputValue();
  await owner.getByRole('button', { name: 'Copy link' }).click();
  await owner.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await owner.evaluate('navigator.clipboard.readText()')).toBe(url);
  await owner.getByText(/^Not included: 1 secret, 1 connection\./).waitFor();
  await accessible(owner);

  const { page, mistakes } = await stage.open(new URL(url).pathname);
  const editor = await editorOn(page);
  await page.getByRole('heading', { name: 'Order help' }).waitFor();
  await page.getByText('Finds the orders of a customer.').waitFor();
  await page.getByText('Requires: 1 connection, 1 secret').waitFor();
  expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
  await editor.step('Look up orders').click({ position: { x: 60, y: 22 } });
  const settings = page.getByRole('region', { name: 'Node settings' });
  await settings.getByText('left out: X-Api-Key').waitFor();
  await page.keyboard.press('Delete');
  expect(await editor.steps().count()).toBe(3);
  await accessible(page);

  await page.getByRole('button', { name: 'Use this template' }).click();
  await page.waitForURL('**/workflows/*');
  await (await editorOn(page)).step('Look up orders').waitFor();
  const copy = await stage.server.call(getWorkflow, { params: { id: page.url().split('/').at(-1) ?? '' } });
  expect(copy.id).not.toBe(id);
  expect(copy).toMatchObject({ name: 'Order help' });
  expect(mistakes).toEqual([]);

  await owner.getByRole('button', { name: 'Turn off link' }).click();
  await owner.getByRole('button', { name: 'Create link' }).waitFor();
  const late = await stage.open(new URL(url).pathname);
  await late.page.getByRole('heading', { name: 'Link not found' }).waitFor();
  await accessible(late.page);
});

it('exports a file that another installation imports as the same workflow, with a list of what to connect', async () => {
  const owner = await openShare(await orderWorkflow('Stock help'));
  const [download] = await Promise.all([owner.waitForEvent('download'), owner.getByRole('link', { name: 'Export file' }).click()]);
  expect(download.suggestedFilename()).toBe('stock-help.switchyard.json');
  const file = await readFile(await download.path());
  expect(file.toString()).not.toContain('typed-in-by-hand');

  // Another, empty installation.
  await using other = await startServerProcess();
  const { page, mistakes } = await stage.open(new URL('/workflows', other.base).href);
  await page.getByLabel('Workflow file').setInputFiles({ name: 'stock.json', mimeType: 'application/json', buffer: file });
  const dialog = page.getByRole('dialog', { name: '“Stock help” imported' });
  const needs = dialog.getByRole('list', { name: 'Required before it can run' });
  await needs.getByText('Connection Stock help API · Look up orders').waitFor();
  await needs.getByText('Secret X-Api-Key · Look up orders').waitFor();
  await accessible(page);
  await dialog.getByRole('button', { name: 'Open workflow' }).click();
  const editor = await editorOn(page);
  await page.getByRole('button', { name: '2 problems', exact: true }).waitFor();
  await editor.openStep('Look up orders');
  await editor.inspector.getByText('“Stock help API” isn’t included in shared workflows. Choose one of your connections.').waitFor();
  const copy = await other.send('GET', `/api/workflows/${page.url().split('/').at(-1)}/export`);
  expect(copy.text).toBe(file.toString());
  expect(mistakes).toEqual([]);
});

it("says why a file can't be imported, and accepts another one dropped on the page", async () => {
  const { page } = await stage.open('/templates', { width: 390, height: 844 });
  await page.getByLabel('Workflow file').setInputFiles({ name: 'photo.json', mimeType: 'application/json', buffer: Buffer.from('not json') });
  const dialog = page.getByRole('dialog', { name: 'Couldn’t import file' });
  await dialog.getByText('photo.json').waitFor();
  await dialog.getByText('Not a workflow file').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await dialog.waitFor({ state: 'hidden' });

  const dropped = async (format: string): Promise<void> => {
    const file = JSON.stringify({ format, name: '<b>Dropped</b>', graph: graphOf([messageInput()], []) });
    const transfer = await page.evaluateHandle(`(() => {
      const data = new DataTransfer();
      data.items.add(new File([${JSON.stringify(file)}], 'dropped.json', { type: 'application/json' }));
      return data;
    })()`);
    await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
    await page.getByText('Drop the file to import it').waitFor();
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  };
  await dropped('switchyard/workflow@9');
  await dialog.getByText('needs a newer Switchyard').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await dropped('switchyard/workflow@1');
  await page.waitForURL('**/workflows/*');
  await page.getByRole('heading', { name: '<b>Dropped</b>' }).waitFor();
});

it('imports a workflow of n8n, and says how much of it carried over, and how much is to do', async () => {
  const { page, mistakes } = await stage.open('/workflows');
  await page.getByLabel('Workflow file').setInputFiles(join(repositoryRoot, 'test/files/n8n/approval.json'));
  const dialog = page.getByRole('dialog', { name: '“Approval by callback” imported' });
  await dialog.getByText('11 of 13 nodes carried over, 2 to do. Replace the placeholders on the canvas.').waitFor();
  const notes = dialog.getByRole('list', { name: 'Notes' });
  await notes.getByText('Stays a placeholder. Agents have no counterpart yet.').waitFor();
  await notes.getByText('Its form is a review in the Inbox, which also has a link.').waitFor();
  await accessible(page);
  await dialog.getByRole('button', { name: 'Open workflow' }).click();
  const editor = await editorOn(page);
  await editor.step('Wait for the shop').waitFor();
  await page.getByRole('button', { name: /^\d problems$/ }).waitFor();
  expect(mistakes).toEqual([]);
});

it('saves a workflow as a template with chosen samples; the gallery shows it, and Undo restores it after deletion', async () => {
  const owner = await openShare(await orderWorkflow('Return help'));
  await owner.getByLabel('Name').fill('Returns desk');
  expect(await owner.getByLabel('Description').inputValue()).toBe('Finds the orders of a customer.');
  await owner.getByRole('checkbox', { name: 'Long' }).uncheck();
  await owner.getByRole('button', { name: 'Save as template' }).click();
  await owner.getByRole('link', { name: 'See templates' }).click();
  await owner.waitForURL('**/templates');
  const card = owner.getByRole('article').filter({ has: owner.getByRole('heading', { name: 'Returns desk' }) });
  await card.getByRole('img', { name: 'Preview of Returns desk' }).waitFor();
  await card.hover();
  await owner.getByRole('button', { name: 'Delete template Returns desk' }).click();
  await card.waitFor({ state: 'detached' });
  await owner.getByRole('button', { name: 'Undo' }).click();
  await card.hover();
  await owner.getByRole('button', { name: 'Use template Returns desk' }).click();
  await owner.waitForURL('**/workflows/*');
  const copy = await stage.server.call(getWorkflow, { params: { id: owner.url().split('/').at(-1) ?? '' } });
  await eventually(() => copy.draft.nodes[0]?.data.params.samples).toEqual([{ name: 'Short', value: { message: 'Short' } }]);
});
