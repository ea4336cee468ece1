import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage({ demoDelayMs: 1200 });

it('opens on the templates when there is no workflow yet, and runs one of them live on its canvas', async () => {
  const { page, mistakes } = await stage.open('/');
  await page.waitForURL('**/templates');
  for (const name of ['Support chatbot routing', 'Content factory', 'Ticket triage']) await page.getByRole('heading', { name }).waitFor();

  await page.getByRole('button', { name: 'Use template Ticket triage' }).click();
  await page.waitForURL('**/workflows/*');
  const editor = await editorOn(page);
  expect(await editor.steps().count()).toBeGreaterThan(8);
  expect(await apart(editor.steps())).toBe(true);

  await editor.runButton.click();
  const reply = editor.step('Bug reply');
  // Seen while it is running.
  await reply.getByText('Running').waitFor();
  await reply.getByRole('button', { name: 'Show more' }).waitFor();
  expect(await reply.getByText('Succeeded').count()).toBe(0);
  const streaming = await heightOf(reply);
  await page.getByRole('button', { name: /^Cancel run/ }).waitFor();
  await reply.getByText('Succeeded').waitFor();
  expect(await heightOf(reply)).toBe(streaming);
  await editor.step('Outage reply').getByText('Skipped').waitFor();
  await editor.step('How-to reply').getByText('Skipped').waitFor();

  await editor.runPanel.getByRole('region', { name: 'Response' }).getByText('200').waitFor();
  await editor.runPanel.getByText('demo, free').waitFor();
  await editor.runButton.waitFor();
  expect(mistakes).toEqual([]);
});

it("shows a step's output, its time, and that the demo model answered", async () => {
  const { page } = await stage.open('/workflows');
  await page.getByRole('link', { name: 'Ticket triage' }).click();
  const editor = await editorOn(page);
  await page.keyboard.press('r');
  await editor.step('Bug reply').getByText('Succeeded').waitFor();
  await editor.openStep('Classify ticket');
  await editor.inspector.getByRole('tab', { name: 'Last run' }).click();
  await editor.inspector.getByText('"bug"').first().waitFor();
  await editor.inspector.getByText('demo, free').first().waitFor();
  await editor.inspector
    .getByText(/\d+ tokens/)
    .first()
    .waitFor();
});

it('shows what a template contains, and finds templates by a word', async () => {
  const { page } = await stage.open('/templates');
  await page.getByLabel('Search templates').fill('ticket');
  await eventually(() => page.getByRole('article').count()).toBe(1);
  await page.getByLabel('Search templates').fill('no such thing');
  await page.getByText('No templates match “no such thing”').waitFor();
  await page.getByLabel('Search templates').fill('');
  await page.getByRole('button', { name: 'Preview Content factory' }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Content factory' });
  await drawer.getByRole('button', { name: 'Use template' }).waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
});

it('creates one workflow and one run from all that', async () => {
  const { items } = await stage.server.call(listRuns, {});
  expect(items.map(({ status, workflowName }) => [status, workflowName])).toEqual([
    ['succeeded', 'Ticket triage'],
    ['succeeded', 'Ticket triage'],
  ]);
});

/** No two of these overlap. */
async function apart(places: ReturnType<Awaited<ReturnType<typeof editorOn>>['steps']>): Promise<boolean> {
  const boxes = await Promise.all((await places.all()).map((place) => place.boundingBox()));
  return boxes.every((a, index) =>
    boxes.slice(index + 1).every((b) => !a || !b || a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y),
  );
}

/** The height of a node, whatever the zoom. */
const heightOf = (step: Locator): Promise<number> => step.evaluate('node => node.offsetHeight');
