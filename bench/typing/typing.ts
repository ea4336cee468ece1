import { setTimeout as pause } from 'node:timers/promises';
import { launchBrowser } from '@switchyard/test/kit/browser.ts';
import type { Browser, Page } from 'playwright-core';
import { TRACE_CATEGORIES, workInAll } from '../canvas/frames.ts';
import { type Figure, underLimit } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { FIELD, longWorkflow } from './long-workflow.ts';

const KEYS = 40;
const WARM_UP_KEYS = 10;
/** A fast typist. */
const BETWEEN_MS = 120;
/** What is put off until a pause counts too: the trace goes on this long after the last key. */
const AFTER_MS = 1_500;
const GOALS = { 200: 8, 2000: 12 } as const;

/*
 * One key typed into a prompt in the inspector: ms of the page's main thread for each of 40 keys, with all that they cause (saving,
 * checking, drawing), in workflows of 200 and of 2,000 nodes. The floor is a bare text area typed into the same way.
 */
export async function typing(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path, { page: true });
  const browser = await launchBrowser();
  try {
    const figures = [underLimit('typing-bare', 'ms', { value: await inBareField(browser), goal: GOALS[200] })];
    for (const count of [200, 2_000] as const) {
      const { id } = await call<{ id: string }>(server.address, 'POST', '/api/workflows', { name: 'Long', graph: longWorkflow(count) });
      const value = await inInspector(browser, `${server.address}/workflows/${id}`);
      figures.push(underLimit(`typing-${count}`, 'ms', { value, goal: GOALS[count] }));
    }
    return figures;
  } finally {
    await browser.close();
  }
}

async function inBareField(browser: Browser): Promise<number> {
  const page = await browser.newPage();
  await page.setContent('<textarea rows="6" cols="40"></textarea>');
  await page.locator('textarea').click();
  return traceKeys(browser, page);
}

async function inInspector(browser: Browser, address: string): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(address);
  // By the keyboard, since not all of a large drawing fits into the window.
  await page.locator(`.react-flow__node[data-id="${FIELD}"]`).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('User message', { exact: true }).click();
  const work = await traceKeys(browser, page);
  await page.close();
  return work;
}

/** ms of main-thread work for each key. */
async function traceKeys(browser: Browser, page: Page): Promise<number> {
  await type(page, WARM_UP_KEYS);
  await pause(AFTER_MS);
  await browser.startTracing(page, { categories: TRACE_CATEGORIES });
  await type(page, KEYS);
  await pause(AFTER_MS);
  const trace = await browser.stopTracing();
  const work = workInAll(trace.toString('utf8')) / KEYS;
  process.stderr.write(`  ${work.toFixed(2)} ms a key\n`);
  return work;
}

const type = (page: Page, keys: number): Promise<void> => page.keyboard.type('so many words '.repeat(keys).slice(0, keys), { delay: BETWEEN_MS });
