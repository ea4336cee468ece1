import { setTimeout as pause } from 'node:timers/promises';
import { launchBrowser } from '@switchyard/test/kit/browser.ts';
import type { Browser, Page } from 'playwright-core';
import { TRACE_CATEGORIES, workInAll } from '../canvas/frames.ts';
import { type Figure, withinFloor } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { openFloor } from '../process/floor-page.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { FIELD, longWorkflow } from './long-workflow.ts';

const WINDOW = { width: 1440, height: 900 };
const KEYS = 40;
const WARM_UP_KEYS = 10;
/** A fast typist. */
const BETWEEN_MS = 120;
/** Work deferred until a pause counts too, so the trace continues this long after the last key. */
const AFTER_MS = 1_500;
/** The limit as a ratio to the floor, or in ms if that is more. */
const GOAL = 1.5;
const GOAL_MS = { 200: 8, 2000: 12 } as const;

/*
 * One key typed into a prompt in the inspector: ms of main-thread work for each of 40 keys, including saving, checking, and drawing, in
 * workflows of 200 and 2,000 nodes. The floor is a page with only a CodeMirror, the field's own editor, measured before and after.
 */
export async function typing(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path, { page: true });
  const browser = await launchBrowser();
  try {
    const figures: Figure[] = [];
    for (const count of [200, 2_000] as const) {
      const { id } = await call<{ id: string }>(server.address, 'POST', '/api/workflows', { name: 'Long', graph: longWorkflow(count) });
      const before = await inBareField(browser);
      const value = await inInspector(browser, `${server.address}/workflows/${id}`);
      const floor = (before + (await inBareField(browser))) / 2;
      figures.push(withinFloor(`typing-${count}`, 'ms', { value, floor, goal: Math.max(GOAL, GOAL_MS[count] / floor) }));
    }
    return figures;
  } finally {
    await browser.close();
  }
}

async function inBareField(browser: Browser): Promise<number> {
  const page = await browser.newPage({ viewport: WINDOW });
  await openFloor(page, 'text-field.ts');
  await page.getByLabel('Message', { exact: true }).click();
  const work = await traceKeys(browser, page, 'bare field');
  await page.close();
  return work;
}

async function inInspector(browser: Browser, address: string): Promise<number> {
  const page = await browser.newPage({ viewport: WINDOW });
  await page.goto(address);
  // By keyboard, because a large drawing doesn't fit the window.
  await page.locator(`.react-flow__node[data-id="${FIELD}"]`).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('User message', { exact: true }).click();
  const work = await traceKeys(browser, page, 'inspector');
  await page.close();
  return work;
}

/** ms of main-thread work per key. */
async function traceKeys(browser: Browser, page: Page, name: string): Promise<number> {
  await type(page, WARM_UP_KEYS);
  await pause(AFTER_MS);
  await browser.startTracing(page, { categories: TRACE_CATEGORIES });
  await type(page, KEYS);
  await pause(AFTER_MS);
  const trace = await browser.stopTracing();
  const work = workInAll(trace.toString('utf8')) / KEYS;
  process.stderr.write(`  ${name}: ${work.toFixed(2)} ms per key\n`);
  return work;
}

const type = (page: Page, keys: number): Promise<void> => page.keyboard.type('so many words '.repeat(keys).slice(0, keys), { delay: BETWEEN_MS });
