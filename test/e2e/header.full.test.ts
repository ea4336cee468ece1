import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { editorOn } from './editor.ts';
import { useStage } from './stage.ts';

const stage = useStage();

/** Can't run: the output reads a node that doesn't exist. */
const broken = graphOf([messageInput(), node('output', 'reply', { value: '{{ steps.gone.text }}' })], [edge('start', 'reply')]);

async function boxOf(place: Locator) {
  const box = await place.boundingBox();
  if (!box) throw new Error(`Not on the page: ${place}`);
  return { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
}

it.each([1440, 1024, 390])('shows a notification below the header and next to the inspector at %i px', async (width) => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Order questions', graph: broken } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`, { width, height: 844 });
  const editor = await editorOn(page);
  await editor.runButton.click();
  await editor.inspector.waitFor();
  const notice = await boxOf(page.getByRole('alert').filter({ hasText: 'Can’t run yet' }));
  const [bar, inspector] = await Promise.all([boxOf(page.locator('main header').first()), boxOf(editor.inspector)]);
  expect(notice.top).toBeGreaterThan(bar.bottom);
  expect(notice.right <= inspector.left || notice.bottom <= inspector.top).toBe(true);
  expect(mistakes).toEqual([]);
});

it('fits name, state, and actions on one line from 1024 px', async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Questions about orders, parcels, and returns', graph: broken } });
  const { page } = await stage.open(`/workflows/${id}`, { width: 1024, height: 768 });
  await editorOn(page);
  const bar = page.locator('main header').first();
  await bar.getByText('1 problem').waitFor();
  for (const width of [1024, 1180, 1440]) {
    await page.setViewportSize({ width, height: 768 });
    const { top, bottom } = await boxOf(bar);
    expect(bottom - top).toBeLessThan(56);
    const [name, saved] = await Promise.all([boxOf(bar.getByRole('heading')), boxOf(bar.getByText('Saved'))]);
    expect(name.right).toBeLessThan(saved.left);
  }
});

it('keeps the state of a run in one line from 1024 px on', async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Questions about orders, parcels, and returns', graph: echoGraph() } });
  const run = await stage.server.call(startRun, { params: { id }, body: { input: { message: 'Hi' }, wait: 5_000 } });
  const { page } = await stage.open(`/runs/${run.id}`, { width: 1024, height: 768 });
  const bar = page.locator('main header').first();
  await bar.getByText('Succeeded').waitFor();
  for (const width of [1024, 1440]) {
    await page.setViewportSize({ width, height: 768 });
    const { top, bottom } = await boxOf(bar);
    expect(bottom - top).toBeLessThan(56);
  }
});

it('leads to every page from a phone, and shows all of its navigation', async () => {
  const { page, mistakes } = await stage.open('/workflows', { width: 390, height: 844 });
  const rail = page.getByRole('navigation', { name: 'Pages' });
  const more = rail.getByRole('button', { name: 'More' });
  const { left, right } = await boxOf(more);
  expect(left).toBeGreaterThan(300);
  expect(right).toBeLessThanOrEqual(390);
  await more.click();
  for (const name of ['Prompts', 'Models', 'Usage', 'Evaluate', 'Insight']) await rail.getByRole('link', { name }).waitFor();
  await rail.getByRole('link', { name: 'Settings' }).click();
  await page.waitForURL('**/settings');
  await rail.getByRole('link', { name: 'Settings' }).waitFor({ state: 'hidden' });
  await more.click();
  await page.setViewportSize({ width: 1024, height: 768 });
  await more.waitFor({ state: 'hidden' });
  expect((await boxOf(rail.getByRole('link', { name: 'Settings' }))).left).toBeLessThan(20);
  expect(mistakes).toEqual([]);
});
