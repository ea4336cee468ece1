import { listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { eventually, useStage } from './stage.ts';

/* All failed runs of a filter, rerun after an outage. */

const stage = useStage();
const FAILED = 12;

it('reruns all failed runs of a filter, with the count first, and once only', async () => {
  const { call } = stage.server;
  const { id } = await call(createWorkflow, { body: { name: 'Order lookup', graph: requestGraph('http://127.0.0.1:9/orders') } });
  for (let n = 0; n < FAILED; n++) await call(startRun, { params: { id }, body: { input: { message: `order ${n}` }, wait: 20_000 } });
  const { page, mistakes } = await stage.open(`/runs?workflow=${id}`);
  await page.getByText('Order lookup').first().waitFor();
  const strip = page.getByLabel('Rerun failed runs');
  expect(await strip.count()).toBe(0);

  await page.getByRole('button', { name: 'Status: Any status' }).click();
  await page.getByRole('menuitem', { name: 'Failed' }).click();
  await strip.getByText(`${FAILED} failed runs in this list`).waitFor();
  await strip.getByRole('button', { name: 'Rerun all…' }).click();
  await strip.getByRole('textbox', { name: 'Reason' }).fill('The shop was down');
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/rerun-light.png` });
  expect(await barriersOn(page)).toEqual([]);
  await strip.getByRole('button', { name: `Rerun ${FAILED} failed runs` }).click();
  await strip.getByText(`${FAILED} reruns started.`).waitFor();
  const reruns = async () => (await call(listRuns, { query: { workflowId: id, trigger: 'rerun', limit: 100 } })).items;
  expect(new Set((await reruns()).map(({ rerunOf }) => rerunOf)).size).toBe(FAILED);
  await eventually(async () => (await reruns()).every(({ status }) => status === 'failed')).toBe(true);

  // The reruns failed too. They can be rerun in turn, the first runs not again.
  await strip.getByRole('button', { name: 'Dismiss' }).click();
  await strip.getByText(`${FAILED} failed runs in this list`).waitFor();
  const held = Promise.withResolvers<void>();
  await page.route('**/api/reruns', async (route) => {
    await held.promise;
    await route.continue();
  });
  await strip.getByRole('button', { name: 'Rerun all…' }).click();
  await strip.getByRole('button', { name: `Rerun ${FAILED} failed runs` }).click();
  await strip.getByText(`Starting reruns: 0 of ${FAILED}`).waitFor();
  await strip.getByRole('button', { name: 'Cancel' }).click();
  held.resolve();
  await strip.getByText(`Canceled after 10 of ${FAILED}: 10 reruns started.`).waitFor();
  expect((await reruns()).length).toBe(FAILED + 10);

  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/rerun-390-dark.png` });
  await eventually(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  expect(mistakes).toEqual([]);
});
