import { createWorkflow, getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { drag, type EditorOnPage, editorOn, middleOf } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

const transform = (key: string, title: string, x: number, y: number) => ({
  ...node('transform', key, { fields: [{ name: 'x', value: `'${key}'` }] }, { title }),
  position: { x, y },
});
/** Input → First → Second → Third, and Fourth without edges. */
const graph: Graph = graphOf(
  [
    messageInput(),
    transform('first', 'First', 300, 40),
    transform('second', 'Second', 600, 0),
    transform('third', 'Third', 900, 60),
    transform('fourth', 'Fourth', 600, 300),
  ],
  [edge('start', 'first'), edge('first', 'second'), edge('second', 'third')],
);

async function open(drawn = graph, size = { width: 1440, height: 900 }) {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Tools', graph: drawn } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`, size);
  const draft = async () => (await stage.server.call(getWorkflow, { params: { id } })).draft;
  return { page, editor: await editorOn(page), draft, mistakes };
}

const placeOf = async (draft: () => Promise<Graph>, title: string) => (await draft()).nodes.find(({ data }) => data.title === title)?.position;
const head = { position: { x: 60, y: 22 } };

async function selectAlso(editor: EditorOnPage, ...titles: string[]): Promise<void> {
  for (const [index, title] of titles.entries()) await editor.step(title).click({ ...head, modifiers: index === 0 ? [] : ['Control'] });
  await editor.page.keyboard.press('Escape');
}

it('aligns, groups, moves, and ungroups what is selected, each in one step', async () => {
  const { page, editor, draft, mistakes } = await open();
  await selectAlso(editor, 'First', 'Second');
  const bar = page.getByRole('toolbar', { name: 'Selected nodes' });
  await bar.getByText('2 selected').waitFor();
  await bar.getByRole('button', { name: 'Align top' }).click();
  await eventually(() => placeOf(draft, 'First')).toEqual({ x: 300, y: 0 });
  await bar.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByRole('textbox', { name: 'Group title' }).fill('Gather');
  await page.keyboard.press('Enter');
  const group = editor.step('Gather');
  await group.waitFor();
  expect(await editor.edges().count()).toBe(3);
  const before = await middleOf(editor.step('Second'));
  const title = await middleOf(group.getByText('Gather'));
  await drag(page, group.getByText('Gather'), { x: title.x + 60, y: title.y + 120 });
  const after = await middleOf(editor.step('Second'));
  const moved = await middleOf(group.getByText('Gather'));
  expect(moved.y - title.y).toBeGreaterThan(80);
  expect([after.x - before.x, after.y - before.y].map(Math.round)).toEqual([moved.x - title.x, moved.y - title.y].map(Math.round));
  await page.keyboard.press('Control+Shift+g');
  await group.waitFor({ state: 'detached' });
  expect((await middleOf(editor.step('Second'))).y).toBeCloseTo(after.y, 0);
  await page.keyboard.press('Control+z');
  await group.waitFor();
  await page.keyboard.press('Control+z');
  await eventually(async () => Math.round((await middleOf(editor.step('Second'))).y - before.y)).toBe(0);
  expect(mistakes).toEqual([]);
});

it('offers tools on the hovered node, at its port, and on the hovered edge', async () => {
  const { page, editor, draft, mistakes } = await open();
  await editor.step('First').hover(head);
  const tools = page.getByRole('toolbar', { name: 'Tools of First' });
  await tools.getByRole('button', { name: 'Disable' }).click();
  await editor.step('First').getByText('Disabled: passes input through').waitFor();
  await editor.outputPort('Fourth').hover();
  await page.getByRole('button', { name: 'Add a node here' }).click();
  await page.getByRole('combobox', { name: 'Search nodes' }).fill('delay');
  await page.keyboard.press('Enter');
  await editor.step('Delay').waitFor();
  await eventually(() => editor.edges().count()).toBe(4);
  const [from, to] = [await middleOf(editor.outputPort('First')), await middleOf(editor.inputPort('Second'))];
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  await page.getByRole('button', { name: 'Insert a node' }).click();
  await page.getByRole('combobox', { name: 'Search nodes' }).fill('prompt');
  await page.keyboard.press('Enter');
  await editor.step('Prompt').waitFor();
  await eventually(() => editor.edges().count()).toBe(5);
  await eventually(async () => (await draft()).edges.length).toBe(5);
  expect(mistakes).toEqual([]);
});

it('opens menus by right click and by key, and returns the focus', async () => {
  const { page, editor, mistakes } = await open();
  const item = (name: string | RegExp): Locator => page.getByRole('menuitem', { name });
  await editor.step('First').click({ ...head, button: 'right' });
  await item('Run this node').waitFor();
  expect(await barriersOn(page, { without: ['region'] })).toEqual([]);
  await item('Duplicate').click();
  await editor.step('First 2').waitFor();
  await page.keyboard.press('Escape');
  await editor.step('Second').focus();
  await page.keyboard.press('Shift+F10');
  await item('Rename').waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await editor.step('Second').waitFor({ state: 'detached' });
  const canvas = await editor.canvas.boundingBox();
  await page.mouse.click((canvas?.x ?? 0) + 200, (canvas?.y ?? 0) + 560, { button: 'right' });
  await item('Select all').click();
  const bar = page.getByRole('toolbar', { name: 'Selected nodes' });
  await bar.waitFor();
  await editor.step('Third').click({ ...head, button: 'right' });
  await item('Arrange').hover();
  await item('Align left').waitFor();
  expect(mistakes).toEqual([]);
});

it('finds nodes by title and text, and shows them at a readable size', async () => {
  const { page, editor, mistakes } = await open();
  await editor.canvas.click({ position: { x: 60, y: 560 } });
  await page.keyboard.press('Control+f');
  const field = page.getByRole('textbox', { name: 'Find nodes' });
  await field.fill('transform');
  await page.getByText('1 of 4 nodes').waitFor();
  await field.fill('second');
  await page.getByText('1 of 1 node').waitFor();
  await field.press('Control+Enter');
  await page.getByRole('button', { name: /^Zoom 100%/ }).waitFor();
  await field.press('Escape');
  await eventually(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Second');
  expect(mistakes).toEqual([]);
});
