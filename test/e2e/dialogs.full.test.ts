import { useTemplate } from '@switchyard/shared/contracts/templates.ts';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { useStage } from './stage.ts';

/* axe finds no problems in overlays, or on pages whose URL does not exist. */

const stage = useStage();
const PHONE = { width: 390, height: 844 };

beforeAll(() => stage.server.call(useTemplate, { params: { slug: 'ticket-triage' } }));

/** Overlays are outside the page's landmarks on purpose, so that rule is off. */
async function expectNoBarriers(page: Page): Promise<void> {
  expect(await barriersOn(page, { without: ['region'] })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

it('the palette, with and without results', async () => {
  const { page } = await stage.open('/workflows');
  await page.getByRole('link', { name: 'Ticket triage' }).waitFor();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  await palette.getByRole('option', { name: 'Inbox' }).waitFor();
  await expectNoBarriers(page);
  await palette.getByRole('combobox').fill('no such thing');
  await palette.getByText('No results').waitFor();
  await expectNoBarriers(page);
});

it("a workflow's menu, opened by keyboard with the first item focused", async () => {
  const { page } = await stage.open('/workflows');
  await page.getByRole('button', { name: 'More actions for Ticket triage' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Rename');
  await expectNoBarriers(page);
});

it('a template preview', async () => {
  const { page } = await stage.open('/templates');
  await page.getByRole('button', { name: 'Preview Support chatbot routing' }).first().click();
  await page.getByRole('dialog').getByText('Try it').waitFor();
  await expectNoBarriers(page);
});

it('an invalid review link', async () => {
  const { page } = await stage.open('/r/nothing-like-it', PHONE);
  await page.getByRole('heading', { level: 1, name: 'Invalid review link' }).waitFor();
  await expectNoBarriers(page);
});

it('a missing review, with a link back on a phone', async () => {
  const { page } = await stage.open('/inbox?task=nothing-like-it', PHONE);
  await page.getByRole('heading', { level: 1, name: 'Review not found' }).waitFor();
  await expectNoBarriers(page);
  await page.getByRole('button', { name: 'Back to list' }).click();
  await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
});
