import { readFile } from 'node:fs/promises';
import { createErasure } from '@switchyard/shared/contracts/policies.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended } from '../kit/runs.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

/** Checks for accessibility violations in both color schemes, and that nothing is wider than a phone. */
async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

it('says whether a run was changed, and offers its evidence as a file', async () => {
  const { id: workflowId } = await publishedWorkflow(stage.server, echoGraph());
  const { id } = await stage.server.call(startRun, { params: { id: workflowId }, body: { input: { message: 'Hello' }, labels: { customer: 'jane' } } });
  await ended(stage.server, id);
  const { page, mistakes } = await stage.open(`/runs/${id}`);
  const evidence = page.getByRole('button', { name: 'Evidence' });
  await evidence.click();
  const panel = page.getByRole('dialog', { name: 'Evidence' });
  await panel.getByText('Everything that was recorded about this run is there').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), panel.getByRole('link', { name: 'Download evidence' }).click()]);
  expect(download.suggestedFilename()).toBe(`${id}.json`);
  expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toMatchObject({ format: 'switchyard/evidence@1', runId: id });
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await stage.server.call(createErasure, { body: { label: 'customer', value: 'jane' } });
  await evidence.click();
  await panel.getByText('Unchanged, but incomplete').waitFor();
  await panel.getByText('The run’s input was removed.').waitFor();
  await expectSound(page);
  expect(mistakes).toEqual([]);
});

it('sends daily heads to a URL, and shows stored data in all and by workflow', async () => {
  const { page, mistakes } = await stage.open('/settings');
  const url = page.getByRole('textbox', { name: 'Send each head to' });
  await page.getByText('No daily head yet.').waitFor();
  await url.fill('nowhere');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('must be a URL').waitFor();
  await url.fill('https://example.com/heads');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'New signing secret' }).click();
  await eventually(() => page.getByRole('textbox', { name: 'Signing secret' }).inputValue()).toMatch(/^whsec_/);
  await page.getByRole('link', { name: 'Open the data inventory' }).click();
  await page.getByRole('heading', { name: 'Run journals' }).waitFor();
  await page.getByText('payloads 90 days, journals 400 days, runs always').first().waitFor();
  await expectSound(page);
  // The URL that was refused.
  expect(mistakes.filter((mistake) => !mistake.includes('400'))).toEqual([]);
});
