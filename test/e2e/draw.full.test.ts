import { createWorkflow, getWorkflow, listWorkflows } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { drag, type EditorOnPage, editorOn, middleOf } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

/** Opens a workflow on its canvas. Without a graph: a new one, with an input connected to an output. */
async function open(graph?: Graph): Promise<{ page: Page; editor: EditorOnPage; mistakes: readonly string[] }> {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Drawn', ...(graph && { graph }) } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  return { page, editor: await editorOn(page), mistakes };
}

const paletteItem = (page: Page, title: string): Locator =>
  page.getByRole('complementary', { name: 'Add a node' }).getByRole('option', { name: new RegExp(`^${title}`) });

async function openPalette(page: Page): Promise<void> {
  if ((await page.getByRole('complementary', { name: 'Add a node' }).count()) === 0) await page.keyboard.press('n');
  await page.getByRole('complementary', { name: 'Add a node' }).waitFor();
}

const draftOf = async (page: Page) => (await stage.server.call(getWorkflow, { params: { id: page.url().split('/').at(-1) ?? '' } })).draft;

const undo = (page: Page): Promise<void> => page.keyboard.press('Control+z');

it('inserts a node dropped on an edge, and undoes that in one step', async () => {
  const { page, editor } = await open();
  await openPalette(page);
  const [from, to] = await Promise.all([middleOf(editor.outputPort('Input')), middleOf(editor.inputPort('Reply'))]);
  await drag(page, paletteItem(page, 'Classify'), { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 + 6 });
  await editor.step('Classify').waitFor();
  await eventually(() => editor.edges().count()).toBe(2);
  await page.keyboard.press('Escape');
  await editor.canvas.click({ position: { x: 400, y: 600 } });
  await undo(page);
  await editor.step('Classify').waitFor({ state: 'detached' });
  expect(await editor.edges().count()).toBe(1);
  await page.keyboard.press('Control+Shift+z');
  await editor.step('Classify').waitFor();
  await editor.saved();
  await eventually(async () => (await draftOf(page)).edges.length).toBe(2);
});

it('drops a node on the empty canvas, and moves it as one undo step', async () => {
  const { page, editor } = await open();
  await openPalette(page);
  const reply = await middleOf(editor.step('Reply'));
  await drag(page, paletteItem(page, 'Prompt'), { x: reply.x - 60, y: reply.y + 180 });
  await editor.step('Prompt').waitFor();
  expect(await editor.edges().count()).toBe(1);
  const placeOf = async () => (await draftOf(page)).nodes.find((node) => node.data.title === 'Prompt')?.position;
  await eventually(placeOf).toBeDefined();
  const before = await placeOf();
  const held = await middleOf(editor.step('Prompt'));
  await drag(page, editor.step('Prompt'), { x: held.x + 120, y: held.y + 60 });
  await eventually(placeOf).not.toEqual(before);
  await undo(page);
  await eventually(placeOf).toEqual(before);
  await undo(page);
  await editor.step('Prompt').waitFor({ state: 'detached' });
});

it('offers nodes where an edge is dropped, and connects the chosen one', async () => {
  const { page, editor } = await open();
  const from = await middleOf(editor.outputPort('Input'));
  await drag(page, editor.outputPort('Input'), { x: from.x + 90, y: from.y + 170 });
  const search = page.getByRole('combobox', { name: 'Search nodes' });
  await search.fill('cond');
  await search.press('Enter');
  await editor.step('Condition').waitFor();
  await eventually(() => editor.edges().count()).toBe(2);
  await undo(page);
  await editor.step('Condition').waitFor({ state: 'detached' });
  expect(await editor.edges().count()).toBe(1);
});

it('reports each mistake on its node before a run, with a fix', async () => {
  const { page, editor } = await open();
  await openPalette(page);
  const reply = await middleOf(editor.step('Reply'));
  await drag(page, paletteItem(page, 'Prompt'), { x: reply.x - 60, y: reply.y + 180 });
  await editor.step('Prompt').waitFor();
  const dot = editor.step('Prompt').getByRole('button', { name: /problem/i });
  await dot.waitFor();
  expect(await dot.getAttribute('aria-label')).toMatch(/can’t be reached from the input/);
  await editor.openStep('Prompt');
  const message = editor.inspector.getByRole('textbox', { name: 'User message' });
  await message.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Answer {{ input.mesage');
  const typo = editor.inspector.getByText(/“mesage” isn’t a known field/).first();
  await typo.waitFor();
  await editor.inspector.getByRole('button', { name: 'Change to “message”' }).click();
  await typo.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /^\d+ problem/ }).click();
  await page
    .getByRole('dialog')
    .getByText(/can’t be reached from the input/)
    .waitFor();
});

it('copies, duplicates, deletes, and tidies up, each as one step', async () => {
  const { page, editor } = await open();
  await editor.step('Reply').click({ position: { x: 60, y: 22 } });
  await page.keyboard.press('Escape');
  await editor.step('Reply').click({ position: { x: 60, y: 22 } });
  await page.getByRole('button', { name: 'Close', exact: false }).first().click();
  await page.keyboard.press('Control+d');
  await eventually(() => editor.steps().count()).toBe(3);
  await undo(page);
  await eventually(() => editor.steps().count()).toBe(2);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await eventually(() => editor.steps().count()).toBe(4);
  await eventually(() => editor.edges().count()).toBe(2);
  await undo(page);
  await eventually(() => editor.steps().count()).toBe(2);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await eventually(() => editor.steps().count()).toBe(0);
  await undo(page);
  await eventually(() => editor.steps().count()).toBe(2);
  await editor.saved();
});

it('lists its shortcuts, and keeps everything across a reload', async () => {
  const { page, editor, mistakes } = await open();
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog');
  await keys.getByText('Undo', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'hidden' });
  await editor.openStep('Input');
  await editor.inspector.getByRole('textbox', { name: 'Title' }).fill('What they wrote');
  await editor.step('What they wrote').waitFor();
  await page.reload();
  await (await editorOn(page)).step('What they wrote').waitFor();
  await eventually(async () => (await draftOf(page)).nodes.map((node) => node.data.title)).toContain('What they wrote');
  expect(mistakes).toEqual([]);
});

/** Sorts a message. Two branches lead to the reply, one is not connected. */
function sorting(): Graph {
  const labels = ['billing', 'bug'].map((name) => ({ name, description: `It is about ${name}`, examples: [] }));
  const nodes = [
    messageInput(),
    node('classify', 'sort', { text: '{{ input.message }}', labels }, { title: 'Sort' }),
    node('output', 'reply', { value: '{{ steps.sort.label }}' }, { title: 'Reply' }),
  ].map((one, index) => ({ ...one, position: { x: index * 320, y: 0 } }));
  return graphOf(nodes, [edge('start', 'sort'), edge('sort.billing', 'reply'), edge('sort.unsure', 'reply')]);
}

it('undoes typing, a renamed key, an edited label, and an edge, each in one step', async () => {
  const { page, editor, mistakes } = await open(sorting());
  const before = await draftOf(page);
  const undone = async () => {
    await page.keyboard.press('Escape');
    await undo(page);
    await editor.saved();
    await eventually(() => draftOf(page)).toEqual(before);
  };
  await editor.openStep('Sort');
  const title = editor.inspector.getByRole('textbox', { name: 'Title' });
  await title.press('End');
  await title.pressSequentially(' by kind');
  await editor.step('Sort by kind').waitFor();
  await undone();

  await editor.openStep('Sort');
  await editor.inspector.getByRole('textbox', { name: /^Node key/ }).fill('kind');
  await page.keyboard.press('Enter');
  await eventually(async () => (await draftOf(page)).nodes.at(-1)?.data.params.value).toBe('{{ steps.kind.label }}');
  await undone();

  await editor.openStep('Sort');
  await editor.inspector
    .getByRole('button', { name: /billing/ })
    .first()
    .click();
  const label = editor.inspector.getByRole('textbox', { name: 'Label', exact: true }).first();
  await label.press('End');
  await label.pressSequentially(' and refunds');
  // The branch has a new name and keeps its edge.
  await editor.outputPort('Sort', 'billing').getByText('billing').or(editor.step('Sort').getByText('billing and refunds')).first().waitFor();
  expect(await editor.edges().count()).toBe(3);
  await undone();

  await drag(page, editor.outputPort('Sort', 'bug'), editor.inputPort('Reply'));
  await eventually(() => editor.edges().count()).toBe(4);
  await undone();
  expect(await editor.edges().count()).toBe(3);
  expect(mistakes).toEqual([]);
});

it('keeps all nodes in view when the palette and inspector open beside them', async () => {
  const { page, editor } = await open();
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await openPalette(page);
  await page.keyboard.type('classify');
  await page.keyboard.press('Enter');
  await editor.inspector.waitFor();
  const allShown = async () => {
    const canvas = await editor.canvas.boundingBox();
    const boxes = await Promise.all(['Input', 'Classify', 'Reply'].map((title) => editor.step(title).boundingBox()));
    return boxes.every((box) => box && canvas && box.x >= canvas.x && box.x + box.width <= canvas.x + canvas.width);
  };
  await eventually(allShown).toBe(true);
});

it('selects several nodes with Shift or a selection box, and moves and pastes them as one undo step', async () => {
  const { page, editor } = await open(sorting());
  const chosen = editor.canvas.locator('.react-flow__node.selected');
  for (const title of ['Sort', 'Reply']) await editor.step(title).click({ position: { x: 60, y: 22 }, modifiers: ['Shift'] });
  await eventually(() => chosen.count()).toBe(2);
  await editor.step('Sort').click({ position: { x: 60, y: 22 }, modifiers: ['Shift'] });
  await eventually(() => chosen.count()).toBe(1);
  await page.keyboard.press('Escape');

  const [first, last] = await Promise.all([editor.steps().first().boundingBox(), editor.step('Reply').boundingBox()]);
  if (!first || !last) throw new Error('The nodes are not on the page.');
  await page.mouse.move(first.x - 20, first.y - 20);
  await page.mouse.down();
  await page.mouse.move(last.x + last.width + 10, last.y + 200, { steps: 6 });
  await page.mouse.up();
  await eventually(() => chosen.count()).toBe(3);

  const before = await draftOf(page);
  const held = await middleOf(editor.step('Sort'));
  await drag(page, editor.step('Sort'), { x: held.x + 40, y: held.y + 80 });
  await eventually(async () => (await draftOf(page)).nodes.every((node, index) => node.position.y > (before.nodes[index]?.position.y ?? 0))).toBe(true);
  await undo(page);
  await eventually(() => draftOf(page)).toEqual(before);

  await page.keyboard.press('Control+c');
  await page.mouse.move(5, 5);
  for (const [pastes, count] of [
    [1, 6],
    [2, 9],
  ]) {
    await page.keyboard.press('Control+v');
    await eventually(() => editor.steps().count(), { message: `after ${pastes} pastes` }).toBe(count);
  }
  const places = async () => new Set((await draftOf(page)).nodes.map(({ position: { x, y } }) => `${x},${y}`)).size;
  await eventually(places).toBe(9);
});

const set = (key: string, value: string, x: number) => ({ ...node('transform', key, { fields: [{ name: 'text', value }] }), position: { x, y: 0 } });
const steps = () =>
  graphOf(
    [
      messageInput(),
      set('clean', 'input.message.trim()', 260),
      set('loud', 'steps.clean.text.upper()', 520),
      { ...node('output', 'reply', { value: '{{ steps.loud.text }}' }), position: { x: 780, y: 0 } },
    ],
    [edge('start', 'clean'), edge('clean', 'loud'), edge('loud', 'reply')],
  );

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search' }).fill(title);
  await page.getByRole('option', { name: title }).first().click();
}

it('moves selected steps into a sub-workflow, and puts them back inline', async () => {
  const { page, editor, mistakes } = await open(steps());
  await editor.step('clean').click();
  await editor.step('loud').click({ modifiers: ['Control'] });
  await command(page, 'Make a sub-workflow');
  const dialog = page.getByRole('dialog', { name: 'Make a sub-workflow' });
  await dialog.waitFor();
  await dialog.getByText('message', { exact: true }).waitFor();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Shout');
  await dialog.getByRole('button', { name: 'Create and publish' }).click();
  await editor.step('Shout').waitFor();
  expect(await editor.step('loud').count()).toBe(0);
  await editor.saved();
  await eventually(async () => (await draftOf(page)).nodes.map(({ type }) => type)).toEqual(['input', 'output', 'workflow']);
  const { items } = await stage.server.call(listWorkflows, { query: {} });
  expect(items.find(({ name }) => name === 'Shout')).toMatchObject({ liveVersion: 1, problemCount: 0 });
  await command(page, 'Put the steps back inline');
  await editor.step('loud').waitFor();
  await eventually(async () => (await draftOf(page)).nodes.find(({ data }) => data.key === 'reply')?.data.params.value).toBe('{{ steps.loud.text }}');
  expect(mistakes).toEqual([]);
});

it('shows the limit of a loop on its edge, and edits it there', async () => {
  const looped = graphOf(
    [
      messageInput(),
      set('draft', 'input.message', 260),
      { ...node('condition', 'good', { branches: [{ id: 'yes', name: 'yes', by: 'expression', expression: 'round > 3' }] }), position: { x: 520, y: 0 } },
      { ...node('output', 'reply', { value: '{{ steps.draft.text }}' }), position: { x: 780, y: 0 } },
    ],
    [
      edge('start', 'draft'),
      edge('draft', 'good'),
      { ...edge('good', 'reply'), sourceHandle: 'yes' },
      { ...edge('good', 'draft'), sourceHandle: 'else', data: { back: true } },
    ],
  );
  const { page, mistakes } = await open(looped);
  const limitOf = async () => (await draftOf(page)).edges.find(({ data }) => data?.back)?.data?.limit;
  await page.getByRole('button', { name: 'Loop limit: up to 10×' }).press('Enter');
  const field = page.getByRole('textbox', { name: 'Loop limit' });
  await field.fill('3');
  await field.press('Enter');
  await page.getByRole('button', { name: 'Loop limit: up to 3×' }).waitFor();
  await eventually(limitOf).toBe(3);
  await undo(page);
  await eventually(limitOf).toBeUndefined();
  expect(mistakes).toEqual([]);
});
