import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow, getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { modelGraph } from '../kit/graph.ts';
import { drag, editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

it('keeps the values of a finished run while the graph is edited, and marks them as from the last run', async () => {
  const graph = modelGraph();
  const placed = { ...graph, nodes: graph.nodes.map((one, index) => ({ ...one, position: { x: index * 300, y: 0 } })) };
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Edited', graph: placed } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.runButton.click();
  await editor.step('reply').getByText('Succeeded').waitFor();

  await editor.openStep('draft');
  await editor.inspector.getByRole('textbox', { name: 'Max tokens' }).fill('200');
  await editor.step('draft').getByText('Changed since').waitFor();
  await editor.step('reply').getByText('Last run').waitFor();
  await page.getByRole('status').filter({ hasText: 'kept while you edit' }).waitFor();

  // A renamed node keeps its values, also where expressions read its new key.
  await editor.inspector.getByRole('textbox', { name: 'Title', exact: true }).fill('Answer');
  await editor.step('Answer').getByText('Changed since').waitFor();
  await editor.openStep('reply');
  await editor.inspector.getByText('Values from the last run').waitFor();
  await editor.inspector.getByText('steps.answer.text').first().waitFor();
  expect(await editor.inspector.getByText(/not run yet|missing/).count()).toBe(0);
  await editor.inspector.getByRole('tab', { name: 'Last run' }).click();
  await editor.inspector.getByText('Succeeded').first().waitFor();
  expect(await editor.step('reply').getByText('Changed since').count()).toBe(0);

  // Back to the graph that ran: the run is shown as before.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await editor.step('draft').getByText('Succeeded').waitFor();

  await page.getByRole('button', { name: 'Redo', exact: true }).click();
  await page.getByRole('button', { name: 'Hide run' }).click();
  await editor.step('draft').getByText('Changed since').waitFor({ state: 'detached' });
  expect(mistakes).toEqual([]);
});

it('inserts a value of the last run by keyboard and by dragging it into a field', async () => {
  const graph = modelGraph();
  const placed = { ...graph, nodes: graph.nodes.map((one, index) => ({ ...one, position: { x: index * 300, y: 0 } })) };
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Values', graph: placed } });
  await stage.server.call(startRun, { params: { id }, body: { input: { message: 'Where is my order?' }, wait: 20_000 } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.openStep('draft');
  const system = editor.inspector.getByRole('textbox', { name: 'System prompt' });
  await system.fill('Be brief. ');
  await editor.inspector.getByRole('button', { name: 'All values' }).click();
  const message = editor.inspector.getByRole('treeitem', { name: 'message Where is my order?' });
  await message.press('Enter');
  await system.getByText('input.message').waitFor();

  expect(await barriersOn(page)).toEqual([]);
  const user = editor.inspector.getByRole('textbox', { name: 'User message' });
  await drag(page, message, user);
  await eventually(async () => {
    const { draft } = await stage.server.call(getWorkflow, { params: { id } });
    const { system: first, message: second } = draft.nodes.find((node) => node.id === 'draft')?.data.params ?? {};
    return [first, second];
  }).toEqual(['Be brief. {{ input.message }}', '{{ input.message }}{{ input.message }}']);

  await editor.inspector.getByRole('searchbox', { name: 'Search values' }).fill('input order?');
  await eventually(() => editor.inspector.getByRole('treeitem').count()).toBe(1);
  expect(mistakes).toEqual([]);
});
