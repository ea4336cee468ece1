import { createConnection } from '@switchyard/shared/contracts/models.ts';
import { listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { getRoute } from '@switchyard/shared/contracts/routes.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { getWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { until } from '../kit/until.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

/* Text typed into a form survives a reload until it is sent. */

const stage = useStage();

it('keeps the description of a template and the note of a version across a reload until they are sent', async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Order lookup', graph: requestGraph('https://shop.example/orders') } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  await editorOn(page);
  const dialog = page.getByRole('dialog', { name: /^Share/ });
  const description = dialog.getByRole('textbox', { name: 'Description' });
  const note = page.getByRole('textbox', { name: 'Version note' });
  const panel = page.getByRole('complementary', { name: 'Versions' });

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
  await dialog.getByText('Added to templates').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Share' }).click();
  expect(await description.inputValue()).toBe('');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

  await page.getByRole('button', { name: 'Publish v1' }).click();
  expect(await note.inputValue()).toBe('Asks the new shop.');
  await panel.getByRole('button', { name: 'Publish v1' }).click();
  await page.getByText('v1 is live', { exact: true }).first().waitFor();
  await panel.getByRole('button', { name: 'Publish v2' }).waitFor();
  expect(await note.inputValue()).toBe('');
  expect(mistakes).toEqual([]);
});

it('keeps an unfinished connection across a reload, without its API key', async () => {
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
  await form.getByLabel('API key').first().fill('sk-typed-secret');
  await page.reload();
  await open();
  expect(await form.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Cellar');
  expect(await form.getByRole('textbox', { name: 'Base URL' }).inputValue()).toBe('http://127.0.0.1:9/v1');
  expect(await form.getByLabel('API key').first().inputValue()).toBe('');
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('sk-typed-secret');

  await form.getByRole('button', { name: 'Cancel' }).click();
  await form.waitFor({ state: 'hidden' });
  await open();
  expect(await form.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('OpenAI');
  expect(mistakes).toEqual([]);
});

it('keeps an edited connection and a new route across a reload until they are sent or discarded', async () => {
  await stage.server.call(createConnection, { body: { name: 'Attic', kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1', secret: 'sk-kept-secret' } });
  const { page, mistakes } = await stage.open('/models');
  const change = page.getByRole('dialog', { name: 'Edit Attic' });
  const openChange = async () => {
    await page.getByRole('button', { name: 'More actions for Attic' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await change.waitFor();
  };
  await openChange();
  await change.getByRole('textbox', { name: 'Name' }).fill('Loft');
  await change.getByRole('textbox', { name: 'Base URL' }).fill('http://127.0.0.1:8/v1');
  await change.getByLabel('API key').first().fill('sk-typed-secret');
  await page.reload();
  await openChange();
  expect(await change.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Loft');
  expect(await change.getByLabel('API key').first().inputValue()).toBe('');
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('sk-');
  await change.getByRole('button', { name: 'Cancel' }).click();
  await change.waitFor({ state: 'hidden' });
  await openChange();
  expect(await change.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Attic');
  await page.keyboard.press('Escape');
  await change.waitFor({ state: 'hidden' });

  const route = page.getByRole('dialog', { name: 'New route' });
  await page.getByRole('button', { name: 'New route' }).click();
  await route.getByRole('textbox', { name: 'Name', exact: true }).fill('summaries');
  await route.getByRole('textbox', { name: 'Description (optional)' }).fill('Sums up');
  await route.getByRole('combobox', { name: 'Connection' }).click();
  await page.getByRole('option', { name: /Demo/ }).click();
  await route.getByRole('button', { name: 'Add fallback' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'New route' }).click();
  expect(await route.getByRole('textbox', { name: 'Description (optional)' }).inputValue()).toBe('Sums up');
  expect(await route.getByRole('combobox', { name: 'Connection' }).count()).toBe(2);
  await route.getByRole('button', { name: 'Remove target 2' }).click();
  await route.getByRole('button', { name: 'Create route' }).click();
  await route.waitFor({ state: 'hidden' });
  expect((await stage.server.call(getRoute, { params: { name: 'summaries' } })).description).toBe('Sums up');
  await page.getByRole('button', { name: 'New route' }).click();
  expect(await route.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('');
  expect(mistakes).toEqual([]);
});

const lines = (page: Page) => page.getByRole('textbox', { name: 'Lines of the order' });

it('keeps invalid JSON and a new assignee until they are sent', async () => {
  const fields = [{ name: 'lines', label: 'Lines of the order', kind: 'json', value: '{{ input }}' }];
  const review = node('human-review', 'check', { title: 'Check it', decisions: [{ id: 'approve', title: 'Approve' }], fields });
  const graph = graphOf(
    [messageInput(), review, node('output', 'sent', { value: '{{ steps.check.values.lines }}' })],
    [edge('start', 'check'), edge('check.approve', 'sent')],
  );
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Checked', graph } });
  const { id: runId } = await stage.server.call(startRun, { params: { id }, body: { input: { message: 'two' } } });
  const task = await until('the review', async () => (await stage.server.call(listReviews, { query: { runId } })).items[0]);
  const { page, mistakes } = await stage.open(`/inbox?task=${task.id}`);
  const assignee = page.getByRole('textbox', { name: 'Assignee' });
  await lines(page).fill('{ "message": "th');
  await page.getByRole('button', { name: 'Assign', exact: true }).click();
  await assignee.fill('Despatch');
  await page.reload();
  await page.getByText('not valid JSON yet').waitFor();
  expect(await lines(page).inputValue()).toBe('{ "message": "th');
  await page.getByRole('button', { name: 'Assign', exact: true }).click();
  expect(await assignee.inputValue()).toBe('Despatch');
  await assignee.press('Enter');
  await page.getByText('Assigned to Despatch').waitFor();
  await lines(page).fill('{ "message": "three" }');
  await page.getByText('not valid JSON yet').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText('The run continues').waitFor();
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('message');
  expect(mistakes).toEqual([]);
});

it('keeps unsent webhook settings, even while the server was unreachable', async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Called', graph: requestGraph('https://shop.example/orders') } });
  const { page } = await stage.open(`/workflows/${id}`);
  const panel = page.getByRole('region', { name: 'Webhook' });
  const openPanel = async () => {
    await editorOn(page);
    await page.getByRole('button', { name: 'Webhook' }).click();
    await panel.waitFor();
  };
  const value = panel.getByRole('textbox', { name: 'Value of tenant' });
  await openPanel();
  await panel.getByRole('combobox', { name: 'Signature verification' }).click();
  await page.getByRole('option', { name: 'HMAC-SHA256 header' }).click();
  await panel.getByRole('textbox', { name: 'Prefix' }).fill('v1=');
  await page.route('**/webhook', (route) => (route.request().method() === 'GET' ? route.fallback() : route.abort()));
  await panel.getByRole('button', { name: 'Add label' }).click();
  await value.fill('acme');
  await page.reload();
  await openPanel();
  await panel.getByRole('textbox', { name: 'Value of tenant' }).waitFor();
  expect(await panel.getByRole('textbox', { name: 'Prefix' }).inputValue()).toBe('v1=');
  expect(await value.inputValue()).toBe('acme');

  await page.unroute('**/webhook');
  await panel.getByRole('textbox', { name: 'Prefix' }).focus();
  await value.focus();
  await panel.getByRole('button', { name: 'Add label' }).focus();
  const kept = async () => {
    const { labels, signature } = await stage.server.call(getWebhook, { params: { id } });
    return { labels, prefix: signature.prefix };
  };
  await eventually(kept).toEqual({ labels: { tenant: 'acme' }, prefix: 'v1=' });
  await eventually(() => page.evaluate('JSON.stringify(localStorage)')).not.toContain('acme');
});

it("keeps invalid JSON in a node's field across a reload", async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Shaped', graph: requestGraph('https://shop.example/orders') } });
  const { page } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.openStep('start');
  await editor.inspector.getByText('JSON Schema', { exact: true }).click();
  await editor.inspector.getByRole('textbox', { name: 'Fields', exact: true }).fill('{ "type": "obj');
  await page.reload();
  await editorOn(page);
  await editor.openStep('start');
  await editor.inspector.getByText('{ "type": "obj').first().waitFor();
});
