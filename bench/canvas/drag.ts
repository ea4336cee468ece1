import { launchBrowser } from '@switchyard/test/kit/browser.ts';
import type { Page } from 'playwright-core';
import { type Figure, withinFloor } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { until } from '../process/until.ts';
import { openBareFlow, showAllBare, showNearBare } from './bare-flow.ts';
import { DRAGGED, FIRST, LAST, largeWorkflow, NODE_COUNT } from './large-workflow.ts';
import { middleOf, NEAR, nodeOf, traceDrag, WINDOW } from './trace-drag.ts';

const GOAL = 1.5;

/** A response of the demo model, spread over its words: long enough to stream all the time. */
const ANSWER_MS = '3000';

type View = (page: Page) => Promise<void>;

/*
 * An editor with 200 nodes, one of which is dragged: p95 of the page's main-thread work per frame, without a run, and while one streams
 * three responses at a time. Measured as the editor opens, with all nodes in view, and at 100%, where text is readable and three visible
 * cards stream. The floor is the same drag in a bare React Flow with 200 nodes.
 */
export async function drag(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path, { page: true, env: { SWITCHYARD_DEMO_DELAY_MS: ANSWER_MS } });
  const graph = largeWorkflow();
  const workflow = await call<{ id: string }>(server.address, 'POST', '/api/workflows', { name: 'Large', graph });
  const browser = await launchBrowser();
  try {
    const bare = await browser.newPage({ viewport: WINDOW });
    await openBareFlow(bare, graph);
    const page = await browser.newPage({ viewport: WINDOW });
    await openEditor(page, `${server.address}/workflows/${workflow.id}`);
    const measure = async (name: string, view: View) => {
      await view(page);
      return p95(name, await traceDrag(browser, page));
    };
    const figures: Figure[] = [];
    for (const { name, view, bareView } of VIEWS) {
      await bareView(bare);
      const before = p95(`${name} floor`, await traceDrag(browser, bare));
      const idle = await measure(`${name}-idle`, view);
      const streaming = await whileRunStreams(page, server.address, workflow.id, () => measure(`${name}-frame`, view));
      await bareView(bare);
      const floor = (before + p95(`${name} floor`, await traceDrag(browser, bare))) / 2;
      figures.push(withinFloor(`${name}-idle`, 'ms', { value: idle, floor, goal: GOAL }));
      figures.push(withinFloor(`${name}-frame`, 'ms', { value: streaming, floor, goal: GOAL }));
    }
    return figures;
  } finally {
    await browser.close();
  }
}

function p95(name: string, frames: readonly number[]): number {
  const shown = [50, 75, 95, 99].map((percent) => `p${percent} ${percentile(frames, percent).toFixed(1)} ms`);
  process.stderr.write(`  ${name}: ${frames.length} frames: ${shown.join(', ')}\n`);
  return percentile(frames, 95);
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

/** Runs `work` while a run of the draft streams, from its start. Throws if the run ended first. */
async function whileRunStreams<T>(page: Page, address: string, workflowId: string, work: () => Promise<T>): Promise<T> {
  const run = await call<{ id: string }>(address, 'POST', `/api/workflows/${workflowId}/runs`, { version: 'draft', input: { message: 'Hello' } });
  await page.getByRole('button', { name: /^Cancel run/ }).waitFor();
  const result = await work();
  const { status } = await call<{ status: string }>(address, 'GET', `/api/runs/${run.id}`);
  if (status !== 'running') throw new Error(`The run was ${status} at the end of the drag, so it did not stream all the time.`);
  await call(address, 'POST', `/api/runs/${run.id}/cancel`);
  await page.getByRole('button', { name: /^Cancel run/ }).waitFor({ state: 'detached' });
  return result;
}

/** Brings all nodes into view, including the first and the last. */
async function showAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fit to view (F)' }).click();
  await until('all nodes in view', async () => {
    const [first, last] = [await middleOf(nodeOf(page, FIRST)), await middleOf(nodeOf(page, LAST))];
    return first.x > 0 && last.x < WINDOW.width ? true : undefined;
  });
}

/** Shows the canvas at 100% around the dragged node, as a user would: a click on the zoom value, then the wheel. */
async function showNear(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Reset to 100%/ }).click();
  await page.mouse.move(NEAR.x, NEAR.y);
  await until('the dragged node at 100%', async () => {
    const { x, y } = await middleOf(nodeOf(page, DRAGGED));
    if (Math.hypot(x - NEAR.x, y - NEAR.y) < 100) return true;
    await page.mouse.wheel(x - NEAR.x, y - NEAR.y);
    return undefined;
  });
}

const VIEWS = [
  { name: 'canvas-drag', view: showAll, bareView: showAllBare },
  { name: 'canvas-drag-near', view: showNear, bareView: showNearBare },
];

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
