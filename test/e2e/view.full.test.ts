import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { edge, graphOf, messageInput, node, reviewGraph } from '../kit/graph.ts';
import { type EditorOnPage, editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

async function open(graph: Graph, size: { width: number; height: number }) {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Seen', graph } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`, size);
  return { page, editor: await editorOn(page), mistakes };
}

/** Whether a node is completely in the part of the canvas that no tools or panels cover. */
async function isClear(editor: EditorOnPage, title: string): Promise<boolean> {
  const [step, canvas, tools] = await Promise.all([
    editor.step(title).boundingBox(),
    editor.canvas.boundingBox(),
    editor.page.getByRole('toolbar', { name: 'Canvas tools' }).boundingBox(),
  ]);
  if (!step || !canvas || !tools) return false;
  return step.x >= canvas.x && step.x + step.width <= canvas.x + canvas.width && step.y >= canvas.y && step.y + step.height <= tools.y;
}

const zoomOf = async ({ page }: EditorOnPage): Promise<number> =>
  Number.parseInt((await page.getByRole('button', { name: /^Zoom \d/ }).textContent()) ?? '', 10);

function chain(length: number): Graph {
  const steps = Array.from({ length }, (_, index) => node('transform', `step_${index}`, { fields: [{ name: 'x', value: '1' }] }, { title: `Step ${index}` }));
  const nodes = [messageInput(), ...steps].map((one, index) => ({ ...one, position: { x: index * 260, y: 0 } }));
  return graphOf(
    nodes,
    nodes.slice(1).map((one, index) => edge(nodes[index]?.id ?? '', one.id)),
  );
}

it('opens a node from the command palette at a readable zoom', async () => {
  const { page, editor, mistakes } = await open(chain(60), { width: 1440, height: 900 });
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await eventually(() => zoomOf(editor)).toBeLessThan(30);
  await page.keyboard.press('Control+k');
  await page
    .getByRole('combobox', { name: 'Search pages, workflows, and commands' })
    .or(page.getByRole('dialog').getByRole('combobox'))
    .first()
    .fill('Step 41');
  await page.keyboard.press('Enter');
  await editor.inspector.waitFor();
  await eventually(() => zoomOf(editor)).toBeGreaterThanOrEqual(70);
  await eventually(() => isClear(editor, 'Step 41')).toBe(true);
  expect(mistakes).toEqual([]);
});

it('scrolls a waiting step clear of the tools, with a link to the inbox', async () => {
  const graph = reviewGraph();
  const places: Readonly<Record<string, { x: number; y: number }>> = { check: { x: 300, y: 520 }, sent: { x: 600, y: 0 }, closed: { x: 600, y: 140 } };
  const far = { ...graph, nodes: graph.nodes.map((one) => ({ ...one, position: places[one.id] ?? one.position })) };
  const { page, editor, mistakes } = await open(far, { width: 1024, height: 700 });
  await editor.runButton.click();
  const link = editor.step('check').getByRole('link', { name: 'Open in Inbox' });
  await link.waitFor();
  await eventually(() => isClear(editor, 'check')).toBe(true);
  await link.click();
  await page.waitForURL(/\/inbox\?task=/);
  await page.getByRole('main').getByText('Check this').first().waitFor();
  expect(mistakes).toEqual([]);
});

it('keeps the selected node in view when the inspector opens, without zooming out, and shows all nodes again when it closes', async () => {
  const { editor } = await open(chain(5), { width: 1440, height: 900 });
  await eventually(() => zoomOf(editor)).toBeGreaterThan(70);
  const before = await zoomOf(editor);
  await editor.openStep('Step 4');
  await eventually(() => isClear(editor, 'Step 4')).toBe(true);
  expect(await zoomOf(editor)).toBe(before);
  const first = async () => (await editor.step('start').boundingBox())?.x;
  const covered = await first();
  await editor.page.keyboard.press('Escape');
  await eventually(first).not.toBe(covered);
  for (const title of ['start', 'Step 4']) await eventually(() => isClear(editor, title)).toBe(true);
});

it('keeps the whole graph in view when a panel about the workflow opens', async () => {
  const { page, editor } = await open(chain(6), { width: 1440, height: 900 });
  await eventually(() => isClear(editor, 'Step 5')).toBe(true);
  for (const name of ['Webhook', 'Workflow settings']) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('complementary', { name }).waitFor();
    for (const title of ['start', 'Step 5']) await eventually(() => isClear(editor, title)).toBe(true);
  }
});

it('shows plain cards when zoomed out too far to read titles, and titles again when zoomed in', async () => {
  const { page, editor } = await open(chain(40), { width: 1440, height: 900 });
  await eventually(() => zoomOf(editor)).toBeLessThan(20);
  const step = editor.step('Step 20');
  const title = step.getByText('Step 20', { exact: true });
  await title.waitFor({ state: 'hidden' });
  expect(await step.isVisible()).toBe(true);
  while ((await zoomOf(editor)) < 20) await page.getByRole('button', { name: 'Zoom in' }).click();
  await title.waitFor();
});

it('shows only icon and title when zoomed out, large enough to read', async () => {
  const { editor } = await open(chain(13), { width: 1440, height: 900 });
  await eventually(() => zoomOf(editor)).toBeLessThan(45);
  const step = editor.step('Step 3');
  const title = step.getByText('Step 3', { exact: true });
  await title.waitFor();
  await step.getByText('x', { exact: true }).waitFor({ state: 'hidden' });
  await eventually(() => editor.outputPort('Step 3').isVisible()).toBe(false);
  // Text of 10 px.
  expect((await title.boundingBox())?.height).toBeGreaterThan(10);
});

it('tidies a long chain into rows that can be read', async () => {
  const { page, editor, mistakes } = await open(chain(60), { width: 1440, height: 900 });
  await eventually(() => zoomOf(editor)).toBeLessThan(20);
  await page.getByRole('button', { name: 'Tidy up' }).click();
  await eventually(() => zoomOf(editor)).toBeGreaterThanOrEqual(35);
  await eventually(() => isClear(editor, 'Step 58')).toBe(true);
  expect(mistakes).toEqual([]);
});
