import { createAlertRule } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { getInsight } from '@switchyard/shared/contracts/insight/insight.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { echoGraph, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { ended } from '../kit/runs.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();
const PHONE = { width: 390, height: 844, scheme: 'dark' } as const;

/** The page has no accessibility violations in either color scheme, and nothing is wider than the window. */
async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

it('teaches what belongs here before the first live run, and says when figures can’t be loaded', async () => {
  const { page, mistakes } = await stage.open('/insight');
  await page.getByRole('heading', { name: 'No live runs in this range' }).waitFor();
  await expectSound(page);
  expect(mistakes).toEqual([]);
  await page.route('**/api/insight/overview*', (route) => route.abort());
  await page.reload();
  await page.getByRole('heading', { name: 'Couldn’t load figures' }).waitFor();
  await page.unroute('**/api/insight/overview*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'No live runs in this range' }).waitFor();
});

it('shows runs on one time axis with their rates, reviewers, and time saved', async () => {
  const { id } = await publishedWorkflow(stage.server, reviewGraph());
  for (const decision of ['approve', 'reject']) {
    const run = await stage.server.call(startRun, { params: { id }, body: { input: { message: 'Hi' }, version: 'live' } });
    const task = await openTask(stage.server, run.id);
    await stage.server.call(decideReview, { params: { id: task.id }, body: { decision, reviewer: 'Mira' } });
  }
  await eventually(async () => (await stage.server.call(getInsight, {})).total.runs).toBe(2);

  const { page, mistakes } = await stage.open('/insight');
  const runs = page.getByRole('region', { name: 'Runs' });
  await runs.getByText('2', { exact: true }).first().waitFor();
  await runs.getByRole('img', { name: 'Runs per day. Total: 2 runs, 0 automatically, 2 with a person, 0 failed.' }).waitFor();
  await page.getByText('v1 live').waitFor();
  await page.getByRole('region', { name: 'Succeeded' }).getByText('Too few to tell:').waitFor();
  await page.getByRole('region', { name: 'Reviewers' }).getByText('Mira').waitFor();

  const saved = page.getByRole('region', { name: 'Time saved' });
  await saved.getByRole('button', { name: 'Set baseline' }).first().click();
  await page.getByLabel('Time per case').fill('10');
  await page.getByLabel('Time per review').fill('2');
  await page.getByRole('button', { name: 'Save baseline' }).click();
  await saved.getByText('16 min').waitFor();
  await expectSound(page);

  await page.getByText('People', { exact: true }).click();
  await page.getByRole('row', { name: /^Mira 0 – 2/ }).waitFor();
  await expectSound(page);
  await page.getByText('Quality', { exact: true }).click();
  await page.getByRole('row', { name: /^A workflow 2/ }).waitFor();
  await page.getByText('Exceptions', { exact: true }).click();
  await page.getByRole('heading', { name: 'No exception paths in this range' }).waitFor();
  expect(page.url()).toContain('view=exceptions');
  expect(mistakes).toEqual([]);

  const phone = await stage.open('/insight', PHONE);
  await phone.page.getByRole('region', { name: 'Runs' }).waitFor();
  await expectSound(phone.page);
  expect(phone.mistakes).toEqual([]);
});

it('opens an alert by a rule, shows it in one line, and keeps it in the history', async () => {
  const { id } = await publishedWorkflow(stage.server, echoGraph());
  const run = await stage.server.call(startRun, { params: { id }, body: { input: { message: 'Hi' }, version: 'live' } });
  await ended(stage.server, run.id);
  const slow = { metric: 'p95', scope: { workflowId: id }, threshold: 6_000, channel: { kind: 'webhook', url: 'http://127.0.0.1:9/x' } } as const;
  await eventually(async () => (await stage.server.call(getInsight, { query: { workflowId: id } })).total.runs).toBe(1);

  const { page, mistakes } = await stage.open(`/insight?workflow=${id}`);
  await page.getByRole('button', { name: 'Alerts' }).click();
  await page.getByRole('heading', { name: 'No alert rules yet' }).waitFor();
  await page.getByRole('button', { name: 'New rule' }).click();
  const form = page.getByRole('dialog', { name: 'New alert rule' });
  await form.getByRole('combobox', { name: 'Metric' }).click();
  await page.getByRole('option', { name: 'Runs', exact: true }).click();
  await form.getByRole('button', { name: 'Create rule' }).click();
  await form.getByText('Enter a number.').waitFor();
  await form.getByLabel('Threshold').fill('0');
  await form.getByText('Slack').click();
  await form.getByLabel('URL').fill('http://127.0.0.1:9/x');
  await form.getByLabel('Channel name').fill('#support-ops');
  expect(await barriersOn(page)).toEqual([]);
  await form.getByRole('button', { name: 'Create rule' }).click();
  await page.getByRole('heading', { name: 'Runs over 0', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Alerts 1 open' }).waitFor();
  await page.getByRole('row', { name: /^Runs over 0 .* Open/ }).waitFor();
  await stage.server.call(createAlertRule, { body: slow });
  await expectSound(page);

  await page.getByText('Overview', { exact: true }).click();
  const line = page.getByRole('list', { name: 'Open alerts' });
  await line.getByText('1 in the last hour').waitFor();
  await line.getByRole('button', { name: 'Quiet for 1 h' }).click();
  await line.getByText('Quiet until').waitFor();
  await page.getByText('alert over 6.0 s').waitFor();
  await expectSound(page);
  const phone = await stage.open('/insight?view=alerts', PHONE);
  await phone.page.getByRole('heading', { name: 'Runs over 0', exact: true }).waitFor();
  await expectSound(phone.page);

  await page.getByRole('button', { name: 'Alerts 1 open' }).click();
  await page.getByRole('button', { name: 'Delete Runs over 0' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('row', { name: /^Runs over 0 .* Rule deleted/ }).waitFor();
  expect([mistakes, phone.mistakes]).toEqual([[], []]);
});
