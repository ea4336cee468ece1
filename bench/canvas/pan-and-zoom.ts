import { setTimeout as pause } from 'node:timers/promises';
import { launchBrowser } from '@switchyard/test/kit/browser.ts';
import type { Browser, Page } from 'playwright-core';
import { againstFloor, type Figure, quantile } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { longWorkflow } from '../typing/long-workflow.ts';
import { openBareFlow, showAllBare } from './bare-flow.ts';
import { frameRate, TRACE_CATEGORIES, workPerFrame } from './frames.ts';
import { WINDOW } from './trace-drag.ts';

const NODES = 1_000;
/** Frames per second that look smooth. A floor below it sets the goal instead. */
const SMOOTH = 50;
const SHARE = 0.9;

const WARM_UP_MS = 1_000;
const MOVE_MS = 3_000;
/** A wheel or touchpad reports about as often as the screen is drawn. */
const BETWEEN_MS = 12;
const TURN_MS = 1_500;

interface Move {
  readonly name: string;
  /** The wheel at a moment of a turn, -1 to 1. */
  wheel(page: Page, at: number): Promise<void>;
  readonly zooms?: true;
}

const MOVES: readonly Move[] = [
  { name: 'canvas-pan', wheel: (page, at) => page.mouse.wheel(Math.round(40 * at), Math.round(24 * at)) },
  { name: 'canvas-zoom', zooms: true, wheel: (page, at) => page.mouse.wheel(0, Math.round(30 * at)) },
];

/*
 * A canvas with 1,000 nodes, all in view at first, panned and zoomed with the wheel: frames per second. The floor is the same in a bare
 * React Flow with the same nodes and edges, measured before and after.
 */
export async function panAndZoom(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path, { page: true });
  const graph = longWorkflow(NODES);
  const { id } = await call<{ id: string }>(server.address, 'POST', '/api/workflows', { name: 'Vast', graph });
  const browser = await launchBrowser();
  try {
    const bare = await browser.newPage({ viewport: WINDOW });
    await openBareFlow(bare, graph);
    const page = await browser.newPage({ viewport: WINDOW });
    await page.goto(`${server.address}/workflows/${id}`);
    await page
      .locator('.react-flow__node')
      .nth(NODES - 1)
      .waitFor({ state: 'attached' });
    const figures: Figure[] = [];
    for (const move of MOVES) {
      await showAllBare(bare);
      const before = await trace(browser, bare, move, 'floor');
      await page.getByRole('button', { name: 'Fit to view (F)' }).click();
      const value = await trace(browser, page, move, 'editor');
      await showAllBare(bare);
      const floor = (before + (await trace(browser, bare, move, 'floor'))) / 2;
      figures.push(againstFloor(move.name, 'frames/s', { value, floor, goal: Math.min(SHARE, SMOOTH / floor) }));
    }
    return figures;
  } finally {
    await browser.close();
  }
}

async function trace(browser: Browser, page: Page, move: Move, name: string): Promise<number> {
  await page.bringToFront();
  await page.mouse.move(WINDOW.width / 2, WINDOW.height / 2);
  await turn(page, move, WARM_UP_MS);
  await browser.startTracing(page, { categories: TRACE_CATEGORIES });
  await turn(page, move, MOVE_MS);
  const text = (await browser.stopTracing()).toString('utf8');
  const rate = frameRate(text);
  const work = workPerFrame(text);
  const shown = [0.5, 0.95].map((share) => `p${share * 100} ${quantile(work, share).toFixed(1)} ms`);
  process.stderr.write(`  ${move.name} ${name}: ${rate.toFixed(1)} frames/s, ${shown.join(', ')}\n`);
  return rate;
}

/** Moves the view forth and back. */
async function turn(page: Page, move: Move, ms: number): Promise<void> {
  if (move.zooms) await page.keyboard.down('Control');
  for (const began = performance.now(); performance.now() - began < ms; await pause(BETWEEN_MS)) {
    await move.wheel(page, Math.cos(((performance.now() - began) / TURN_MS) * 2 * Math.PI));
  }
  if (move.zooms) await page.keyboard.up('Control');
}
