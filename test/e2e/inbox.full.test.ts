import { listCorrections } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { listReviews, type Review } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { readRun } from '../kit/runs.ts';
import { until } from '../kit/until.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();
let workflowId = '';

/** Message → draft → a reviewer, who may send it back. */
const graph = () =>
  graphOf(
    [
      messageInput(),
      node('transform', 'draft', { fields: [{ name: 'text', value: '"Dear Ada, " + previous.?check.?comment.orValue("all is well")' }] }, { title: 'Draft' }),
      node(
        'human-review',
        'check',
        {
          title: '{{ input.message }}',
          why: 'Refunds **always** wait. <script>alert(1)</script>',
          assignee: 'Support',
          dueInMinutes: 240,
          context: [{ name: 'What the customer wrote', value: '{{ input.message }}', show: 'quote' }],
          fields: [
            { name: 'reply', label: 'Reply', kind: 'long-text', value: '{{ steps.draft.text }}', required: true },
            { name: 'amount', label: 'Amount', kind: 'number', value: '129', unit: 'EUR' },
          ],
        },
        { title: 'Agent review' },
      ),
      node('output', 'sent', { value: '{{ steps.check.values.reply }}' }, { title: 'Sent' }),
      node('output', 'closed', { value: 'closed' }, { title: 'Closed' }),
    ],
    [
      edge('start', 'draft'),
      edge('draft', 'check'),
      edge('check.approve', 'sent'),
      edge('check.reject', 'closed'),
      edge('check.send_back', 'draft', { back: true }),
    ],
  );

beforeAll(async () => {
  workflowId = (await stage.server.call(createWorkflow, { body: { name: 'Reviewed', graph: graph() } })).id;
});

/** Starts a run that waits for a reviewer. The review's title is the message. */
async function task(message: string): Promise<Review> {
  const run = await stage.server.call(startRun, { params: { id: workflowId }, body: { input: { message } } });
  return until('the review', async () => (await stage.server.call(listReviews, { query: { runId: run.id } })).items[0]);
}
const reply = (page: Page) => page.getByRole('textbox', { name: 'Reply' });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

describe('the inbox', () => {
  it('shows a new review without a reload, keeps the text being edited, and continues the run on approval', async () => {
    const { page, mistakes } = await stage.open('/inbox');
    await page.getByText('No reviews waiting').waitFor();
    const review = await task('Refund for order 4417');
    await page.getByRole('link', { name: /Inbox 1 waiting for you/ }).waitFor();
    await page.getByRole('heading', { name: 'Refund for order 4417' }).waitFor();
    await page.getByText(/^If undecided by/).waitFor();
    await page.getByText('Waiting for you').first().waitFor();
    expect(await page.getByText('<script>alert(1)</script>').count()).toBe(1);

    await reply(page).fill('Dear Ada, we are sorry');
    await page.getByText('1 change to the draft').waitFor();
    await page.reload();
    await eventually(() => reply(page).inputValue()).toBe('Dear Ada, we are sorry');
    await page.getByText('You are editing').waitFor();
    await page.getByRole('switch', { name: 'Show changes' }).click();
    await eventually(() => page.locator('ins').allTextContents()).not.toEqual([]);
    await page.getByRole('switch', { name: 'Show changes' }).click();

    const canvas = await stage.open(`/runs/${review.runId}`);
    await canvas.page.getByText('Waiting for Support').first().waitFor();
    await reply(page).press('Control+Enter');
    await page.getByText('Approve by owner').first().waitFor();
    await canvas.page.locator('[data-canvas]').getByRole('group', { name: 'Sent', exact: true }).getByText('Succeeded').waitFor();
    expect((await readRun(stage.server, review.runId)).output).toBe('Dear Ada, we are sorry');
    expect((await stage.server.call(listCorrections, {})).items).toMatchObject([{ runId: review.runId, changes: [{ field: 'reply' }] }]);
    expect(mistakes).toEqual([]);
  });

  it("tells the second of two reviewers who was first, and keeps the second one's text", async () => {
    const review = await task('Two at once');
    const first = await stage.open(`/inbox?task=${review.id}`);
    const second = await stage.open(`/inbox?task=${review.id}`);
    await button(first.page, 'Your name').click();
    await first.page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await button(first.page, 'Save').click();
    await reply(second.page).fill('My own words');
    await button(first.page, 'Reject').click();
    await second.page.getByText('Reject by Ada').first().waitFor();
    await second.page.getByText('Your edits weren’t sent').waitFor();
    expect(await reply(second.page).inputValue()).toBe('My own words');
    await button(second.page, 'Discard my edits').click();
    await eventually(() => reply(second.page).inputValue()).toBe('Dear Ada, all is well');
  });

  it('sends back with a comment, and shows both rounds', async () => {
    const review = await task('Once more');
    const { page } = await stage.open(`/inbox?task=${review.id}`);
    await button(page, 'Send back').click();
    await page.getByText('Add a comment, or press again').waitFor();
    await page.getByRole('textbox', { name: /Comment/ }).fill('name the order');
    await button(page, 'Send back').click();
    await page.getByRole('link', { name: 'Open round 2' }).click();
    await eventually(() => reply(page).inputValue()).toBe('Dear Ada, name the order');
    await page.getByText('“name the order”').waitFor();
    await page.getByRole('link', { name: 'Round 1' }).click();
    await page.getByText('Send back by owner').first().waitFor();
  });

  it('works by keyboard: J and K move through the list, and a decision opens the next review', async () => {
    await task('Below');
    const { page } = await stage.open('/inbox?tab=all');
    await page.locator('article').first().waitFor();
    const shown = () => page.getByRole('article').getAttribute('aria-label');
    const before = await shown();
    await page.keyboard.press('j');
    await eventually(shown).not.toBe(before);
    await page.keyboard.press('k');
    await eventually(shown).toBe(before);
    await reply(page).press('Control+Enter');
    await eventually(shown).not.toBe(before);
    await button(page, 'Approve').waitFor();
  });
});

describe('a review link', () => {
  it('opens on a phone without deciding anything, and decides on a button press', async () => {
    const review = await task('From a message');
    const { page, mistakes } = await stage.open(new URL(review.link ?? '').pathname, { width: 390, height: 844 });
    await reply(page).waitFor();
    expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Reason for review and history' }).click();
    await page.getByRole('heading', { name: 'History' }).waitFor();
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(390);
    expect((await readRun(stage.server, review.runId)).status).toBe('waiting');
    await button(page, 'Approve').click();
    await page.getByText('Approve by review link').first().waitFor();
    expect(mistakes).toEqual([]);
    const again = await stage.open(new URL(review.link ?? '').pathname);
    await again.page.getByText('Approve by review link').first().waitFor();
    expect(await button(again.page, 'Approve').count()).toBe(0);
  });

  it('says that an invalid link is invalid', async () => {
    const { page } = await stage.open('/r/nothing');
    await page.getByText('Invalid review link', { exact: true }).waitFor();
  });
});

it('axe finds no problems in the inbox and a review, in both color schemes, on a desktop and on a phone', async () => {
  const review = await task('Looked at');
  const { page } = await stage.open(`/inbox?task=${review.id}`);
  await reply(page).fill('Changed');
  const check = async () => {
    expect(await barriersOn(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
  };
  await check();
  await page.setViewportSize({ width: 390, height: 844 });
  await check();
  await page.goto(new URL('/inbox', stage.server.base).href);
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  await check();
});
