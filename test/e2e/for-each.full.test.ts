import { createWorkflow, getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { eachGraph, transform } from '../kit/each-graph.ts';
import { node } from '../kit/graph.ts';
import { drag, editorOn, middleOf } from './editor.ts';
import { eventually, useStage } from './stage.ts';

/* A for-each on the canvas: drawn, run, and looked into. */

const stage = useStage();

async function open(graph?: Graph) {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Each', ...(graph && { graph }) } });
  const opened = await stage.open(`/workflows/${id}`);
  return { ...opened, id, editor: await editorOn(opened.page) };
}

const draftOf = async (id: string) => (await stage.server.call(getWorkflow, { params: { id } })).draft;
const parentOf = async (id: string, title: string) => {
  const { nodes } = await draftOf(id);
  const parent = nodes.find(({ data }) => data.title === title)?.parentId;
  return nodes.find((node) => node.id === parent)?.data.title;
};
const fromPalette = (page: Page, title: string) =>
  page.getByRole('complementary', { name: 'Add a node' }).getByRole('option', { name: new RegExp(`^${title}`) });

/** Divides by each item, so an item of 0 fails. The list is in the node, because a run needs no input then. */
const dividing = (items: string): Graph => {
  const graph = eachGraph(
    { items, concurrency: 2 },
    [transform('share', { value: '12 / item.n' }), transform('twice', { value: 'steps.share.value * 2' })],
    [['share', 'twice']],
  );
  const places: Record<string, { x: number; y: number }> = {
    start: { x: 0, y: 20 },
    each: { x: 280, y: 0 },
    share: { x: 24, y: 120 },
    twice: { x: 304, y: 120 },
    reply: { x: 920, y: 20 },
  };
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, position: places[node.id] ?? node.position })) };
};
const LIST = '{{ [{"n": 1, "name": "Ada"}, {"n": 0, "name": "Bob"}, {"n": 3, "name": "Cleo"}] }}';

it('is drawn by mouse: nodes are dropped into it, dragged out of it, and move with it', async () => {
  const { page, editor, id, mistakes } = await open();
  await page.keyboard.press('n');
  const reply = await middleOf(editor.step('Reply'));
  await drag(page, fromPalette(page, 'For-each'), { x: reply.x - 250, y: reply.y + 160 });
  await editor.step('For-each').waitFor();
  const ground = await middleOf(editor.step('For-each'));
  await drag(page, fromPalette(page, 'Transform'), { x: ground.x, y: ground.y + 30 });
  await editor.saved();
  await eventually(() => parentOf(id, 'Transform')).toBe('For-each');
  await page.keyboard.press('Escape');

  const before = await middleOf(editor.step('Transform'));
  await drag(page, editor.step('For-each').getByText('For-each', { exact: true }), { x: ground.x - 160, y: ground.y - 60 });
  await eventually(async () => (await middleOf(editor.step('Transform'))).y).not.toBe(before.y);
  expect(await parentOf(id, 'Transform')).toBe('For-each');

  await drag(page, editor.outputPort('Input'), editor.inputPort('Transform'));
  expect(await editor.edges().count()).toBe(1);

  const inner = await middleOf(editor.step('Transform'));
  await drag(page, editor.step('Transform'), { x: inner.x, y: inner.y - 330 });
  await eventually(() => parentOf(id, 'Transform')).toBe(undefined);
  await page.keyboard.press('Control+z');
  await eventually(() => parentOf(id, 'Transform')).toBe('For-each');
  await page.keyboard.press('Control+z');
  expect(mistakes).toEqual([]);
});

it('is drawn by keyboard: into it, out of it, duplicated, and deleted with its contents', async () => {
  const { page, editor, id } = await open(dividing(LIST));
  await editor.step('share').focus();
  await page.keyboard.press('i');
  await editor.saved();
  await eventually(() => parentOf(id, 'share')).toBe(undefined);
  await editor.step('share').focus();
  await page.keyboard.press('i');
  await eventually(() => parentOf(id, 'share')).toBe('each');
  await editor.step('each').focus();
  await page.keyboard.press('Control+d');
  await eventually(async () => (await draftOf(id)).nodes.filter(({ parentId }) => parentId !== undefined).length).toBe(4);
  await page.keyboard.press('Delete');
  await eventually(async () => (await draftOf(id)).nodes.length).toBe(5);
  await editor.step('each').focus();
  await page.keyboard.press('Delete');
  await eventually(async () => (await draftOf(id)).nodes.map(({ data }) => data.title).sort()).toEqual(['reply', 'start']);
});

it('shows each item of a run on the canvas and in the inspector, and retries the failed ones', async () => {
  const { page, editor, mistakes } = await open(dividing(LIST));
  await editor.runButton.click();
  const each = editor.step('each');
  await each.getByText('3 of 3').waitFor();
  await each.getByText('1 failed').waitFor();
  await each.getByRole('button', { name: 'Item 2, failed' }).click();
  await each.getByText('Bob', { exact: true }).waitFor();
  await editor.step('share').getByText('Failed').waitFor();
  await each.getByRole('button', { name: 'Next item' }).click();
  await each.getByText('Cleo', { exact: true }).waitFor();
  await editor.step('twice').getByText('Succeeded').waitFor();

  await each.getByText('each', { exact: true }).click();
  await editor.inspector.getByRole('tab', { name: 'Items' }).click();
  await editor.inspector.getByText('3 of 3').waitFor();
  await editor.inspector
    .getByRole('button', { name: /^Item 2/ })
    .first()
    .click();
  await each.getByText('Bob', { exact: true }).waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await editor.inspector.getByRole('button', { name: 'Retry failed items' }).click();
  await page.getByText('Retrying failed items').waitFor();
  await each.getByText('3 of 3').waitFor();
  expect(mistakes).toEqual([]);
});

it('shows the steps of an item of a long list, which are read when it is shown', async () => {
  const { editor, mistakes } = await open(dividing('{{ range(150).map(n, {"n": n, "name": "Item no. " + string(n)}) }}'));
  await editor.runButton.click();
  const each = editor.step('each');
  await each.getByText('150 of 150').waitFor();
  await editor.step('share').getByText('Failed').waitFor();
  await each.getByRole('button', { name: 'Item 7, succeeded' }).click();
  await each.getByText('Item no. 6', { exact: true }).waitFor();
  await editor.step('twice').getByText('Succeeded').waitFor();

  await editor.openStep('twice');
  await editor.inspector.getByText('steps.share.value').first().waitFor();
  await editor.inspector.getByRole('definition').filter({ hasText: /^2$/ }).waitFor();
  await editor.inspector.getByRole('tab', { name: 'Last run' }).click();
  await editor.inspector.getByText('"value": 4').waitFor();
  await editor.runPanel.getByRole('tab', { name: 'Events' }).click();
  await editor.runPanel
    .getByText(/^share \(each, item 1\) failed/)
    .first()
    .waitFor();
  expect(mistakes).toEqual([]);
});

it('shows at once that an item waits for a person, also the one that started last', async () => {
  const review = node('human-review', 'check', { title: 'Check it', decisions: [{ id: 'approve', title: 'Approve' }], fields: [] });
  // The call takes a moment, so the start of the item and its wait arrive apart.
  const ask = node('prompt', 'ask', { route: 'fast', message: '{{ string(item) }}' });
  const graph = eachGraph({ items: '{{ [1, 2, 3] }}', concurrency: 2 }, [ask, review], [['ask', 'check']]);
  const { editor, mistakes } = await open({ ...graph, nodes: graph.nodes.map((one) => (one.id === 'reply' ? { ...one, position: { x: 920, y: 20 } } : one)) });
  await editor.runButton.click();
  for (const item of [1, 2, 3])
    await editor
      .step('each')
      .getByRole('button', { name: `Item ${item}, waiting` })
      .waitFor();
  expect(mistakes).toEqual([]);
});
