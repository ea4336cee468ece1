import { createExperiment } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { createWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { datasetOf, whenExperiment } from '../kit/experiments.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { useStage } from './stage.ts';

const stage = useStage();

const sum = (value: string) =>
  graphOf(
    [
      node('input', 'start', { schema: {}, samples: [] }),
      node('transform', 'sum', { fields: [{ name: 'value', value }] }),
      node('output', 'reply', { value: '{{ steps.sum.value }}' }),
    ],
    [edge('start', 'sum'), edge('sum', 'reply')],
  );

async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

it('runs an experiment, says which version is better, and opens the worst item as a run', async () => {
  const { server } = stage;
  const { id: workflowId, draftRevision: revision } = await server.call(createWorkflow, { body: { name: 'Adder', graph: sum('input.n + 1') } });
  await server.call(publishWorkflow, { params: { id: workflowId } });
  await server.call(saveDraft, { params: { id: workflowId }, body: { graph: sum('input.n + (input.n < 15 ? 1 : 2)'), revision } });
  const datasetId = await datasetOf(
    server,
    Array.from({ length: 30 }, (_, n) => ({ input: { n, message: `Add to ${n}` }, expected: n + 1, tags: ['plain'] })),
  );
  const subject = { kind: 'workflow' as const, workflowId, version: 1 };
  const { id } = await server.call(createExperiment, { body: { name: 'Live', subject, datasetId, graders: [{ kind: 'exact' }] } });
  await whenExperiment(server, id, 'finished');

  const { page, mistakes } = await stage.open('/evaluate/experiments');
  await page.getByRole('link', { name: 'Live' }).waitFor();
  await page.getByRole('button', { name: 'New experiment' }).click();
  const dialog = page.getByRole('dialog', { name: 'New experiment' });
  // Starts with the settings of the latest one.
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Draft against live');
  await expectSound(page);
  await dialog.getByRole('button', { name: 'Run experiment' }).click();

  await page.getByRole('heading', { name: 'The draft is worse: it passes 15 fewer of 30 items' }).waitFor();
  await page.getByText('The 95% confidence interval stays below 0').waitFor();
  await page.getByRole('row', { name: /Passed 100.0% 50.0%.*−50.0 pt.*worse/ }).waitFor();
  await page.getByRole('button', { name: '15 worse', exact: true }).click();
  await page.getByRole('button', { name: /Add to 15 Expected 16, got 17/ }).click();
  const item = page.getByRole('region', { name: 'Item 16' });
  await item.getByText('Expected 16, got 17').waitFor();
  await expectSound(page);
  await item.getByRole('button', { name: 'Next item' }).click();
  await page.getByRole('region', { name: 'Item 17' }).getByRole('link', { name: 'Draft run on canvas' }).click();
  await page.waitForURL(/\/runs\/run_/);
  await page.goBack();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('region', { name: 'Item 17' }).getByRole('button', { name: 'Close item' }).click();
  await page.getByRole('heading', { name: /The draft is worse/ }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  expect(mistakes).toEqual([]);
});
