import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { modelGraph } from '../kit/graph.ts';
import { begin, ended } from '../kit/runs.ts';
import { type EditorOnPage, editorOn } from './editor.ts';
import { useStage } from './stage.ts';

/* The editor knows the state of a run that it did not see from start to end. */

const stage = useStage({ demoDelayMs: 3_000 });

async function newWorkflow(): Promise<string> {
  const graph = modelGraph();
  const placed = { ...graph, nodes: graph.nodes.map((one, index) => ({ ...one, position: { x: index * 300, y: 0 } })) };
  return (await stage.server.call(createWorkflow, { body: { name: 'Followed', graph: placed } })).id;
}

const cancelButton = (page: Page) => page.getByRole('button', { name: /^Cancel run/ });
const keptStrip = (page: Page) => page.getByRole('status').filter({ hasText: 'kept while you edit' });
const lastRunLine = (page: Page) => page.locator('[data-run-line]');

async function changeMaxTokens(editor: EditorOnPage): Promise<void> {
  await editor.openStep('draft');
  await editor.inspector.getByRole('textbox', { name: 'Max tokens' }).fill('200');
  await editor.saved();
  await editor.page.keyboard.press('Escape');
  await editor.page.keyboard.press('Escape');
}

it('follows a run across a reload, marks what changed after its end, and starts and cancels the next one by keyboard', async () => {
  const id = await newWorkflow();
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  await (await editorOn(page)).runButton.click();
  await cancelButton(page).waitFor();

  await page.reload();
  const editor = await editorOn(page);
  await cancelButton(page).waitFor();
  await editor.step('reply').getByText('Succeeded').waitFor();
  await editor.runButton.waitFor();
  expect(await keptStrip(page).count()).toBe(0);

  await changeMaxTokens(editor);
  await editor.step('draft').getByText('Changed since').waitFor();
  await keptStrip(page).waitFor();

  await editor.step('draft').focus();
  await page.keyboard.press('r');
  await cancelButton(page).waitFor();
  await editor.step('draft').getByText('Running').waitFor();
  expect(await keptStrip(page).count()).toBe(0);
  await page.keyboard.press('r');
  await editor.runButton.waitFor();
  await editor.step('draft').getByText('Canceled').waitFor();
  expect(mistakes).toEqual([]);
});

it('knows how a run ended while the page was away, and says so until the next one', async () => {
  const id = await newWorkflow();
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const run = await begin(stage.server, id);
  await page.goto(new URL('/workflows', stage.server.base).href);
  await ended(stage.server, run.id);

  await page.goto(new URL(`/workflows/${id}`, stage.server.base).href);
  const editor = await editorOn(page);
  await lastRunLine(page)
    .getByText(/^Last run .*, succeeded in 3/)
    .waitFor();
  expect(await editor.step('draft').getByText('Succeeded').count()).toBe(0);

  await editor.runButton.click();
  await cancelButton(page).waitFor();
  await cancelButton(page).click();
  await editor.runButton.waitFor();
  await page.getByRole('button', { name: 'Collapse the run panel' }).click();
  await lastRunLine(page)
    .getByText(/canceled after/)
    .waitFor();
  expect(mistakes).toEqual([]);
});
