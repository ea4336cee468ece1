import { createPrompt, createPromptVersion, getPrompt } from '@switchyard/shared/contracts/prompts.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { useStage } from './stage.ts';

const stage = useStage({ demoDelayMs: 600 });

/** The page has no accessibility violations in either color scheme. */
async function expectNoBarriers(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

const VARIABLES = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] };
const saying = (text: string) => ({ messages: [{ role: 'user' as const, content: `${text}: {{ message }}` }], variables: VARIABLES });

/** A server with two routes to a fake provider and a prompt with one version. */
async function promptWithRoutes(name: string): Promise<FakeProvider> {
  const fake = await startFakeProvider();
  await routeTo(stage.server, `${name}-a`, fakeTarget(fake));
  await routeTo(stage.server, `${name}-b`, fakeTarget(fake, { model: 'fake-large' }));
  await stage.server.call(createPrompt, { body: { name, ...saying('Reply to') } });
  return fake;
}

const tryPanel = (page: Page) => page.getByRole('region', { name: 'Try', exact: true });
async function chooseRoutes(page: Page, ...names: string[]): Promise<void> {
  const routes = tryPanel(page).getByRole('combobox', { name: 'Routes' });
  await routes.click();
  // Removes the route that is chosen by default.
  await routes.press('Backspace');
  for (const name of names) await page.getByRole('option', { name, exact: true }).click();
  await page.keyboard.press('Escape');
}

it('tries unsaved text on several routes, with time and cost, and keeps the sample across a reload', async () => {
  await using fake = await promptWithRoutes('try-me');
  const { page, mistakes } = await stage.open('/prompts?prompt=try-me');
  const panel = tryPanel(page);
  await panel.getByRole('textbox', { name: 'message' }).fill('Where is my order?');
  await chooseRoutes(page, 'try-me-a', 'try-me-b');
  await page.getByRole('textbox', { name: 'User message 1' }).fill('Edited: {{ message }}');
  await page.keyboard.press('Control+Enter');
  for (const route of ['try-me-a', 'try-me-b']) {
    const answer = panel.getByRole('region', { name: `Answer of route ${route}` });
    await answer.getByText('You said: Edited: Where is my order?').waitFor();
    await answer.getByText('with your edits').waitFor();
    await answer.getByText(/first text after/).waitFor();
  }
  expect(fake.calls.map(({ body }) => body.model).sort()).toEqual(expect.arrayContaining(['fake-large', 'fake-small']));
  await expectNoBarriers(page);
  await page.reload();
  expect(await panel.getByRole('combobox', { name: 'Sample' }).inputValue()).toBe('Where is my order?');
  expect(mistakes).toEqual([]);
});

it('shows a failure with its reason, and stops a call that hangs', async () => {
  await using fake = await promptWithRoutes('fails');
  const { page } = await stage.open('/prompts?prompt=fails');
  const panel = tryPanel(page);
  await panel.getByRole('textbox', { name: 'Sample name' }).fill('Nothing');
  await chooseRoutes(page, 'fails-a');
  await panel.getByRole('button', { name: 'Run' }).click();
  await panel.getByRole('alert').getByText('is missing').waitFor();
  await panel.getByRole('textbox', { name: 'message' }).fill('Hello');
  fake.failNext({ kind: 'hang' });
  const closed = fake.nextClose();
  await panel.getByRole('button', { name: 'Run' }).click();
  await panel.getByText('Running').first().waitFor();
  await panel.getByRole('button', { name: 'Stop' }).click();
  await panel.getByText('Stopped').waitFor();
  await closed;
});

it('compares two versions over the samples, marks what differs, and promotes version 2 with a reason', async () => {
  await using fake = await promptWithRoutes('compared');
  await stage.server.call(createPromptVersion, { params: { name: 'compared' }, body: saying('Kindly reply to') });
  fake.answerWith(({ messages }) => {
    const asked = messages[0]?.text ?? '';
    return asked.includes('same') ? 'Always this.' : asked.startsWith('Kindly') ? 'Delivered on Monday, Ada.' : 'Delivered, Ada.';
  });
  const { page, mistakes } = await stage.open('/prompts?prompt=compared&compare=1@compared-a,2@compared-a');
  const answers = page.getByRole('region', { name: 'Answers' });
  await answers.getByRole('textbox', { name: 'message' }).fill('Where is it?');
  await answers.getByRole('button', { name: 'Edit sample Where is it?' }).click();
  await answers.getByRole('button', { name: 'Add sample' }).click();
  await answers.getByRole('textbox', { name: 'message' }).fill('the same');
  await answers.getByRole('button', { name: 'Edit sample the same' }).click();
  await page.getByRole('button', { name: 'Run all' }).click();
  await page.getByText('4 of 4 answers').first().waitFor();
  await answers.locator('mark', { hasText: 'on Monday' }).waitFor();
  await answers.getByText('Same answer as v1 on compared-a').waitFor();
  await expectNoBarriers(page);

  await answers.getByRole('button', { name: 'Actions for v2 on compared-a' }).click();
  await page.getByRole('menuitem', { name: 'Promote v2…' }).click();
  const strip = page.getByRole('region', { name: 'Promote a version' });
  await strip.getByRole('textbox', { name: 'Reason' }).fill('Names the day');
  await strip.getByRole('button', { name: 'Promote v2 to production' }).click();
  await strip.waitFor({ state: 'hidden' });
  const { labels } = await stage.server.call(getPrompt, { params: { name: 'compared' } });
  expect(labels).toMatchObject([{ label: 'production', version: 2, reason: 'Names the day' }]);
  expect(mistakes).toEqual([]);
});
