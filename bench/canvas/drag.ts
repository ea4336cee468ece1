import { setTimeout as pause } from 'node:timers/promises';
import { launchBrowser } from '@switchyard/test/kit/browser.ts';
import type { Browser, Locator, Page } from 'playwright-core';
import { type Figure, underLimit } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { until } from '../process/until.ts';
import { TRACE_CATEGORIES, workPerFrame } from './frames.ts';
import { DRAGGED, FIRST, LAST, largeWorkflow, NODE_COUNT } from './large-workflow.ts';

const WARM_UP_MS = 1_500;
const DRAG_MS = 4_000;
const LEAST_FRAMES = 30;
const GOAL_MS = 12;
const WINDOW = { width: 1440, height: 900 };

/** One answer of the demo model, spread over its words: long enough that words stream all the time. */
const ANSWER_MS = '3000';

/*
 * The editor with 200 nodes, one of which is dragged about; p95 of what the page's main thread works for a frame. A run streams
 * three answers at a time meanwhile. Measured as the editor opens, with all nodes in view, and at 100 %, where words can be read and
 * three cards write theirs in view. The same drags without a run are the floor of both, measured in turn with them.
 */
export async function drag(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path, { page: true, env: { SWITCHYARD_DEMO_DELAY_MS: ANSWER_MS } });
  const workflow = await call<{ id: string }>(server.address, 'POST', '/api/workflows', { name: 'Large', graph: largeWorkflow() });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: WINDOW });
    await openEditor(page, `${server.address}/workflows/${workflow.id}`);
    const measure = async (name: string, view: (page: Page) => Promise<void>) => {
      await view(page);
      return figureOf(name, await traceDrag(browser, page));
    };
    const measureInRun = (name: string, view: (page: Page) => Promise<void>) => whileRunStreams(page, server.address, workflow.id, () => measure(name, view));
    return [
      await measure('canvas-drag-alone', showAll),
      await measureInRun('canvas-drag-frame', showAll),
      await measure('canvas-drag-near-alone', showNear),
      await measureInRun('canvas-drag-near-frame', showNear),
    ];
  } finally {
    await browser.close();
  }
}

function figureOf(name: string, frames: readonly number[]): Figure {
  const shown = [50, 75, 95, 99].map((percent) => `p${percent} ${percentile(frames, percent).toFixed(1)} ms`);
  process.stderr.write(`  ${name}: ${frames.length} frames: ${shown.join(', ')}\n`);
  return underLimit(name, 'ms', { value: percentile(frames, 95), goal: GOAL_MS });
}

async function openEditor(page: Page, address: string): Promise<void> {
  const began = performance.now();
  await page.goto(address);
  await page
    .locator('.react-flow__node')
    .nth(NODE_COUNT - 1)
    .waitFor({ state: 'attached' });
  process.stderr.write(`  ${NODE_COUNT} nodes opened in ${Math.round(performance.now() - began)} ms\n`);
}

/** Does something while a run of the draft streams, from its beginning. Throws when the run ended before it was done. */
async function whileRunStreams<T>(page: Page, address: string, workflowId: string, work: () => Promise<T>): Promise<T> {
  const run = await call<{ id: string }>(address, 'POST', `/api/workflows/${workflowId}/runs`, { version: 'draft', input: { message: 'Hello' } });
  await page.getByRole('button', { name: /^Stop/ }).waitFor();
  const result = await work();
  const { status } = await call<{ status: string }>(address, 'GET', `/api/runs/${run.id}`);
  if (status !== 'running') throw new Error(`The run was ${status} at the end of the drag, so it did not stream all the time.`);
  await call(address, 'POST', `/api/runs/${run.id}/cancel`);
  await page.getByRole('button', { name: /^Stop/ }).waitFor({ state: 'detached' });
  return result;
}

const nodeOf = (page: Page, key: string): Locator => page.locator(`.react-flow__node[data-id="${key}"]`);

/** Brings all nodes into the window, the first and the last among them. */
async function showAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fit to view (F)' }).click();
  await until('all nodes in view', async () => {
    const [first, last] = [await middleOf(nodeOf(page, FIRST)), await middleOf(nodeOf(page, LAST))];
    return first.x > 0 && last.x < WINDOW.width ? true : undefined;
  });
}

/** Where the node to drag is put in the window to be seen at 100 %, with those that stream at its left. */
const NEAR = { x: 950, y: 400 };

/** Shows the canvas at 100 % around the node to drag, as a hand would: a click on the zoom's figure, then the wheel. */
async function showNear(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Reset to 100%/ }).click();
  await page.mouse.move(NEAR.x, NEAR.y);
  await until('the node to drag at 100 %', async () => {
    const { x, y } = await middleOf(nodeOf(page, DRAGGED));
    if (Math.hypot(x - NEAR.x, y - NEAR.y) < 100) return true;
    await page.mouse.wheel(x - NEAR.x, y - NEAR.y);
    return undefined;
  });
}

/** Drags a node about, first to warm up, then under trace; answers ms of main-thread work of each frame. Throws when it did not move. */
async function traceDrag(browser: Browser, page: Page): Promise<number[]> {
  const node = nodeOf(page, DRAGGED);
  // Waits until it stands still as well: at first the drawing is fitted into the window.
  await node.hover();
  const { x, y } = await middleOf(node);
  await page.mouse.down();
  // In small steps, as a hand begins: the node follows from where the pointer is when the drag is taken for one.
  await page.mouse.move(x + RADIUS, y, { steps: 30 });
  await circle(page, { x, y }, WARM_UP_MS);
  await browser.startTracing(page, { categories: TRACE_CATEGORIES });
  await circle(page, { x, y }, DRAG_MS);
  const trace = await browser.stopTracing();
  const moved = await middleOf(node);
  await page.mouse.up();
  if (Math.hypot(moved.x - x, moved.y - y) < RADIUS / 2) throw new Error('The node did not follow the pointer.');
  const frames = workPerFrame(trace.toString('utf8'));
  if (frames.length < LEAST_FRAMES) throw new Error(`Only ${frames.length} frames were drawn.`);
  return frames;
}

async function middleOf(node: Locator): Promise<{ x: number; y: number }> {
  const box = await node.boundingBox();
  if (!box) throw new Error('The node to drag is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const RADIUS = 120;
/** A hand's mouse reports about as often as the screen is drawn. */
const BETWEEN_MS = 12;

/** Moves the pointer round a centre, always on the circle's far half, so that the node is away from its place at the end. */
async function circle(page: Page, { x, y }: { x: number; y: number }, ms: number): Promise<void> {
  for (const began = performance.now(); performance.now() - began < ms; await pause(BETWEEN_MS)) {
    const turn = ((performance.now() - began) / 700) * Math.PI;
    await page.mouse.move(x + RADIUS + (Math.cos(turn) * RADIUS) / 3, y + (Math.sin(turn) * RADIUS) / 3);
  }
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
