import { listReviews, type Review } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { useTemplate } from '@switchyard/shared/contracts/templates.ts';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { readRun } from '../kit/runs.ts';
import { until } from '../kit/until.ts';
import { type EditorOnPage, editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

/* A reviewer in the middle of a run. One browser shows the canvas, one the inbox, and one is a phone. */

const stage = useStage({ demoDelayMs: 100 });
const PHONE = { width: 390, height: 844 };
const COMMENT = 'Say that it takes five working days';
let workflowId = '';

beforeAll(async () => {
  workflowId = (await stage.server.call(useTemplate, { params: { slug: 'support-chatbot-routing' } })).id;
});

const reply = (page: Page) => page.getByRole('textbox', { name: 'Reply to the customer' });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const taskOf = (runId: string) => until('the review', async () => (await stage.server.call(listReviews, { query: { runId } })).items[0]);

/** Opens the workflow and runs it with its refund sample from the canvas. */
async function runRefund(): Promise<{ page: Page; editor: EditorOnPage; review: Review }> {
  const { page } = await stage.open(`/workflows/${workflowId}`);
  const editor = await editorOn(page);
  await page.getByRole('button', { name: /Open to choose an input|Last run|Run started/ }).click();
  await editor.runPanel.getByRole('tab', { name: 'Input' }).click();
  await editor.runPanel.getByRole('combobox', { name: 'Sample input' }).click();
  await page.getByRole('option', { name: 'Refund', exact: true }).click();
  const [started] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/runs')),
    editor.runButton.click(),
  ]);
  return { page, editor, review: await taskOf(((await started.json()) as { id: string }).id) };
}

/** A run of the refund sample that waits for its reviewer. */
async function refundTask(): Promise<Review> {
  const input = { message: 'Please refund my last order 4417, it never arrived.', customer: { name: 'Cleo', tier: 'plus' } };
  return taskOf((await stage.server.call(startRun, { params: { id: workflowId }, body: { input } })).id);
}

/** Marks the page: a reload would lose the mark. */
const mark = (page: Page) => page.evaluate('globalThis.stillHere = true');
const isMarked = (page: Page) => page.evaluate('globalThis.stillHere === true');

async function showsAllOf(page: Page, review: Review): Promise<void> {
  const known = page.getByRole('complementary', { name: 'Context' });
  await known.getByText('Please refund my last order 4417, it never arrived.').waitFor();
  await known.getByRole('heading', { name: 'Context' }).waitFor();
  for (const fact of ['Cleo', 'plus', 'refund']) await known.getByRole('definition').getByText(fact, { exact: true }).waitFor();
  await known.getByRole('heading', { name: 'Reason for review' }).waitFor();
  await known.getByText(/^Only confident billing and technical replies that promise no refund are sent automatically/).waitFor();
  await known.getByRole('heading', { name: 'History' }).waitFor();
  await known.getByText(/^Classify intent: refund/).waitFor();
  await known.getByText(/^Refund draft/).waitFor();
  const draft = review.fields.find(({ name }) => name === 'reply')?.value;
  expect(String(draft).length).toBeGreaterThan(40);
  await eventually(() => reply(page).inputValue()).toBe(draft);
}

it('waits for the reviewer and says whose review it is; once the draft is edited and approved elsewhere, the canvas shows the run continue', async () => {
  const { page: canvas, editor, review } = await runRefund();
  await editor.step('Agent review').getByText('Waiting for Support').waitFor();
  await canvas.getByRole('link', { name: /Inbox 1 waiting for you/ }).waitFor();
  await mark(canvas);

  const { page: inbox, mistakes } = await stage.open('/inbox');
  await inbox.getByRole('heading', { name: 'Reply to Cleo about refund' }).waitFor();
  await showsAllOf(inbox, review);
  await reply(inbox).fill('Dear Cleo, we are sorry. Your money is on its way.');
  await inbox.getByRole('combobox', { name: /Why did you change the draft/ }).fill('Tone');
  await inbox.keyboard.press('Enter');
  await inbox.getByRole('combobox', { name: /Why did you change the draft/ }).fill('she is right');
  await inbox.keyboard.press('Enter');
  await button(inbox, 'Approve').click();

  await editor.step('Send reply').getByText('Succeeded').waitFor();
  await editor.step('Agent review').getByText('Succeeded').waitFor();
  await editor.runPanel.getByText('Dear Cleo, we are sorry. Your money is on its way.').waitFor();
  expect(await isMarked(canvas)).toBe(true);
  const run = await readRun(stage.server, review.runId);
  expect(run).toMatchObject({ status: 'succeeded', output: { reply: 'Dear Cleo, we are sorry. Your money is on its way.' } });

  // Decided reviews show how the draft was changed, and why.
  await inbox.getByText('Decided', { exact: true }).first().click();
  const row = inbox.getByRole('link', { name: /Reply to Cleo about refund/ });
  await row.getByText('Reply to the customer changed: Tone, she is right').waitFor();
  await row.click();
  await inbox.getByText('Reason for changes: Tone, she is right').waitFor();
  const correction = inbox.getByRole('figure', { name: /changes to the draft/ });
  await eventually(async () => (await correction.getByRole('insertion').allTextContents()).join('')).toMatch(/money.*way/s);
  expect(await correction.getByRole('deletion').count()).toBeGreaterThan(0);
  expect(mistakes).toEqual([]);
});

it('sends back with a comment: the next draft follows it, the canvas shows the round, and both rounds can be opened', async () => {
  const { page: canvas, editor, review } = await runRefund();
  await editor.step('Agent review').getByText('Waiting for Support').waitFor();
  await mark(canvas);
  const { page: inbox } = await stage.open(`/inbox?task=${review.id}`);
  await inbox.getByRole('textbox', { name: /Comment/ }).fill(COMMENT);
  await button(inbox, 'Send back').click();

  await editor.step('Refund draft').getByText('round 2').waitFor();
  await editor.step('Agent review').getByText('Waiting for Support').waitFor();
  expect(await isMarked(canvas)).toBe(true);
  const asked = (await readRun(stage.server, review.runId)).steps.find(({ id }) => id === 'refund_draft#2')?.calls[0]?.record;
  expect(JSON.stringify(asked)).toContain(COMMENT);

  await inbox.getByRole('link', { name: 'Open round 2' }).click();
  await inbox.getByText(`“${COMMENT}”`).waitFor();
  await reply(inbox).waitFor();
  await inbox.getByRole('link', { name: 'Round 1' }).click();
  await inbox.getByText('Send back by owner').first().waitFor();

  await canvas.goto(new URL(`/runs/${review.runId}`, stage.server.base).href);
  const past = await editorOn(canvas);
  await past.step('Refund draft').click({ position: { x: 60, y: 22 } });
  const rounds = canvas.getByRole('radiogroup', { name: 'Round' });
  await rounds.getByText('Round 1').click();
  await rounds.getByText('Round 2').click();
  await canvas.getByText(COMMENT).first().waitFor();
});

it('works the same on a phone: opening the link in a message decides nothing, and each decision can be made there', async () => {
  const review = await refundTask();
  const link = new URL(review.link ?? '').pathname;
  const { page, mistakes } = await stage.open(link, PHONE);
  await page.getByRole('heading', { name: 'Reply to Cleo about refund' }).waitFor();
  await button(page, 'Reason for review and history').click();
  await showsAllOf(page, review);
  await page.getByText(/Nothing is decided until you choose/).waitFor();
  for (const name of ['Approve', 'Reject', 'Send back']) {
    const box = await button(page, name).boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 390 && box.height >= 40, `${name} is large enough for a thumb`).toBe(true);
  }
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await page.reload();
  await reply(page).waitFor();
  expect((await readRun(stage.server, review.runId)).status).toBe('waiting');

  await page.getByRole('textbox', { name: /Comment/ }).fill(COMMENT);
  await button(page, 'Send back').click();
  await page.getByText('Send back by review link').first().waitFor();
  const second = await until('the second round', async () =>
    (await stage.server.call(listReviews, { query: { runId: review.runId } })).items.find(({ id }) => id !== review.id),
  );
  const again = await stage.open(new URL(second.link ?? '').pathname, PHONE);
  await button(again.page, 'Reason for review and history').click();
  await again.page.getByText(`“${COMMENT}”`).waitFor();
  await reply(again.page).fill('Dear Cleo, it takes five working days.');
  await button(again.page, 'Approve').click();
  await again.page.getByText('Approve by review link').first().waitFor();
  await eventually(async () => (await readRun(stage.server, review.runId)).output).toMatchObject({ reply: 'Dear Cleo, it takes five working days.' });
  expect(mistakes).toEqual([]);
});
