import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { listTemplates, useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { createWorkflow, getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { repositoryRoot } from '../kit/server.ts';
import { editorOn } from './editor.ts';
import { eventually, type OpenedPage, useStage } from './stage.ts';

/*
 * Opens every page in both color schemes: no errors, and axe finds no problems. Each page is opened once. Then the scheme and the window
 * size change, as a user's system would change them. With UPDATE_IMAGES=1, takes the screenshots of the docs.
 */

const stage = useStage({ demoDelayMs: 120 });
const images = process.env.UPDATE_IMAGES === '1' ? join(repositoryRoot, 'docs', 'images') : undefined;

const ids = { support: '', triage: '', factory: '', failed: '', past: '' };

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
  ids.factory = made.get('content-factory') ?? '';
  const lookup = await call(createWorkflow, { body: { name: 'Order lookup', graph: requestGraph('http://127.0.0.1:4999/orders') } });
  ids.failed = (await call(startRun, { params: { id: lookup.id }, body: { input: { message: 'Where is order 4417?' }, wait: 5_000 } })).id;
});

/** Each page, and a text that appears only once its content has loaded; its header appears earlier. */
const CONTENT = {
  templates: 'Ticket triage',
  workflows: 'Order lookup',
  runs: 'Order lookup',
  inbox: 'Content factory',
  models: 'careful',
  'models/careful': 'Every call',
  prompts: 'support-reply',
  usage: 'Support chatbot routing',
  'usage/prices': 'Built-in prices',
  settings: 'OpenAPI 3.1 document',
  'settings/connections': 'Append a row',
  'settings/audit': 'Route careful created',
  'settings/system': 'Slow in the last hour',
} as const;
const PAGES = Object.entries(CONTENT);
const WITHOUT_PHONE_IMAGE = new Set([
  'inbox',
  'models',
  'models/careful',
  'prompts',
  'usage',
  'usage/prices',
  'settings',
  'settings/connections',
  'settings/audit',
  'settings/system',
]);
const LOADING = 'main [aria-busy="true"], main [role="status"]:has-text("Loading"), main [role="status"][aria-label^="Loading"]';

/** Waits until the page has loaded its content. */
const settled = async (page: Page, words: string): Promise<void> => {
  await page.getByRole('main').getByText(words).filter({ visible: true }).first().waitFor();
  await eventually(() => page.locator(LOADING).count()).toBe(0);
  if (images) await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready');
};

const picture = async (page: Page, name: string): Promise<void> => {
  if (images) await page.screenshot({ path: join(images, `${name}.png`) });
};

/** Checks the page in the light scheme, then in the dark one, where only colors differ. */
async function checkBoth({ page, mistakes }: OpenedPage, name: string): Promise<void> {
  await picture(page, `${name}-light`);
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, `${name}-dark`);
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  expect(mistakes).toEqual([]);
}

const PHONE = { width: 390, height: 844 };
/** A window of 1440 px at 200% zoom. */
const ZOOMED = { width: 720, height: 450 };

/** Nothing is wider than the window, and no button or link is outside it. */
async function fitsIn(page: Page, size: typeof PHONE): Promise<void> {
  await page.setViewportSize(size);
  await eventually(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(size.width);
  const cut = `[...document.querySelectorAll('main button, main a')].filter((it) => it.getBoundingClientRect().right > ${size.width}).map((it) => it.textContent)`;
  await eventually(() => page.evaluate(cut)).toEqual([]);
}

describe.each(PAGES)('%s', (path, words) => {
  it('is accessible in both schemes, and fits at 200% zoom and on a phone', async () => {
    const opened = await stage.open(`/${path}`);
    const { page, mistakes } = opened;
    await settled(page, words);
    await checkBoth(opened, path.replace('/', '-'));
    await fitsIn(page, ZOOMED);
    await page.emulateMedia({ colorScheme: 'light' });
    await fitsIn(page, PHONE);
    if (!WITHOUT_PHONE_IMAGE.has(path)) await picture(page, `${path}-phone-light`);
    expect(await barriersOn(page)).toEqual([]);
    expect(mistakes).toEqual([]);
  });
});

describe('in both schemes', () => {
  it('a failed run, with advice', async () => {
    const opened = await stage.open(`/runs?run=${ids.failed}`);
    await settled(opened.page, CONTENT.runs);
    await opened.page.getByText('Instructions').first().waitFor();
    await checkBoth(opened, 'run-failed');
  });

  it('the editor after a run, with a node open', async () => {
    const opened = await stage.open(`/workflows/${ids.support}`);
    const editor = await editorOn(opened.page);
    await editor.runButton.click();
    await editor.step('Send reply').getByText('Succeeded').waitFor();
    await editor.openStep('Billing answer');
    await settled(opened.page, 'Values in this run');
    await checkBoth(opened, 'editor');
  });

  it('a past run on its own graph', async () => {
    const opened = await stage.open(`/runs/${ids.past}`);
    const canvas = await editorOn(opened.page);
    await canvas.step('Answer').getByText('Succeeded').waitFor();
    await checkBoth(opened, 'run');
  });

  it('the webhook panel', async () => {
    const opened = await stage.open(`/workflows/${ids.triage}`);
    await editorOn(opened.page);
    await opened.page.getByRole('button', { name: 'Webhook' }).click();
    await opened.page.getByText(/Waiting for a test request/).waitFor();
    await checkBoth(opened, 'webhook');
  });

  it('the policies of a workflow', async () => {
    const opened = await stage.open(`/workflows/${ids.support}/policies`);
    const { page } = opened;
    await settled(page, 'Redaction');
    await checkBoth(opened, 'policies');
    await fitsIn(page, PHONE);
    expect(await barriersOn(page)).toEqual([]);
  });

  it('the settings of a workflow, with its alerts', async () => {
    const opened = await stage.open(`/workflows/${ids.support}`);
    const { page } = opened;
    await editorOn(page);
    await page.getByRole('button', { name: 'Workflow settings' }).click();
    await page.getByRole('complementary').getByText('Alerts').first().waitFor();
    // The pointer leaves the button, and its tooltip closes.
    await page.mouse.move(600, 500);
    await page.getByRole('tooltip').waitFor({ state: 'detached' });
    await checkBoth(opened, 'workflow-settings');
  });

  it('publishing, with the versions', async () => {
    const { call } = stage.server;
    const { id, draft, draftRevision } = await call(getWorkflow, { params: { id: ids.factory } });
    const nodes = draft.nodes.map((node) => (node.data.title === 'Summary' ? { ...node, data: { ...node.data, title: 'Short summary' } } : node));
    await call(saveDraft, { params: { id }, body: { graph: { ...draft, nodes, vars: { ...draft.vars, tone: 'friendly' } }, revision: draftRevision } });
    const opened = await stage.open(`/workflows/${id}`);
    const { page } = opened;
    await editorOn(page);
    await page.getByRole('button', { name: 'Publish v2' }).click();
    await page.getByText('Version note').waitFor();
    await page.getByRole('region', { name: 'Changes', exact: true }).getByText('friendly').waitFor();
    await checkBoth(opened, 'publish');
  });

  it('a new workflow with the palette', async () => {
    const { id } = await stage.server.call(createWorkflow, { body: { name: 'Untitled workflow' } });
    const opened = await stage.open(`/workflows/${id}`);
    await editorOn(opened.page);
    await opened.page.keyboard.press('n');
    await opened.page.getByRole('complementary', { name: 'Add a node' }).waitFor();
    await checkBoth(opened, 'canvas-empty');
  });
});

it('the editor is accessible on a phone', async () => {
  const { page, mistakes } = await stage.open(`/workflows/${ids.triage}`, PHONE);
  await editorOn(page);
  // Notes are rendered later than the canvas. Until then, their Markdown source shows.
  await page.getByText('In parallel', { exact: true }).waitFor();
  await picture(page, 'editor-phone-light');
  expect(await barriersOn(page)).toEqual([]);
  expect(mistakes).toEqual([]);
});
