import { listDatasets } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { listFeedback } from '@switchyard/shared/contracts/evaluation/feedback.ts';
import { listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

/** A model drafts a reply, and a person reviews it. */
const graph = () =>
  graphOf(
    [
      messageInput(),
      node('prompt', 'draft', { message: '{{ input.message }}', route: 'fast' }, { title: 'Draft a reply' }),
      node('human-review', 'check', {
        title: 'Reply to Ada',
        decisions: [{ id: 'approve', title: 'Approve' }],
        fields: [{ name: 'reply', label: 'Reply', kind: 'long-text', value: '{{ steps.draft.text }}', required: true }],
      }),
      node('output', 'sent', { value: '{{ steps.check.values.reply }}' }),
    ],
    [edge('start', 'draft'), edge('draft', 'check'), edge('check.approve', 'sent')],
  );

it('an edit in the inbox becomes a correction with its likely cause, which is confirmed and made a dataset item', async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Replies', graph: graph() } });
  const run = await stage.server.call(startRun, { params: { id }, body: { input: { message: 'Where is my refund?' } } });
  const { page, mistakes } = await stage.open('/inbox');
  await page.getByRole('button', { name: 'This case is different' }).click();
  await page.locator('form[aria-label="This case is different"] input').first().fill('Refund by hand');
  await page.getByRole('button', { name: 'Note case' }).click();
  await page.getByText('Noted as “Refund by hand”').waitFor();
  await page.getByRole('textbox', { name: 'Reply' }).fill('You get 129.00 EUR within five working days.');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('“Approve” recorded').first().waitFor();

  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page.getByRole('link', { name: 'Corrections' }).click();
  const detail = page.getByRole('article', { name: 'Reply to Ada' });
  await detail.getByText('Rule 5.').waitFor();
  await detail.getByText(/The reviewer added “129.00” and “five”/).waitFor();
  await detail.getByText('Draft a reply').waitFor();
  await page.getByText('likely data').waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await detail.getByRole('button', { name: 'Confirm', exact: true }).click();
  await detail.getByText(/Confirmed by owner/).waitFor();
  await detail.getByRole('button', { name: 'Add to dataset' }).click();
  await page.getByText('Item added to “Replies corrections”').waitFor();
  expect((await stage.server.call(listDatasets, {})).items).toMatchObject([{ name: 'Replies corrections', items: 1 }]);

  await page.getByRole('button', { name: 'For tuning' }).click();
  const tuning = page.getByRole('dialog', { name: 'Export for fine-tuning' });
  expect(await tuning.getByRole('button', { name: 'Export corrections' }).isDisabled()).toBe(true);
  await tuning.getByRole('checkbox', { name: 'The people in this data consented to training' }).check();
  const [download] = await Promise.all([page.waitForEvent('download'), tuning.getByRole('link', { name: 'Export corrections' }).click()]);
  expect(download.suggestedFilename()).toBe('corrections.jsonl');

  await page.getByRole('button', { name: /Different cases/ }).click();
  await page.getByRole('region', { name: 'Different cases' }).getByText('Refund by hand').waitFor();
  await page.goto(new URL(`/runs/${run.id}`, stage.server.base).href);
  await page.getByRole('tab', { name: 'Feedback' }).click();
  await page.getByRole('button', { name: 'Good outcome' }).click();
  await page.getByRole('button', { name: 'Save feedback' }).click();
  await page.getByText(/credited to draft/).waitFor();
  expect(mistakes).toEqual([]);
});

it('a visitor of a chat says whether an answer was good, and sees it again', async () => {
  const { id } = await publishedWorkflow(stage.server, echoGraph('{{ input.message }}'));
  const { url } = await stage.server.call(createTrigger, { params: { id }, body: { kind: 'chat' } });
  const { page, mistakes } = await stage.open(new URL(url ?? '').pathname);
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello');
  await page.getByRole('button', { name: 'Send' }).click();
  const bad = page.getByRole('button', { name: 'Bad answer' });
  await bad.click();
  await page.getByText('Thanks for the feedback.').waitFor();
  await page.reload();
  await eventually(() => bad.getAttribute('aria-pressed')).toBe('true');
  const { items } = await stage.server.call(listRuns, { query: { workflowId: id } });
  expect((await stage.server.call(listFeedback, { params: { id: items[0]?.id ?? '' } })).items).toMatchObject([{ score: 0, via: 'link', version: 1 }]);
  expect(mistakes).toEqual([]);
});
