import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { echoGraph } from '../kit/graph.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, ended } from '../kit/runs.ts';
import { type EditorOnPage, editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

/* A past run on its own graph: its input, each of its rounds, and any moment of it. */

const stage = useStage();

const message = 'Please refund my last order 4417, it never arrived.';

/** A refund run whose draft was sent back once, and that waits for a reviewer again. */
async function openSentBack(): Promise<{ page: Page; canvas: EditorOnPage; mistakes: readonly string[] }> {
  const { call } = stage.server;
  const { id } = await call(useTemplate, { params: { slug: 'support-chatbot-routing' } });
  const run = await call(startRun, { params: { id }, body: { input: { message } } });
  const first = await openTask(stage.server, run.id);
  const tasks = async () => (await call(listReviews, {})).items.filter((task) => task.runId === run.id);
  await call(decideReview, { params: { id: first.id }, body: { decision: 'send_back', comment: 'Mention the 30 days.' } });
  await eventually(async () => (await tasks()).some((task) => task.id !== first.id)).toBe(true);
  const { page, mistakes } = await stage.open(`/runs/${run.id}`);
  const canvas = await editorOn(page);
  await canvas.step('Agent review').getByText('round 2').waitFor();
  return { page, canvas, mistakes };
}

it('shows its input, each round by its bar, and a link to the review that it waits for', async () => {
  const { page, canvas, mistakes } = await openSentBack();
  await canvas.runPanel.getByRole('tab', { name: 'Input' }).click();
  await canvas.runPanel.getByText(message).waitFor();
  await canvas.runPanel.getByRole('tab', { name: 'Timeline' }).click();

  const details = page.getByRole('complementary', { name: 'Step Refund draft' });
  const bars = canvas.runPanel.getByRole('button', { name: /^Refund draft/ });
  await bars.first().click();
  await eventually(() => details.getByRole('radio', { name: 'Round 1' }).isChecked()).toBe(true);
  expect(await details.getByText('Mention the 30 days').count()).toBe(0);
  await bars.last().click();
  await eventually(() => details.getByRole('radio', { name: 'Round 2' }).isChecked()).toBe(true);
  await details
    .getByText(/Mention the 30 days/)
    .first()
    .waitFor();

  await canvas.step('Agent review').click({ position: { x: 60, y: 22 } });
  await page.getByRole('complementary').getByRole('link', { name: 'Open in Inbox' }).click();
  await page.waitForURL(/\/inbox\?task=/);
  expect(mistakes).toEqual([]);
});

it('stays at a moment of the past', async () => {
  const { page, canvas } = await openSentBack();
  const slider = page.getByRole('slider', { name: 'Position in run' });
  await slider.focus();
  await page.keyboard.press('Home');
  const running = canvas.canvas.getByText('Running', { exact: true }).first();
  while ((await running.count()) === 0) await page.keyboard.press('ArrowRight');
  const time = running.locator('xpath=following-sibling::*').first();
  const shown = await time.textContent();
  expect(shown).toBe('0.0 s');
  // Long enough to notice a clock that keeps running.
  const started = Date.now();
  await eventually(() => Date.now() - started).toBeGreaterThan(400);
  expect(await time.textContent()).toBe(shown);
});

it('is found by its steps in the command palette', async () => {
  const { page } = await openSentBack();
  await page.keyboard.press('Control+k');
  const search = page.getByRole('combobox', { name: 'Search and commands' });
  await search.fill('refund');
  await page.getByRole('option', { name: /Refund draft/ }).waitFor();
  await search.press('Enter');
  await page.getByRole('complementary', { name: 'Step Refund draft' }).waitFor();
});

it('shows an output that marked the run failed, on the canvas, in its panel, and in the list of runs', async () => {
  const { call } = stage.server;
  const { id } = await call(createWorkflow, { body: { name: 'Refuses', graph: echoGraph('No such order', { outcome: 'failure', status: '404' }) } });
  const run = await begin(stage.server, id, message);
  expect((await ended(stage.server, run.id)).status).toBe('failed');
  const { page, mistakes } = await stage.open(`/runs/${run.id}`);
  const canvas = await editorOn(page);
  await canvas.step('reply').getByText('Marked run failed').waitFor();
  await canvas.step('reply').click({ position: { x: 60, y: 22 } });
  await page.getByRole('complementary', { name: 'Step reply' }).getByText('Marked run failed').waitFor();

  await page.goto(new URL(`/runs?run=${run.id}`, stage.server.base).href);
  await page.locator('svg [data-state="failed"]').waitFor();
  await page.getByText('reuses the step before it').waitFor();
  await page
    .getByRole('list', { name: 'Steps over time' })
    .getByRole('button', { name: /^reply/ })
    .click();
  await page.getByRole('region', { name: 'Step', exact: true }).getByText('Marked run failed').waitFor();
  expect(mistakes).toEqual([]);
});
