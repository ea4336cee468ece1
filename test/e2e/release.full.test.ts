import { getRelease, putRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { until } from '../kit/until.ts';
import { editorOn } from './editor.ts';
import { useStage } from './stage.ts';

/* A release: published for a percentage, watched, promoted; and one that goes back automatically. */

const stage = useStage();

async function edit(id: string, value: string): Promise<void> {
  const { draftRevision } = await stage.server.call(getWorkflow, { params: { id } });
  await stage.server.call(saveDraft, { params: { id }, body: { graph: echoGraph(value), revision: draftRevision } });
}

async function post(url: string, from: number, count: number): Promise<void> {
  for (let index = from; index < from + count; index++)
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: `customer ${index}` }) });
}

async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
}

it('a version is published for 10 percent, watched with its ranges, and promoted by one step', async () => {
  const { id, url } = await publishedWorkflow(stage.server, echoGraph('one'));
  await post(url, 0, 50);
  await edit(id, 'two');
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  await editorOn(page);
  await page.getByRole('button', { name: 'Publish v2' }).click();
  const form = page.getByRole('form', { name: 'Publish' });
  await form.getByText('10% first').click();
  await form.getByRole('button', { name: 'Publish v2' }).click();
  await page.getByRole('link', { name: 'v2 takes 10%' }).click();
  await page.getByRole('heading', { name: 'Release', exact: true }).waitFor();
  const { canary } = await stage.server.call(getRelease, { params: { id } });
  expect(canary).toBe(2);
  await stage.server.call(putRelease, {
    params: { id },
    body: {
      versions: [
        { version: 1, weight: 50 },
        { version: 2, weight: 50 },
      ],
      sticky: '{{ trigger.body.message }}',
      watch: { minRuns: 10 },
    },
  });
  await post(url, 0, 60);
  const measures = page.getByRole('region', { name: 'Measures' });
  await measures.getByRole('heading', { name: 'v2 is no worse so far' }).waitFor();
  await measures.getByRole('img', { name: /^Failed: .* pt, range/ }).waitFor();
  expect(await page.getByText(/reaches \d+ of \d+ customers/).count()).toBe(1);
  expect(await barriersOn(page)).toEqual([]);
  await page.getByRole('button', { name: 'Promote to 100%' }).click();
  await page.getByRole('heading', { name: 'v2 takes all live runs' }).waitFor();
  await page.getByRole('region', { name: 'History' }).getByText('v2 promoted to 100%').waitFor();
  expect(mistakes).toEqual([]);
});

it('a rollback is shown with the figures that decided, and rules are changed in a dialog', async () => {
  const { id, url } = await publishedWorkflow(stage.server, echoGraph('one'));
  await edit(id, '{{ input.missing.deep }}');
  await stage.server.call(publishWorkflow, { params: { id }, body: { release: 50 } });
  for (let sent = 0; sent < 400 && (await stage.server.call(getRelease, { params: { id } })).canary !== null; sent += 20) await post(url, sent, 20);
  await until('the rollback', async () => (await stage.server.call(getRelease, { params: { id } })).canary === null);
  const { page, mistakes } = await stage.open(`/workflows/${id}/release`, { width: 390, height: 844, scheme: 'dark' });
  const history = page.getByRole('region', { name: 'History' });
  await history.getByText('v2 rolled back automatically').waitFor();
  await history.getByRole('img', { name: /Failed: 100.0% against 0.0% on v1/ }).waitFor();
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.getByRole('button', { name: 'Change rules' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rules of releases' });
  await dialog.getByLabel('Sticky key').fill('{{ input.message }}');
  await dialog.getByRole('button', { name: 'Save rules' }).click();
  await dialog.getByRole('alert').getByText('can only use trigger and labels').waitFor();
  await dialog.getByLabel('Sticky key').fill('{{ trigger.body.message }}');
  await dialog.getByRole('button', { name: 'Save rules' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect((await stage.server.call(getRelease, { params: { id } })).sticky).toBe('{{ trigger.body.message }}');
  expect(mistakes).toEqual(['Failed to load resource: the server responded with a status of 400 (Bad Request)']);
});

it('a shadow is started in a dialog, counts how its runs differ, and opens them beside the live runs', async () => {
  const { id, url } = await publishedWorkflow(stage.server, echoGraph('You said {{ input.message }} to us'));
  await edit(id, '{{ input.message == "customer 1" ? "You said customer 1 to us" : "It was said before by you" }}');
  await stage.server.call(publishWorkflow, { params: { id }, body: { release: 'hold' } });
  const { page, mistakes } = await stage.open(`/workflows/${id}/release`);
  const shadow = page.getByRole('region', { name: 'Shadow' });
  await shadow.getByRole('button', { name: 'Start a shadow' }).click();
  const dialog = page.getByRole('dialog', { name: 'Start a shadow' });
  await dialog.getByLabel('Share of live inputs').fill('100');
  expect(await barriersOn(page)).toEqual([]);
  await picture(page, 'shadow-form');
  await dialog.getByRole('button', { name: 'Start shadow' }).click();
  await shadow.getByRole('heading', { name: 'v2 runs in shadow on 100% of live inputs' }).waitFor();
  await post(url, 0, 3);
  const counts = shadow.getByRole('list', { name: 'How its runs differ' });
  await counts.getByText('2 different words').waitFor();
  await counts.getByText('1 same').waitFor();
  await page.getByRole('region', { name: 'History' }).getByText('v2 runs in shadow on 100% of live inputs').waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await picture(page, 'shadow-light');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await shadow.scrollIntoViewIfNeeded();
  await picture(page, 'shadow-390-dark');
  await shadow
    .getByRole('link', { name: /^Shadow run of/ })
    .first()
    .click();
  await page.getByRole('link', { name: /^Shadow of run/ }).waitFor();
  await page.goBack();
  await shadow.getByRole('link', { name: 'Show on the canvas' }).click();
  await page.getByRole('heading', { name: 'v2 in shadow' }).waitFor();
  await page.getByRole('button', { name: 'End shadow' }).click();
  await page.getByRole('link', { name: 'Open release' }).click();
  await shadow.getByRole('heading', { name: 'v2 ran in shadow' }).waitFor();
  expect(mistakes).toEqual([]);
});

it('a panel that is opened while a version is published stays open', async () => {
  const { id } = await publishedWorkflow(stage.server, echoGraph('one'));
  await edit(id, 'two');
  const { page } = await stage.open(`/workflows/${id}`);
  await editorOn(page);
  const gate = Promise.withResolvers<void>();
  await page.route('**/publish', async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Publish v2' }).click();
  await page.getByRole('form', { name: 'Publish' }).getByRole('button', { name: 'Publish v2' }).click();
  await page.getByRole('button', { name: 'Webhook', exact: true }).click();
  gate.resolve();
  await page.getByText('v2 is live').waitFor();
  expect(await page.locator('[data-side-panel]').getAttribute('data-side-panel')).toBe('webhook');
});
