import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { beforeAll, expect, it } from 'vitest';
import { requestGraph } from '../kit/request-graph.ts';
import { eventually, useStage } from './stage.ts';

/* Long names and right-to-left names: nothing leaves the window or overlaps. */

const stage = useStage();
const LONG = `Refunds for customers ${'in Rhineland-Palatinate '.repeat(6)}`.trim();
const ARABIC = 'توجيه رسائل الدعم إلى الفريق المناسب';

beforeAll(async () => {
  for (const name of [LONG, ARABIC]) {
    const { id } = await stage.server.call(createWorkflow, { body: { name, graph: requestGraph('http://127.0.0.1:4999/orders') } });
    await stage.server.call(startRun, {
      params: { id },
      body: { input: { message: 'Hi' }, labels: { tenant: LONG.slice(0, 60), channel: 'mail' }, wait: 5_000 },
    });
  }
});

it.each([1440, 1024, 768, 390])('fit into a window of %i px', async (width) => {
  const { page } = await stage.open('/workflows', { width, height: 844 });
  const name = page.getByRole('link', { name: LONG });
  await name.waitFor();
  await eventually(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  const menu = await page.getByRole('button', { name: `More actions for ${LONG}` }).boundingBox();
  const title = await name.boundingBox();
  expect((menu?.x ?? 0) + (menu?.width ?? 0)).toBeLessThanOrEqual(width);
  expect((title?.x ?? 0) + (title?.width ?? 0)).toBeLessThanOrEqual(menu?.x ?? 0);
  await page.locator('a:dir(rtl)', { hasText: ARABIC }).first().waitFor();

  await page.goto(new URL('/runs', page.url()).href);
  await page.getByRole('link', { name: LONG, exact: true }).waitFor();
  await eventually(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
});
