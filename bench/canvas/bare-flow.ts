import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Page } from 'playwright-core';
import { openFloor } from '../process/floor-page.ts';
import { until } from '../process/until.ts';
import { DRAGGED } from './large-workflow.ts';
import { middleOf, NEAR, nodeOf } from './trace-drag.ts';

/** The functions of the floor page (`floors/flow.tsx`), evaluated in the page. */
interface FlowPage {
  drawFlow(drawing: unknown): void;
  readonly flow: {
    fitView(): Promise<boolean>;
    setViewport(viewport: { x: number; y: number; zoom: number }): Promise<boolean>;
  };
}

/** Opens a bare React Flow with the nodes and edges of a graph. */
export async function openBareFlow(page: Page, { nodes, edges }: Graph): Promise<void> {
  await openFloor(page, 'flow.tsx');
  const drawing = {
    nodes: nodes.map(({ id, position, data }) => ({ id, position, data: { label: data.title } })),
    edges: edges.map(({ id, source, target }) => ({ id, source, target })),
  };
  await page.evaluate((shown) => (globalThis as unknown as FlowPage).drawFlow(shown), drawing);
  await page
    .locator('.react-flow__node')
    .nth(nodes.length - 1)
    .waitFor({ state: 'attached' });
}

/** Brings all nodes into view. */
export async function showAllBare(page: Page): Promise<void> {
  await page.evaluate(() => (globalThis as unknown as FlowPage).flow.fitView());
}

/** Shows the dragged node at 100%. */
export async function showNearBare(page: Page): Promise<void> {
  await page.evaluate(() => (globalThis as unknown as FlowPage).flow.setViewport({ x: 0, y: 0, zoom: 1 }));
  const { x, y } = await middleOf(nodeOf(page, DRAGGED));
  const viewport = { x: NEAR.x - x, y: NEAR.y - y, zoom: 1 };
  await page.evaluate((wanted) => (globalThis as unknown as FlowPage).flow.setViewport(wanted), viewport);
  await until('the dragged node at 100%', async () => {
    const now = await middleOf(nodeOf(page, DRAGGED));
    return Math.hypot(now.x - NEAR.x, now.y - NEAR.y) < 10 ? true : undefined;
  });
}
