import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { modelGraph } from '../kit/graph.ts';
import { editorOn } from './editor.ts';
import { useStage } from './stage.ts';

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
