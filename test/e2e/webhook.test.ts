import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage({ demoDelayMs: 300 });

async function openTriage(): Promise<Page> {
  const { page } = await stage.open('/templates');
  await page.getByRole('heading', { name: 'Ticket triage' }).hover();
  await page.getByRole('button', { name: 'Use template Ticket triage' }).click();
  await page.waitForURL('**/workflows/*');
  return page;
}

/** Calls a URL as `curl -d` does: JSON under the content type of a form. */
const curl = (url: string, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });

const shownIn = (page: Page, label: string): Promise<string> => page.getByRole('textbox', { name: label }).inputValue();

it('receives a test request, plays its run on the canvas, and uses it as a sample and a schema', async () => {
  const page = await openTriage();
  const editor = await editorOn(page);
  await page.getByRole('button', { name: 'Webhook' }).click();
  const panel = page.getByRole('region', { name: 'Webhook' });
  await panel.getByText(/Waiting for a test request/).waitFor();
  const reply = await curl(await shownIn(page, 'Test URL'), '{"message": "How do I export my report?", "shop": "Berlin"}');
  expect(reply.status).toBe(200);
  await panel.getByText(/received/).waitFor();
  await panel.getByText('"Berlin"').waitFor();
  await editor.step('How-to reply').getByText('Succeeded').waitFor();
  await editor.step('Bug reply').getByText('Skipped').waitFor();

  await panel.getByRole('button', { name: 'Use as sample input' }).click();
  await panel.getByRole('button', { name: 'Infer schema' }).click();
  await editor.saved();
  await panel.getByRole('button', { name: 'Close the webhook panel' }).click();
  await editor.openStep('Ticket');
  await editor.inspector.getByText('shop').first().waitFor();
});

it('responds on the live URL once published, and lists the run with each of its steps', async () => {
  const page = await openTriage();
  const editor = await editorOn(page);
  await page.getByRole('button', { name: 'Webhook' }).click();
  const url = await shownIn(page, 'Live URL');
  expect((await curl(url, '{}')).status).toBe(404);
  await page.getByRole('button', { name: 'Publish v1' }).first().click();
  await page.getByRole('complementary', { name: 'Versions' }).getByRole('button', { name: 'Publish v1' }).click();
  await page.getByRole('main').getByText('v1 is live').waitFor();

  const reply = await curl(url, '{"message": "The app crashes when I upload a photo"}');
  expect(reply.status).toBe(200);
  expect(await reply.json()).toMatchObject({ type: 'bug', team: 'App team' });
  const refused = await curl(url, '{"message": 7, "createdAt": "yesterday"}');
  expect(refused.status).toBe(400);
  expect(((await refused.json()) as { errors: { path: string }[] }).errors.map((error) => error.path)).toContain('createdAt');

  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Runs' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Webhook' }).first();
  await row.click();
  const detail = page.getByRole('complementary', { name: 'Run' });
  await detail.getByText('Bug reply').first().waitFor();
  await detail.getByRole('link', { name: 'View this run’s graph on the canvas' }).waitFor();
  await row.getByRole('link', { name: /^Ticket triage( 2)?$/ }).click();
  await page.waitForURL('**/runs/*');
  const frozen = await editorOn(page);
  await frozen.step('Bug reply').getByText('Succeeded').waitFor();
  await frozen.step('Bug reply').click({ position: { x: 60, y: 22 } });
  const step = page.getByRole('complementary', { name: /Bug reply/ });
  await step
    .getByText(/The app crashes when I upload a photo/)
    .first()
    .waitFor();
  await step.getByText('demo, free').first().waitFor();
  await step
    .getByText(/tokens/)
    .first()
    .waitFor();

  const slider = page.getByRole('slider', { name: 'Position in run' });
  await slider.focus();
  await page.keyboard.press('Home');
  await eventually(() => frozen.step('Bug reply').getByText('Succeeded').count()).toBe(0);
  await page.keyboard.press('End');
  await frozen.step('Bug reply').getByText('Succeeded').waitFor();
  expect(editor.page).toBe(page);
});
