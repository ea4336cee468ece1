import { createPrompt } from '@switchyard/shared/contracts/prompts.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { begin, ended } from '../kit/runs.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

const VARIABLES = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] };

/** A prompt with a run and a sample input of a workflow that uses it. */
async function promptInUse(name: string): Promise<void> {
  await stage.server.call(createPrompt, { body: { name, messages: [{ role: 'user', content: 'Reply to {{ message }}' }], variables: VARIABLES } });
  const graph = graphOf(
    [
      node('input', 'start', { schema: {}, samples: [{ name: 'Angry', value: { message: 'This is the third time!' } }] }),
      node('prompt', 'ask', { route: 'fast', prompt: { name, version: 1 }, variables: { message: '{{ input.message }}' } }),
    ],
    [edge('start', 'ask')],
  );
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Support', graph } });
  await ended(stage.server, (await begin(stage.server, id, 'Where is my order?')).id);
}

const dialogOn = (page: Page) => page.getByRole('dialog', { name: 'Add samples' });

it('adds samples from a run and a sample input to Try, and names one', async () => {
  await promptInUse('sampled');
  const { page, mistakes } = await stage.open('/prompts?prompt=sampled');
  const panel = page.getByRole('region', { name: 'Try', exact: true });
  await panel.getByRole('button', { name: 'Find samples' }).click();
  const dialog = dialogOn(page);
  await dialog.getByText(/^Support, run \w{6}/).waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await dialog.getByRole('checkbox', { name: 'Select all' }).click();
  await dialog.getByRole('button', { name: 'Add 2 samples' }).click();
  const select = panel.getByRole('combobox', { name: 'Sample' });
  await eventually(() => select.inputValue()).toBe('Where is my order?');
  await panel.getByRole('textbox', { name: 'Sample name' }).fill('Late order');
  await eventually(() => select.inputValue()).toBe('Late order');
  await select.click();
  await page.getByRole('option', { name: 'Angry' }).click();
  await eventually(() => panel.getByRole('textbox', { name: 'message' }).inputValue()).toBe('This is the third time!');

  await panel.getByRole('button', { name: 'Find samples' }).click();
  await dialog.getByText('already a sample').first().waitFor();
  expect(await dialog.getByRole('checkbox', { name: 'Select all' }).isDisabled()).toBe(true);
  expect(mistakes).toEqual([]);
});

it('adds samples to a comparison, and says what to do if there are none', async () => {
  await promptInUse('compared');
  const { page, mistakes } = await stage.open('/prompts?prompt=compared&compare=1@fast');
  const answers = page.getByRole('region', { name: 'Answers' });
  await answers.getByRole('button', { name: 'Find samples' }).click();
  await dialogOn(page)
    .getByRole('checkbox', { name: /Angry|This is the third time/ })
    .click();
  await dialogOn(page).getByRole('button', { name: 'Add sample' }).click();
  await answers.getByText('This is the third time!').waitFor();

  await stage.server.call(createPrompt, { body: { name: 'unused', messages: [{ role: 'user', content: 'Hi {{ message }}' }], variables: VARIABLES } });
  await page.goto(new URL('/prompts?prompt=unused', page.url()).href);
  await page.getByRole('button', { name: 'Find samples' }).click();
  await dialogOn(page).getByText('No samples found').waitFor();
  expect(mistakes).toEqual([]);
});
