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

it('lets a person grade what waits, by button and key, and opens the panel that publishes a draft that won', async () => {
  const { server } = stage;
  const { id: workflowId, draftRevision: revision } = await server.call(createWorkflow, { body: { name: 'Better adder', graph: sum('input.n + 2') } });
  await server.call(publishWorkflow, { params: { id: workflowId } });
  await server.call(saveDraft, { params: { id: workflowId }, body: { graph: sum('input.n + 1'), revision } });
  const datasetId = await datasetOf(
    server,
    Array.from({ length: 24 }, (_, n) => ({ input: { n, message: `Add to ${n}` }, expected: n + 1 })),
  );
  const experiment = async (name: string, version: 'draft' | 1, graders: ({ kind: 'exact' } | { kind: 'person'; instructions: string })[]) => {
    const subject = { kind: 'workflow' as const, workflowId, version };
    const { id } = await server.call(createExperiment, { body: { name, subject, datasetId, graders } });
    await whenExperiment(server, id, 'finished');
    return id;
  };
  const judged = await experiment('By people', 'draft', [{ kind: 'person', instructions: 'Is it one more?' }]);
  await experiment('Live', 1, [{ kind: 'exact' }]);
  const won = await experiment('Draft', 'draft', [{ kind: 'exact' }]);

  const { page, mistakes } = await stage.open(`/evaluate/experiments/${judged}`);
  const strip = page.getByRole('region', { name: 'Grades by people' });
  await strip.getByText('24 items wait for a person’s grade').waitFor();
  await strip.getByRole('button', { name: 'Grade' }).click();
  await page.getByRole('region', { name: 'Item 1', exact: true }).getByText('Is it one more?').waitFor();
  await expectSound(page);
  await page.keyboard.press('p');
  const second = page.getByRole('region', { name: 'Item 2', exact: true });
  await second.getByRole('textbox', { name: 'Reason' }).fill('Off by one');
  await second.getByRole('button', { name: /^Fail/ }).click();
  await page.getByRole('region', { name: 'Item 3', exact: true }).waitFor();
  await strip.getByText('22 items wait for a person’s grade').waitFor();

  await page.goto(new URL(`/evaluate/experiments/${won}`, page.url()).href);
  await page.getByRole('heading', { name: 'The draft is better: it passes 24 more of 24 items' }).waitFor();
  await page.getByRole('link', { name: 'Publish draft' }).click();
  await page.getByRole('textbox', { name: /note/i }).waitFor();
  expect(new URL(page.url()).hash).toBe('');
  expect(mistakes).toEqual([]);
});
