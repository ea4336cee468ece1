import { createWorkflow, getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

const retry = { max: 3, backoffMs: 5_000, factor: 2, jitter: 0.2 };
const prompt = node('prompt', 'draft', { message: '{{ input.message }}', route: 'fast', temperature: 0.2 }, { title: 'Draft', policy: { retry } });
const sort = node('classify', 'sort', { text: '{{ input.message }}', labels: [{ name: 'bug', description: 'A fault', examples: [] }] }, { title: 'Sort' });

async function open(step: Graph['nodes'][number], out = 'out') {
  const nodes = [messageInput(), step, node('output', 'reply', { value: 'x' })].map((one, index) => ({ ...one, position: { x: index * 300, y: 0 } }));
  const graph = graphOf(nodes, [edge('start', step.id), edge(`${step.id}.${out}`, 'reply')]);
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Typed', graph } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.openStep(step.data.title);
  const stepNow = async () => (await stage.server.call(getWorkflow, { params: { id } })).draft.nodes.find((one) => one.id === step.id)?.data;
  return { page, editor, mistakes, stepNow };
}

it('applies the valid part of an unfinished number, and leaves the text as typed', async () => {
  const { page, editor, mistakes, stepNow } = await open(prompt);
  await editor.inspector.getByRole('button', { name: /^Advanced/ }).click();
  const temperature = editor.inspector.getByRole('textbox', { name: 'Temperature' });
  await temperature.fill('');
  await temperature.pressSequentially('1.');
  await eventually(async () => (await stepNow())?.params.temperature).toBe(1);
  expect(await temperature.inputValue()).toBe('1.');
  expect(await page.getByRole('button', { name: /^\d+ problem/ }).count()).toBe(0);
  await temperature.pressSequentially('50');
  await eventually(async () => (await stepNow())?.params.temperature).toBe(1.5);
  expect(await temperature.inputValue()).toBe('1.50');
  await temperature.blur();
  expect(await temperature.inputValue()).toBe('1.5');
  expect(mistakes).toEqual([]);
});

it('keeps the retry backoff while its number is replaced', async () => {
  const { editor, mistakes, stepNow } = await open(prompt);
  await editor.inspector.getByRole('tab', { name: 'Error handling' }).click();
  const retries = editor.inspector.getByRole('textbox', { name: 'Retries' });
  await retries.fill('');
  await eventually(async () => (await stepNow())?.policy?.retry).toBeUndefined();
  await retries.fill('2');
  await eventually(async () => (await stepNow())?.policy?.retry).toEqual({ ...retry, max: 2 });
  expect(mistakes).toEqual([]);
});

it('keeps an empty last line of a list while typing, and an already used name with its error', async () => {
  const { page, editor, mistakes, stepNow } = await open(sort, 'bug');
  await editor.inspector.getByRole('button', { name: /bug/ }).first().click();
  const examples = editor.inspector.getByRole('textbox', { name: 'Examples' });
  await examples.pressSequentially('It crashes\n');
  await eventually(async () => (await stepNow())?.params.labels).toMatchObject([{ examples: ['It crashes'] }]);
  expect(await examples.inputValue()).toBe('It crashes\n');
  await examples.pressSequentially('It hangs');
  await eventually(async () => (await stepNow())?.params.labels).toMatchObject([{ examples: ['It crashes', 'It hangs'] }]);

  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await editor.openStep('start');
  await editor.inspector.getByRole('button', { name: 'Add field' }).click();
  const name = editor.inspector.getByRole('textbox', { name: 'Name of field 2' });
  await name.fill('message');
  await editor.inspector.getByText('Another field is named “message”').waitFor();
  await name.pressSequentially('_id');
  await name.blur();
  await eventually(() => name.inputValue()).toBe('message_id');
  expect(mistakes).toEqual([]);
});
