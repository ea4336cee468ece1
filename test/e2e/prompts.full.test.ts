import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { createPrompt, createPromptVersion, getPrompt, getPromptVersion, movePromptLabel } from '@switchyard/shared/contracts/prompts.ts';
import { createWorkflow, getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

/** The page has no accessibility violations in either color scheme. */
async function expectNoBarriers(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

const versions = (page: Page) => page.getByRole('list', { name: 'Versions' });
const message = (page: Page, name: string) => page.getByRole('textbox', { name });

it('creates a prompt, saves version 2, promotes it with a reason, and restores version 1', async () => {
  const { page, mistakes } = await stage.open('/prompts');
  await page.getByText('No prompts yet').waitFor();
  await expectNoBarriers(page);
  await page.getByRole('button', { name: 'Create prompt' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('support-reply');
  await message(page, 'System prompt').fill('Answer for {{ brand }}.');
  await message(page, 'User message').fill('{{ message }}');
  await dialog.getByRole('button', { name: 'Create prompt' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await versions(page).getByText('First version').waitFor();

  // A reload keeps the edits.
  await message(page, 'System message 1').fill('Answer for {{ brand }}. Be brief.');
  await page.getByText('1 change: system text').waitFor();
  await page.getByRole('textbox', { name: 'Note' }).fill('Shorter');
  await page.reload();
  await page.getByText('1 change: system text').waitFor();
  await page.getByRole('switch', { name: 'Changes from' }).check({ force: true });
  await page.locator('ins', { hasText: 'Be brief.' }).waitFor();
  await expectNoBarriers(page);
  await page.getByRole('button', { name: 'Discard my edits' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Save as v2' }).click();
  await versions(page).getByText('Shorter').waitFor();
  // Toasts leave the versions visible.
  const toast = await page.getByRole('alert').filter({ hasText: 'Version 2 saved' }).boundingBox();
  const line = await versions(page).boundingBox();
  expect(toast?.y).toBeGreaterThanOrEqual((line?.y ?? 0) + (line?.height ?? 0));

  await page.getByRole('button', { name: 'Promote v2…' }).click();
  const strip = page.getByRole('region', { name: 'Promote a version' });
  await strip.getByRole('textbox', { name: 'Reason' }).fill('Replies were too long');
  await expectNoBarriers(page);
  const promote = strip.getByRole('button', { name: 'Promote v2 to production' });
  await promote.click();
  // A first promotion can be undone, too: the label is removed.
  const moved = page.getByRole('region', { name: 'Moved label' });
  await moved.getByText('is new. Runs that start now get v2.').waitFor();
  await moved.getByRole('button', { name: 'Undo' }).click();
  await moved.waitFor({ state: 'detached' });
  expect((await stage.server.call(getPrompt, { params: { name: 'support-reply' } })).labels).toEqual([]);
  await page.getByRole('button', { name: 'Promote v2…' }).click();
  await strip.getByRole('textbox', { name: 'Reason' }).fill('Replies were too long');
  await promote.click();
  await strip.waitFor({ state: 'hidden' });
  await page.getByText('Replies were too long').waitFor();
  const promoted = await stage.server.call(getPrompt, { params: { name: 'support-reply' } });
  expect(promoted.labels).toMatchObject([{ label: 'production', version: 2, reason: 'Replies were too long' }]);

  await versions(page).getByRole('button', { name: /v1/ }).click();
  await page.getByText('v1, read-only').waitFor();
  await page.getByRole('combobox', { name: 'Version to compare with' }).click();
  expect(await page.getByRole('option').allTextContents()).toEqual(['v2']);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Promote v1…' }).click();
  await strip.getByRole('button', { name: 'Promote v1 to production' }).click();
  await strip.waitFor({ state: 'hidden' });
  await moved.getByText('was v2. Runs that start now get v1.').waitFor();
  await expectNoBarriers(page);
  await moved.getByRole('button', { name: 'Undo' }).click();
  await moved.waitFor({ state: 'detached' });
  await page.getByText('Undid the promotion of version 1').waitFor();
  expect((await stage.server.call(getPrompt, { params: { name: 'support-reply' } })).labels).toMatchObject([{ label: 'production', version: 2 }]);
  await page.getByRole('button', { name: 'Restore v1 as v3' }).click();
  await versions(page).getByText('Restores version 1').waitFor();
  await strip.getByRole('button', { name: 'Promote v3 to production' }).waitFor();
  await strip.getByRole('button', { name: 'Cancel' }).click();
  const restored = await stage.server.call(getPromptVersion, { params: { name: 'support-reply', number: 3 } });
  expect(restored.messages[0]?.content).toBe('Answer for {{ brand }}.');
  expect(restored.variables).toMatchObject({ required: ['brand', 'message'] });
  expect(mistakes).toEqual([]);
});

it('explains why a prompt in use can’t be deleted, and links to the workflow', async () => {
  await stage.server.call(createPrompt, { body: { name: 'busy', messages: [{ role: 'user', content: 'Hello' }] } });
  await stage.server.call(movePromptLabel, { params: { name: 'busy', label: 'production' }, body: { version: 1 } });
  const asks = node('prompt', 'ask', { route: 'fast', prompt: { name: 'busy', label: 'production' } });
  const graph = graphOf([node('input', 'start', { schema: {}, samples: [] }), asks], [edge('start', 'ask')]);
  await stage.server.call(createWorkflow, { body: { name: 'Support chat', graph } });
  const { page } = await stage.open('/prompts?prompt=busy');
  await page.getByRole('button', { name: 'More actions for busy' }).click();
  await page.getByRole('menuitem', { name: 'Delete prompt' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('“busy” is in use').waitFor();
  expect(await dialog.getByRole('link', { name: 'Support chat' }).getAttribute('href')).toMatch(/^\/workflows\//);
  await expectNoBarriers(page);
  await stage.server.call(createPrompt, { body: { name: 'idle', messages: [{ role: 'user', content: 'Hello' }] } });
  await page.goto(`${stage.server.base}/prompts?prompt=idle`);
  await page.getByRole('button', { name: 'More actions for idle' }).click();
  await page.getByRole('menuitem', { name: 'Delete prompt' }).click();
  await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('Never used');
  await dialog.getByRole('button', { name: 'Delete prompt' }).click();
  await page.getByText('Prompt “idle” deleted').waitFor();
  const { items } = await stage.server.call(listChanges, { query: { subject: 'prompt:idle' } });
  expect(items[0]).toMatchObject({ action: 'delete', reason: 'Never used' });
});

it('fits a phone: the list, then the prompt, and back', async () => {
  await stage.server.call(createPrompt, { body: { name: 'on-a-phone', messages: [{ role: 'user', content: 'Hello' }] } });
  await stage.server.call(createPromptVersion, {
    params: { name: 'on-a-phone' },
    body: { messages: [{ role: 'user', content: 'Hello {{ name }}' }], variables: { type: 'object', properties: { name: { type: 'string' } } } },
  });
  const { page } = await stage.open('/prompts', { width: 390, height: 844 });
  await page.getByRole('link', { name: /on-a-phone/ }).click();
  await message(page, 'User message 1').waitFor();
  await eventually(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  // The fields of a sample would cover the prompt, so they are closed at first.
  const sampleName = page.getByRole('textbox', { name: 'Sample name' });
  expect(await sampleName.count()).toBe(0);
  await page.getByRole('button', { name: 'Edit sample' }).click();
  await sampleName.waitFor();
  await page.getByRole('button', { name: 'Back to list' }).click();
  await page.getByRole('link', { name: /on-a-phone/ }).waitFor();
});

it('moves the text of a node to the registry, and gives its variables their values by name', async () => {
  const asks = node('prompt', 'ask', { route: 'fast', system: 'Answer for {{ vars.brand }}.', message: '{{ input.message }}' }, { title: 'Draft reply' });
  const graph = graphOf([node('input', 'start', { schema: {}, samples: [] }), asks], [edge('start', 'ask')]);
  const workflow = await stage.server.call(createWorkflow, { body: { name: 'Refunds', graph } });
  const paramsOfNode = async () =>
    (await stage.server.call(getWorkflow, { params: { id: workflow.id } })).draft.nodes.find(({ id }) => id === 'ask')?.data.params;
  const { page, mistakes } = await stage.open(`/workflows/${workflow.id}`);
  const { openStep, inspector, saved } = await editorOn(page);
  await openStep('Draft reply');
  await inspector.getByRole('button', { name: 'Move to registry…' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('draft-reply');
  await dialog.getByRole('button', { name: 'Move to registry' }).click();
  await dialog.waitFor({ state: 'hidden' });

  const text = inspector.getByRole('region', { name: 'Text of the prompt' });
  await text.getByText('Answer for {{ brand }}.').waitFor();
  expect(await text.getByRole('link', { name: 'Open in Prompts' }).getAttribute('href')).toBe('/prompts?prompt=draft-reply');
  expect(await inspector.getByRole('textbox', { name: 'User message' }).count()).toBe(0);
  await inspector.getByRole('textbox', { name: /^message/ }).waitFor();
  await expectNoBarriers(page);
  await inspector.getByRole('textbox', { name: /^brand/ }).fill('Nordlicht');
  await inspector.getByRole('textbox', { name: 'Title', exact: true }).focus();
  await saved();
  await eventually(paramsOfNode).toEqual({
    route: 'fast',
    prompt: { name: 'draft-reply', label: 'production' },
    variables: { brand: 'Nordlicht', message: '{{ input.message }}' },
  });
  expect(mistakes).toEqual([]);
});
