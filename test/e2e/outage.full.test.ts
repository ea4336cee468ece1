import { createWorkflow, getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../kit/browser.ts';
import { temporaryDir } from '../kit/server.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { editorOn } from './editor.ts';
import { eventually } from './stage.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Starts a server again on the same port and data. */
const startAgain = (server: ServerProcess): Promise<ServerProcess> => startServerProcess({ dataDir: server.dataDir, env: { PORT: new URL(server.base).port } });

it('says that the server is unreachable, keeps edits, and saves and runs them once it is back', async () => {
  await using data = await temporaryDir();
  await using server = await startServerProcess({ dataDir: data.path });
  const { id } = await server.call(createWorkflow, { body: { name: 'Night shift' } });
  const { page } = await openPage(browser);
  await page.goto(`${server.base}/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.openStep('Input');

  await server.kill();
  await page
    .getByRole('status')
    .getByText(/^Offline/)
    .waitFor();
  await editor.inspector.getByRole('textbox', { name: 'Title' }).fill('Typed in the dark');
  await page.getByText(/^Offline\. Changes are saved in this browser/).waitFor();
  expect(await editor.runButton.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Retry now' }).click();
  await page.getByText(/^Offline\. Changes are saved in this browser/).waitFor();

  await using again = await startAgain(server);
  const titles = async () => (await again.call(getWorkflow, { params: { id } })).draft.nodes.map((node) => node.data.title);
  await eventually(titles).toContain('Typed in the dark');
  await editor.saved();
  await page.getByText(/^Offline/).waitFor({ state: 'detached' });
  await editor.runButton.click();
  await editor.step('Reply').getByText('Succeeded').waitFor();
});

it('says on an idle page that the database is unreachable, and shows the data once it is back', async () => {
  await using server = await startServerProcess();
  await server.call(createWorkflow, { body: { name: 'Night shift' } });
  const { page } = await openPage(browser);
  const problem = {
    status: 503,
    contentType: 'application/problem+json',
    body: JSON.stringify({ code: 'not-ready', title: 'MongoDB cannot be reached' }),
  };
  await page.route(/\/api\/(ready|workflows)/, (route) => route.fulfill(problem));
  await page.goto(`${server.base}/workflows`);
  const strip = page.getByRole('status').getByText(/can’t reach its database/);
  await strip.waitFor();
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await page.unrouteAll();
  await page.getByText('Night shift').waitFor();
  await strip.waitFor({ state: 'detached' });
});

it('says on an idle page that Redis is unavailable, and keeps the page up to date meanwhile', async () => {
  await using server = await startServerProcess();
  const { page } = await openPage(browser);
  const ready = { status: 'ready', redis: { state: 'away', problems: ['Redis is unavailable (ECONNREFUSED).'] } };
  await page.route(/\/api\/ready/, (route) => route.fulfill({ json: ready }));
  await page.route(/\/socket\.io/, (route) => route.abort());
  await page.goto(`${server.base}/workflows`);
  const strip = page.getByRole('status').getByText(/^Redis is unavailable\. Runs continue/);
  await strip.waitFor();
  await server.call(createWorkflow, { body: { name: 'Created elsewhere' } });
  await page.getByText('Created elsewhere').waitFor();
  await page.unrouteAll();
  await strip.waitFor({ state: 'detached' });
});

it('shows where a sample is invalid JSON, refuses to run with it, and runs once it is fixed', async () => {
  await using server = await startServerProcess();
  const { id } = await server.call(createWorkflow, { body: { name: 'Broken sample' } });
  const { page, mistakes } = await openPage(browser);
  await page.goto(`${server.base}/workflows/${id}`);
  const editor = await editorOn(page);
  await page.getByRole('button', { name: /Open to choose an input/ }).click();
  await editor.runPanel.getByRole('tab', { name: 'Input' }).click();
  const json = editor.runPanel.getByRole('textbox', { name: /^JSON of/ });
  const write = async (text: string) => {
    await json.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  };

  await write('{"message": "hi"');
  await editor.runPanel.getByText(/^Line 1, column 17: the JSON is incomplete/).waitFor();
  await editor.runPanel.getByRole('button', { name: 'Run with this input' }).click();
  await page.getByText('Couldn’t start run').waitFor();
  await editor.saved();
  await page.reload();
  await editorOn(page);
  await editor.runPanel.getByRole('tab', { name: 'Input' }).click();
  await eventually(() => json.textContent()).toContain('{"message": "hi"');

  await write('{"message": "hi"}');
  await editor.runPanel.getByText(/Valid input/).waitFor();
  await editor.runPanel.getByRole('button', { name: 'Run with this input' }).click();
  await editor.step('Reply').getByText('Succeeded').waitFor();
  expect(mistakes.filter((mistake) => !mistake.includes('400'))).toEqual([]);
});

it('says on a phone, above the list of reviews, that the server is unreachable', async () => {
  await using server = await startServerProcess();
  const { page } = await openPage(browser, { width: 390, height: 844 });
  await page.goto(`${server.base}/inbox`);
  await page.getByRole('region', { name: 'Reviews' }).getByText('Most urgent first').waitFor();
  await server.kill();
  await page.getByRole('region', { name: 'Reviews' }).getByText('Offline').waitFor();
});
