import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { type Figure, underLimit } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { launchBrowser } from './browser.ts';
import { TRACE_CATEGORIES, workPerFrame } from './frames.ts';
import { DRAGGED, largeWorkflow, NODE_COUNT } from './large-workflow.ts';

const WARM_UP_MS = 1_500;
const DRAG_MS = 5_000;
const LEAST_FRAMES = 30;

/** One answer of the demo model, spread over its words: long enough that words stream all the time. */
const ANSWER_MS = '3000';

/** Opens the editor on 200 nodes and drags one of them while a run streams: work per frame. */
export async function drag(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path, { page: true, env: { SWITCHYARD_DEMO_DELAY_MS: ANSWER_MS } });
  const workflow = await call<{ id: string }>(server.address, 'POST', '/api/workflows', { name: 'Large', graph: largeWorkflow() });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await openEditor(page, `${server.address}/workflows/${workflow.id}`);
    const run = await call<{ id: string }>(server.address, 'POST', `/api/workflows/${workflow.id}/runs`, { version: 'draft', input: { message: 'Hello' } });
    await page.getByRole('button', { name: /^Stop/ }).waitFor();
    const frames = await traceDrag(browser, page);
    const { status } = await call<{ status: string }>(server.address, 'GET', `/api/runs/${run.id}`);
    if (status !== 'running') throw new Error(`The run was ${status} at the end of the drag, so it did not stream all the time.`);
    await call(server.address, 'POST', `/api/runs/${run.id}/cancel`);
    process.stderr.write(
      `  ${frames.length} frames: ${[50, 95, 99].map((percent) => `p${percent} ${percentile(frames, percent).toFixed(1)} ms`).join(', ')}\n`,
    );
    return [underLimit('canvas-drag-frame', 'ms', { value: percentile(frames, 95), goal: 12 })];
  } finally {
    await browser.close();
  }
}

/** Opens the editor and waits until all nodes are drawn. */
async function openEditor(page: Page, address: string): Promise<void> {
  await page.goto(address);
  const last = page.locator('.react-flow__node').nth(NODE_COUNT - 1);
  await last.waitFor({ state: 'attached' });
}

/** Drags a node about, first to warm up, then under trace; answers ms of main-thread work of each frame. Throws when it did not move. */
async function traceDrag(browser: Browser, page: Page): Promise<number[]> {
  const node = page.locator(`.react-flow__node[data-id="${DRAGGED}"]`);
  const { x, y } = await middleOf(node);
  await page.mouse.move(x, y);
  await page.mouse.down();
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
