import { getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { drag, type EditorOnPage, editorOn, middleOf } from './editor.ts';
import { eventually, useStage } from './stage.ts';

/* A user's first hour: a workflow with a branch for each kind of message, drawn by hand on an empty canvas, then run. */

const stage = useStage();

it('draws a workflow with a branch for each kind of message on an empty canvas, shows what is missing, and runs it', async () => {
  const { page, mistakes } = await stage.open('/');
  await page.getByRole('button', { name: 'Start from scratch' }).click();
  // A new workflow begins with its name.
  await page.getByRole('dialog', { name: 'New workflow' }).getByLabel('Name').fill('Helpdesk');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/workflows/*');
  const editor = await editorOn(page);

  await dropOnEdge(page, editor, 'Classify');
  const missing = problemOf(editor, 'Classify');
  await missing.waitFor();
  expect(await missing.getAttribute('aria-label')).toMatch(/at least two labels/i);
  await writeLabels(page, editor, [
    { name: 'billing', when: 'Invoices, charges, refunds, payment' },
    { name: 'bug', when: 'The app crashes, fails or shows an error' },
  ]);
  // The labels are ports now, and unconnected ones are named.
  await editor.outputPort('Classify', 'billing').waitFor();
  await eventually(() => missing.getAttribute('aria-label')).toMatch(/billing/);

  await page.getByRole('button', { name: 'Zoom out' }).click();
  await pullOut(page, editor, { from: ['Classify', 'billing'], by: [180, -190], pick: 'Prompt' });
  await pullOut(page, editor, { from: ['Classify', 'bug'], by: [180, 110], pick: 'Condition' });
  await pullOut(page, editor, { from: ['Prompt'], by: [160, 0], pick: 'Output' });
  await pullOut(page, editor, { from: ['Condition', 'yes'], by: [160, 0], pick: 'Output' });
  await pullOut(page, editor, { from: ['Condition', 'else'], by: [160, 90], pick: 'Output' });
  await eventually(() => editor.steps().count()).toBe(8);
  await eventually(() => editor.edges().count()).toBe(7);

  await editor.openStep('Output');
  await fill(page, editor, 'Value', '{{ steps.prompt.text }}');
  await eventually(() => page.getByRole('button', { name: /^\d+ problem/ }).count()).toBe(0);
  await editor.saved();

  await page.getByRole('button', { name: 'Close the inspector' }).click();
  await editor.runButton.click();
  await editor.step('Prompt').getByText('Succeeded').waitFor();
  await editor.step('Condition').getByText('Skipped').waitFor();
  await editor.runPanel.getByRole('region', { name: 'Response' }).getByText('200').waitFor();

  const id = page.url().split('/').at(-1) ?? '';
  const { draft } = await stage.server.call(getWorkflow, { params: { id } });
  expect(draft.nodes.find((node) => node.data.title === 'Output')?.data.params.value).toBe('{{ steps.prompt.text }}');
  await page.reload();
  const again = await editorOn(page);
  await eventually(() => again.steps().count()).toBe(8);
  expect((await stage.server.call(getWorkflow, { params: { id } })).draft).toEqual(draft);
  expect(mistakes).toEqual([]);
});

const problemOf = (editor: EditorOnPage, title: string) => editor.step(title).getByRole('button', { name: /problem/i });

async function dropOnEdge(page: Page, editor: EditorOnPage, type: string): Promise<void> {
  await page.keyboard.press('n');
  const item = page.getByRole('complementary', { name: 'Add a node' }).getByRole('option', { name: new RegExp(`^${type}`) });
  await item.waitFor();
  const [from, to] = await Promise.all([middleOf(editor.outputPort('Input')), middleOf(editor.inputPort('Reply'))]);
  await drag(page, item, { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 + 6 });
  await editor.step(type).waitFor();
  // One key undoes the whole gesture, right after it.
  await page.keyboard.press('Control+z');
  await eventually(() => editor.steps().count()).toBe(2);
  expect(await editor.edges().count()).toBe(1);
  await page.keyboard.press('Control+Shift+z');
  await editor.step(type).waitFor();
  await page.getByRole('button', { name: 'Add node' }).click();
}

async function writeLabels(page: Page, editor: EditorOnPage, labels: readonly { name: string; when: string }[]): Promise<void> {
  await editor.openStep('Classify');
  for (const [index, { name, when }] of labels.entries()) {
    await editor.inspector.getByRole('button', { name: 'Add label' }).click();
    await editor.inspector.getByRole('textbox', { name: 'Label', exact: true }).nth(index).fill(name);
    await editor.inspector.getByRole('textbox', { name: 'Description' }).nth(index).fill(when);
  }
  await page.getByRole('button', { name: 'Close the inspector' }).click();
}

interface Pull {
  readonly from: readonly [title: string, port?: string];
  readonly by: readonly [x: number, y: number];
  readonly pick: string;
}

/** Drags an edge into empty space and picks the node it leads to. */
async function pullOut(page: Page, editor: EditorOnPage, { from, by, pick }: Pull): Promise<void> {
  const before = await editor.steps().count();
  const handle = editor.outputPort(...from);
  const { x, y } = await middleOf(handle);
  await drag(page, handle, { x: x + by[0], y: y + by[1] });
  const search = page.getByRole('combobox', { name: 'Search nodes' });
  await search.fill(pick);
  await search.press('Enter');
  await eventually(() => editor.steps().count()).toBe(before + 1);
}

/** Replaces the text of an inspector field. */
async function fill(page: Page, editor: EditorOnPage, label: string, text: string): Promise<void> {
  await editor.inspector.getByRole('textbox', { name: label }).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}
