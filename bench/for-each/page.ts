import { launchBrowser } from '@switchyard/test/kit/browser.ts';
import type { Browser, Page } from 'playwright-core';
import { TRACE_CATEGORIES, workPerFrame } from '../canvas/frames.ts';
import { type Figure, quantile, underLimit } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { until } from '../process/until.ts';
import { GRAPH, ITEMS } from './graph.ts';

const WINDOW = { width: 1440, height: 900 };
const FRAME_MS = 50;
const LIMIT_MS = 60_000;

/*
 * An editor that shows a run of a for-each with 10,000 items while it streams: main-thread work per frame, and what the page receives over its
 * socket. Then a page that opens the run once it has ended.
 */
export async function forEachPage(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path, { page: true });
  const { id } = await call<{ id: string }>(server.address, 'POST', '/api/workflows', { name: 'For-each', graph: spread() });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: WINDOW });
    const live = countBytes(page);
    await page.goto(`${server.address}/workflows/${id}`);
    await page.locator('.react-flow__node').nth(3).waitFor();
    const before = live();
    const frames = await framesOfRun(browser, page, () => call<{ id: string }>(server.address, 'POST', `/api/workflows/${id}/runs`, { input: {} }));
    const received = live() - before;
    const { items } = await call<{ items: { id: string }[] }>(server.address, 'GET', `/api/runs?workflowId=${id}&limit=1`);
    const later = await browser.newPage({ viewport: WINDOW });
    const past = countBytes(later);
    const began = performance.now();
    await later.goto(`${server.address}/runs/${items[0]?.id}`);
    await allItems(later).waitFor();
    process.stderr.write(`  ${frames.length} frames: p99 ${quantile(frames, 0.99).toFixed(1)} ms, most ${Math.max(...frames).toFixed(1)} ms\n`);
    process.stderr.write(`  the ended run shown after ${Math.round(performance.now() - began)} ms\n`);
    return [
      underLimit('for-each-page-frame', 'ms', { value: quantile(frames, 0.99), goal: FRAME_MS }),
      underLimit('for-each-page-live', 'kB', { value: received / 1_000, goal: 5_000 }),
      underLimit('for-each-page-past', 'kB', { value: past() / 1_000, goal: 2_000 }),
    ];
  } finally {
    await browser.close();
  }
}

/** The container with its progress at the end. */
const allItems = (page: Page) => page.getByText(new RegExp(`${ITEMS.toLocaleString('en')} of ${ITEMS.toLocaleString('en')}`)).first();

const spread = () => ({ ...GRAPH, nodes: GRAPH.nodes.map((node, index) => ({ ...node, position: { x: index * 320, y: 80 } })) });

/** Counts what a page receives over its socket, in bytes. */
function countBytes(page: Page): () => number {
  let bytes = 0;
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      bytes += payload.length;
    });
  });
  return () => bytes;
}

/** ms of main-thread work in each frame from the start of a run to its end on the page. */
async function framesOfRun(browser: Browser, page: Page, start: () => Promise<unknown>): Promise<number[]> {
  await browser.startTracing(page, { categories: TRACE_CATEGORIES });
  await start();
  await until('all items on the page', async () => ((await allItems(page).count()) > 0 ? true : undefined), LIMIT_MS, 200);
  return workPerFrame((await browser.stopTracing()).toString('utf8'));
}
