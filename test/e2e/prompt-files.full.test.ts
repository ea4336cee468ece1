import { readFile } from 'node:fs/promises';
import { createPrompt, createPromptVersion, getPrompt, listPrompts, movePromptLabel } from '@switchyard/shared/contracts/prompts.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { eventually, useStage } from './stage.ts';

/* The prompt registry as a file: exported and imported on the page. */

const stage = useStage();

async function expectNoBarriers(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await barriersOn(page, { without: ['region'] })).toEqual([]);
  }
}

const choose = (page: Page, text: string, name = 'prompts.json') =>
  page.getByLabel('Prompt file').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });

it('exports all prompts to a file that another installation imports, and says which labels stay after an edit in git', async () => {
  const { call } = stage.server;
  const variables = { type: 'object', properties: { message: { type: 'string' } } };
  await call(createPrompt, { body: { name: 'support-reply', variables, messages: [{ role: 'user', content: 'Reply to\n{{ message }}' }] } });
  await call(movePromptLabel, { params: { name: 'support-reply', label: 'production' }, body: { version: 1 } });
  const { page, mistakes } = await stage.open('/prompts');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export prompts' }).click()]);
  expect(download.suggestedFilename()).toBe('prompts.switchyard.json');
  const file = (await readFile(await download.path())).toString();
  await expectNoBarriers(page);

  await using other = await startServerProcess();
  const there = await stage.open(new URL('/prompts', other.base).href);
  await there.page.getByText('No prompts yet').waitFor();
  expect(await there.page.getByRole('link', { name: 'Export prompts' }).count()).toBe(0);
  await choose(there.page, file);
  await there.page.getByText('Prompts imported: 1 new').waitFor();
  await there.page.getByRole('link', { name: /support-reply/ }).waitFor();
  expect((await other.send('GET', '/api/prompts/export')).text).toBe(file);

  await choose(page, file.replace('"Reply to"', '"Reply warmly to"'));
  const dialog = page.getByRole('dialog', { name: 'Prompts imported' });
  await dialog.getByText('Prompts imported: 1 updated.').waitFor();
  await dialog.getByText('“support-reply@production” stays at version 1.').waitFor();
  await expectNoBarriers(page);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('list', { name: 'Versions' }).getByRole('button', { name: /v2/ }).waitFor();
  expect(await call(getPrompt, { params: { name: 'support-reply' } })).toMatchObject({ latestVersion: 2, labels: [{ version: 1 }] });
  expect([...mistakes, ...there.mistakes]).toEqual([]);
});

it('says why a file can’t be imported, by keyboard and on a phone, and adds nothing', async () => {
  await stage.server.call(createPrompt, { body: { name: 'long-enough-to-be-seen', messages: [{ role: 'user', content: 'Hello' }] } });
  await stage.server.call(createPromptVersion, { params: { name: 'long-enough-to-be-seen' }, body: { messages: [{ role: 'user', content: 'Hi' }] } });
  const before = (await stage.server.call(listPrompts, {})).items.length;
  const { page } = await stage.open('/prompts', { width: 390, height: 844 });
  await page.getByRole('link', { name: /long-enough/ }).waitFor();
  await eventually(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page
      .getByRole('button', { name: 'Import prompts' })
      .focus()
      .then(() => page.keyboard.press('Enter')),
  ]);
  await chooser.setFiles({ name: 'photo.json', mimeType: 'application/json', buffer: Buffer.from('not json') });
  const dialog = page.getByRole('dialog', { name: 'Couldn’t import file' });
  await dialog.getByText('Not a prompt file. Choose one created with “Export prompts”.').waitFor();
  await expectNoBarriers(page);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await choose(page, JSON.stringify({ format: 'switchyard/prompts@1', prompts: [{ name: 'No name', messages: [] }] }), 'mine.json');
  await dialog.getByText('Invalid prompt file: prompts.0.name').waitFor();
  await dialog.getByText('mine.json').waitFor();
  expect((await stage.server.call(listPrompts, {})).items).toHaveLength(before);
});
