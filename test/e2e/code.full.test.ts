import { createWorkflow, getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

const codeGraph = (source: string): Graph =>
  graphOf(
    [
      node('input', 'start', {
        schema: { type: 'object', properties: { message: { type: 'string' } } },
        samples: [{ name: 'One', value: { message: 'hello' } }],
      }),
      node('code', 'count', { source }, { title: 'Count' }),
      node('output', 'reply', { value: '{{ steps.count }}' }),
    ].map((one, index) => ({ ...one, position: { x: index * 320, y: 0 } })),
    [edge('start', 'count'), edge('count', 'reply')],
  );

async function openCode(source: string) {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Counting', graph: codeGraph(source) } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.openStep('Count');
  const field = editor.inspector.getByRole('textbox', { name: 'Code', exact: true });
  await field.waitFor();
  const draft = async () => (await stage.server.call(getWorkflow, { params: { id } })).draft;
  return { page, mistakes, editor, field, draft };
}

it('code is tested with the values shown, and an error is marked at its line', async () => {
  const { page, mistakes, editor, field, draft } = await openCode('console.log("length", input.message.length);\nreturn input.message.length;');
  const test = editor.inspector.getByRole('button', { name: 'Test', exact: true });
  const result = editor.inspector.getByRole('region', { name: 'Test result' });
  await test.click();
  await result.getByText(/^Succeeded in/).waitFor();
  await result.getByRole('region', { name: 'Output of the test' }).getByText('5', { exact: true }).waitFor();
  await result.getByRole('list', { name: 'Console' }).getByText('length 5').waitFor();
  expect(await barriersOn(page)).toEqual([]);

  await field.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText('const a = 1;\nreturn input.nope.deep;');
  await result.getByText(/before your last edit$/).waitFor();
  await test.click();
  await result.getByText(/cannot read property 'deep' of undefined \(line 2/).waitFor();
  await field.locator('.cm-lintRange-error').first().waitFor();
  await eventually(async () => (await draft()).nodes[1]?.data.params.source).toBe('const a = 1;\nreturn input.nope.deep;');
  expect(mistakes).toEqual([]);
});

it('names of the scope and of helpers are completed', async () => {
  const { page, mistakes, editor, field, draft } = await openCode('');
  await page.keyboard.press('Escape');
  await editor.canvas.click({ position: { x: 20, y: 20 } });
  await page.getByRole('button', { name: 'Workflow settings' }).click();
  const helpers = page.getByRole('textbox', { name: 'Helpers', exact: true });
  await helpers.click();
  await page.keyboard.insertText('export const twice = (text: string) => text + text;');
  await eventually(async () => (await draft()).helpers).toBe('export const twice = (text: string) => text + text;');
  await editor.openStep('Count');
  await field.click();
  await page.keyboard.type('return helpers.tw');
  await page.getByRole('option', { name: /helpers\.twice/ }).click();
  await page.keyboard.type('(input.me');
  await page.getByRole('option', { name: /input\.message/ }).click();
  await editor.inspector.getByRole('button', { name: 'Test', exact: true }).click();
  await editor.inspector.getByRole('region', { name: 'Output of the test' }).getByText('hellohello').waitFor();
  expect(mistakes).toEqual([]);
});

it('the console of a run is shown with its step', async () => {
  const { mistakes, editor } = await openCode('console.warn("watch out");\nreturn 1;');
  await editor.runButton.click();
  await editor.inspector.getByRole('tab', { name: 'Last run' }).click();
  await editor.inspector.getByRole('list', { name: 'Console' }).getByText('watch out').waitFor();
  expect(mistakes).toEqual([]);
});

it('errors are marked where the last run failed and while typing, and helpers are edited beside the code', async () => {
  const { page, mistakes, editor, field } = await openCode('return helpers.half(input.message);');
  await editor.inspector.getByRole('button', { name: 'Helpers of this workflow' }).click();
  const helpers = editor.inspector.getByRole('textbox', { name: 'Helpers', exact: true });
  await helpers.click();
  await page.keyboard.insertText('export const half = (text) => text.missing.length;');
  await editor.runButton.click();
  await editor.step('Count').getByText('Failed').waitFor();
  await helpers.locator('.cm-lintRange-error').first().waitFor();

  await field.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText('return (1 + ;');
  await field.locator('.cm-lintRange-error').first().waitFor();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText('return 41 + 1;');
  await page.keyboard.press('Control+Enter');
  await editor.inspector.getByRole('region', { name: 'Output of the test' }).getByText('42').waitFor();
  await eventually(() => field.locator('.cm-lintRange-error').count()).toBe(0);
  expect(mistakes).toEqual([]);
});
