import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { TRACE_CATEGORIES, workPerFrame } from './frames.ts';
import { DRAGGED } from './large-workflow.ts';

export const WINDOW = { width: 1440, height: 900 };
/** Where the dragged node is placed in the window at 100%, with streaming nodes to its left. */
export const NEAR = { x: 950, y: 400 };

const WARM_UP_MS = 1_500;
const DRAG_MS = 4_000;
const LEAST_FRAMES = 30;

export const nodeOf = (page: Page, key: string): Locator => page.locator(`.react-flow__node[data-id="${key}"]`);

/** Drags a node, first to warm up, then while tracing. Returns ms of main-thread work for each frame. Throws if the node did not move. */
export async function traceDrag(browser: Browser, page: Page): Promise<number[]> {
  const node = nodeOf(page, DRAGGED);
  // Also waits until it stops moving: at first the drawing is fitted to the window.
  await node.hover();
  const { x, y } = await middleOf(node);
  await page.mouse.down();
  // In small steps, as a hand starts: the node follows from where the drag was recognized.
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

/** The middle of a node in window coordinates. */
export async function middleOf(node: Locator): Promise<{ x: number; y: number }> {
  const box = await node.boundingBox();
  if (!box) throw new Error('The dragged node is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const RADIUS = 120;
/** A mouse reports about as often as the screen is drawn. */
const BETWEEN_MS = 12;

/** Moves the pointer around a center, always on the far half of the circle, so the node ends away from its place. */
async function circle(page: Page, { x, y }: { x: number; y: number }, ms: number): Promise<void> {
  for (const began = performance.now(); performance.now() - began < ms; await pause(BETWEEN_MS)) {
    const turn = ((performance.now() - began) / 700) * Math.PI;
    await page.mouse.move(x + RADIUS + (Math.cos(turn) * RADIUS) / 3, y + (Math.sin(turn) * RADIUS) / 3);
  }
}
