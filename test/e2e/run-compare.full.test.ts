import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { useStage } from './stage.ts';

/* What exactly ran: the bill of materials of a run, and two runs compared. */

const stage = useStage();

const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
};

/** A run of v1, and one of v2 with another input. */
async function twoRuns(): Promise<{ first: string; second: string }> {
  const { call } = stage.server;
  const { id } = await call(useTemplate, { params: { slug: 'ticket-triage' } });
  const runs: string[] = [];
  for (const message of ['I was charged twice', 'The app crashes']) {
    const { draft, draftRevision } = await call(getWorkflow, { params: { id } });
    await call(saveDraft, { params: { id }, body: { graph: { ...draft, vars: { ...draft.vars, note: message } }, revision: draftRevision } });
    await call(publishWorkflow, { params: { id } });
    runs.push((await call(startRun, { params: { id }, body: { version: 'live', input: { message, subject: message, ticket: message }, wait: 10_000 } })).id);
  }
  return { first: runs[0] ?? '', second: runs[1] ?? '' };
}

it('compares two selected runs, with what is the same collapsed', async () => {
  const { first, second } = await twoRuns();
  const { page, mistakes } = await stage.open('/runs');
  await page.getByRole('checkbox', { name: `Select run ${second.slice(-6)}` }).check();
  await page.getByText('1 run selected').waitFor();
  await page.getByRole('checkbox', { name: `Select run ${first.slice(-6)}` }).check();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const comparison = page.getByRole('region', { name: 'Comparison of two runs' });
  await comparison.getByRole('region', { name: 'Workflow version' }).getByText('v2,', { exact: false }).waitFor();
  await comparison.getByRole('region', { name: 'Input' }).waitFor();
  expect(await comparison.getByText('Switchyard version').isVisible()).toBe(false);
  await comparison.getByText(/groups are the same/).click();
  await comparison.getByText('Switchyard version').waitFor();
  await picture(page, 'run-compare-light');
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'run-compare-dark');
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await picture(page, 'run-compare-390');
  expect(mistakes).toEqual([]);
});

it('shows the bill of materials of a run, exports it, and compares it with another run', async () => {
  const { first, second } = await twoRuns();
  const { page, mistakes } = await stage.open(`/runs?run=${second}`);
  const detail = page.getByRole('complementary', { name: 'Run' });
  await detail.getByRole('tab', { name: 'Materials' }).click();
  const bill = detail.getByRole('region', { name: 'Bill of materials' });
  await bill.getByText('Workflow version').waitFor();
  await picture(page, 'bill-light');
  const download = page.waitForEvent('download');
  await bill.getByRole('link', { name: 'Export as JSON' }).click();
  expect((await download).suggestedFilename()).toBe(`bill-of-materials-${second}.json`);
  await bill.getByRole('button', { name: 'Compare with…' }).click();
  await page.getByRole('menuitem', { name: new RegExp(first.slice(-6)) }).click();
  await page.getByRole('region', { name: 'Comparison of two runs' }).getByText('groups differ', { exact: false }).waitFor();
  expect(mistakes).toEqual([]);
});
