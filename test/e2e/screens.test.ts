import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { listTemplates, useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { createWorkflow, publishWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Look } from '../kit/browser.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { repositoryRoot } from '../kit/server.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

/*
 * Every page in both schemes: nothing goes wrong in it and axe finds nothing. With UPDATE_IMAGES=1 the pictures of the docs are
 * taken anew.
 */

const stage = useStage({ demoDelayMs: 120 });
const images = process.env.UPDATE_IMAGES === '1' ? join(repositoryRoot, 'docs', 'images') : undefined;

const ids = { support: '', triage: '', failed: '', past: '' };

beforeAll(async () => {
  const { call } = stage.server;
  if (images) await mkdir(images, { recursive: true });
  const made = new Map<string, string>();
  for (const { slug } of (await call(listTemplates, {})).items) {
    const { id, draft } = await call(useTemplate, { params: { slug } });
    made.set(slug, id);
    await call(publishWorkflow, { params: { id }, body: {} });
    const samples = draft.nodes.find((node) => node.type === 'input')?.data.params.samples as { name: string; value: unknown }[];
    for (const { value } of samples.slice(0, 3)) {
      const run = await call(startRun, { params: { id }, body: { input: value, version: 'live', wait: 5_000 } });
      if (slug === 'ticket-triage') ids.past = run.id;
    }
  }
  ids.support = made.get('support-chatbot-routing') ?? '';
  ids.triage = made.get('ticket-triage') ?? '';
  const lookup = await call(createWorkflow, { body: { name: 'Order lookup', graph: requestGraph('http://127.0.0.1:4999/orders') } });
  ids.failed = (await call(startRun, { params: { id: lookup.id }, body: { input: { message: 'Where is order 4417?' }, wait: 5_000 } })).id;
});

/** Each page, and words that stand on it once it has what it shows: its bar is there before. */
const CONTENT = {
  templates: 'Ticket triage',
  workflows: 'Order lookup',
  runs: 'Order lookup',
  inbox: 'Content factory',
  models: 'careful',
  settings: 'OpenAPI 3.1 document',
} as const;
const PAGES = Object.entries(CONTENT);
const LOADING = 'main [aria-busy="true"], main [role="status"]:has-text("Loading"), main [role="status"][aria-label^="Loading"]';

/** Waits until the page has what it shows. */
const settled = async (page: Page, words: string): Promise<void> => {
  await page.getByRole('main').getByText(words).first().waitFor();
  await eventually(() => page.locator(LOADING).count()).toBe(0);
  if (images) await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready');
};

async function check(page: Page, name: string, mistakes: readonly string[]): Promise<void> {
  if (images) await page.screenshot({ path: join(images, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`)).toEqual([]);
  expect(mistakes).toEqual([]);
}

const SCHEMES = ['light', 'dark'] as const;
const PHONE: Look = { width: 390, height: 844 };

describe.each(SCHEMES)('in the %s scheme', (scheme) => {
  it.each(PAGES)('%s', async (path, words) => {
    const { page, mistakes } = await stage.open(`/${path}`, { scheme });
    await settled(page, words);
    await check(page, `${path}-${scheme}`, mistakes);
  });

  it('a run that failed, with what to do about it', async () => {
    const { page, mistakes } = await stage.open(`/runs?run=${ids.failed}`, { scheme });
    await settled(page, CONTENT.runs);
    await page.getByRole('row').filter({ hasText: 'Order lookup' }).first().click();
    await page.getByText('What to do').first().waitFor();
    await check(page, `run-failed-${scheme}`, mistakes);
  });

  it('the editor after a run, with a step open', async () => {
    const { page, mistakes } = await stage.open(`/workflows/${ids.support}`, { scheme });
    const editor = await editorOn(page);
    await editor.runButton.click();
    await editor.step('Send reply').getByText('Done').waitFor();
    await editor.openStep('Billing answer');
    await settled(page, 'Values in this run');
    await check(page, `editor-${scheme}`, mistakes);
  });

  it('a past run on its own graph', async () => {
    const { page, mistakes } = await stage.open(`/runs/${ids.past}`, { scheme });
    const canvas = await editorOn(page);
    await canvas.step('Answer').getByText('Done').waitFor();
    await check(page, `run-${scheme}`, mistakes);
  });

  it('the webhook panel', async () => {
    const { page, mistakes } = await stage.open(`/workflows/${ids.triage}`, { scheme });
    await editorOn(page);
    await page.getByRole('button', { name: 'Webhook' }).click();
    await page.getByText(/Listening for a test call/).waitFor();
    await check(page, `webhook-${scheme}`, mistakes);
  });

  it('a new workflow with the palette', async () => {
    const { page, mistakes } = await stage.open('/workflows', { scheme });
    await page.getByRole('button', { name: 'New workflow' }).first().click();
    await page.waitForURL('**/workflows/*');
    await editorOn(page);
    await page.keyboard.press('n');
    await page.getByRole('complementary', { name: 'Steps to add' }).waitFor();
    await check(page, `canvas-empty-${scheme}`, mistakes);
  });
});

describe('at 200 % zoom, in a window of 720 px', () => {
  it.each(PAGES)('%s fits in, with nothing cut off', async (path, words) => {
    const { page } = await stage.open(`/${path}`, { width: 720, height: 450 });
    await settled(page, words);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(720);
    const cut = "[...document.querySelectorAll('main button, main a')].filter((it) => it.getBoundingClientRect().right > 720).map((it) => it.textContent)";
    expect(await page.evaluate(cut)).toEqual([]);
  });
});

describe('on a phone', () => {
  it.each(['templates', 'workflows', 'runs'] as const)('%s', async (path) => {
    const { page, mistakes } = await stage.open(`/${path}`, PHONE);
    await settled(page, CONTENT[path]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await check(page, `${path}-phone-light`, mistakes);
  });

  it('the editor', async () => {
    const { page, mistakes } = await stage.open(`/workflows/${ids.triage}`, PHONE);
    await editorOn(page);
    // The reader of notes comes after the canvas; until then their marks are seen.
    await page.getByText('Two at once', { exact: true }).waitFor();
    await check(page, 'editor-phone-light', mistakes);
  });
});
