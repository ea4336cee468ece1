import { createWorkflow, deleteWorkflow, getWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

const make = (name: string, graph?: Graph) => stage.server.call(createWorkflow, { body: { name, ...(graph && { graph }) } });
const titles = async (id: string) => (await stage.server.call(getWorkflow, { params: { id } })).draft.nodes.map((node) => node.data.title);

it('rejects the second of two saves with a choice, and loses no edits', async () => {
  const { id } = await make('Two tabs');
  const first = await stage.open(`/workflows/${id}`);
  const second = await stage.open(`/workflows/${id}`);
  const one = await editorOn(first.page);
  const two = await editorOn(second.page);
  await one.openStep('Input');
  await one.inspector.getByRole('textbox', { name: 'Title' }).fill('Of the first tab');
  await eventually(() => titles(id)).toContain('Of the first tab');
  // The other tab has no edits, so it shows the change immediately.
  await two.step('Of the first tab').waitFor();
  // Then both edit, and the second tab cannot save before the first.
  await second.page.route('**/draft', (route) => route.abort());
  await two.openStep('Reply');
  await two.inspector.getByRole('textbox', { name: 'Title' }).fill('Of the second tab');
  await second.page
    .getByText(/Offline|Couldn’t save/)
    .first()
    .waitFor();
  await one.inspector.getByRole('textbox', { name: 'Title' }).fill('Of the first tab, later');
  await second.page.getByText(/This workflow changed elsewhere/).waitFor();
  await second.page.unroute('**/draft');
  expect(await titles(id)).not.toContain('Of the second tab');
  await two.step('Of the second tab').waitFor();

  await second.page.getByRole('button', { name: 'Keep my version' }).click();
  await eventually(() => titles(id)).toContain('Of the second tab');
  // The first tab has no edits left, so it updates.
  await one.step('Of the second tab').waitFor();
});

it('keeps edits while the server is unreachable, and saves them once it is back', async () => {
  const { id } = await make('Offline');
  const { page } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.openStep('Input');
  await page.context().setOffline(true);
  await editor.inspector.getByRole('textbox', { name: 'Title' }).fill('Typed offline');
  await page.getByText(/^Offline\. Changes are saved in this browser/).waitFor();
  await page.context().setOffline(false);
  await eventually(() => titles(id)).toContain('Typed offline');
  await editor.saved();
});

it('keeps unsaved edits across a reload', async () => {
  const { id } = await make('Reload');
  const { page } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await page.route('**/draft', (route) => route.abort());
  await editor.openStep('Input');
  await editor.inspector.getByRole('textbox', { name: 'Title' }).fill('Half a thought');
  await page
    .getByText(/Offline|Couldn’t save/)
    .first()
    .waitFor();
  page.on('dialog', (dialog) => dialog.accept());
  await page.reload();
  await page.unroute('**/draft');
  await (await editorOn(page)).step('Half a thought').waitFor();
  await eventually(() => titles(id)).toContain('Half a thought');
});

it('draws a node of an unknown type, keeps it, and does not run it', async () => {
  const made = await make('Unknown step');
  const graph = structuredClone(made.draft);
  graph.nodes.push({
    id: 'odd',
    type: 'teleport',
    position: { x: 320, y: 320 },
    data: { key: 'odd', title: 'Teleport', typeVersion: 1, params: { to: 'the moon', __proto__: null } },
  });
  await stage.server.call(saveDraft, { params: { id: made.id }, body: { graph, revision: made.draftRevision } });
  const { page, mistakes } = await stage.open(`/workflows/${made.id}`);
  const editor = await editorOn(page);
  await editor.step('Teleport').waitFor();
  await editor
    .step('Teleport')
    .getByRole('button', { name: /problem/i })
    .waitFor();
  await editor.runButton.click();
  await page
    .getByText(/teleport/i)
    .first()
    .waitFor();
  expect((await stage.server.call(getWorkflow, { params: { id: made.id } })).draft.nodes.find((node) => node.id === 'odd')?.data.params).toEqual({
    to: 'the moon',
  });
  expect(mistakes.filter((mistake) => !mistake.includes('422'))).toEqual([]);
});

it('says that a workflow was deleted or never existed', async () => {
  const { id } = await make('Gone');
  await stage.server.call(deleteWorkflow, { params: { id } });
  const { page } = await stage.open(`/workflows/${id}`);
  await page
    .getByText(/deleted/i)
    .first()
    .waitFor();
  await page.goto(new URL('/workflows/missing', stage.server.base).href);
  await page
    .getByText(/not found|no workflow/i)
    .first()
    .waitFor();
});

it('stays usable with a 5 MB value in a run', async () => {
  const { id } = await make('Large');
  const started = await stage.server.send('POST', `/api/workflows/${id}/runs`, { body: { input: { message: 'x'.repeat(5_000_000) }, wait: 20_000 } });
  expect(started.status).toBe(200);
  const { page, mistakes } = await stage.open(`/runs/${(started.json as { id: string }).id}`);
  const editor = await editorOn(page);
  await editor.step('Input').getByText('Succeeded').waitFor();
  await editor.step('Input').click({ position: { x: 60, y: 22 } });
  await page
    .getByRole('button', { name: /Load .*MB/ })
    .first()
    .waitFor();
  expect(mistakes).toEqual([]);
});
