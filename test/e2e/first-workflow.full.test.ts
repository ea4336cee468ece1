import { findTableRows, listTables } from '@switchyard/shared/contracts/state/tables.ts';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { drag, type EditorOnPage, editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

/* What a new user builds first, from an empty canvas: a summary of each of five articles, every morning, into a table, doubtful ones to a person. */

const stage = useStage();

const ARTICLES = ['Banks raise rates', 'Rain in the north', 'New night trains', 'Bread gets cheaper', 'An unclear report'];

/** Counts what a person clicks and types. A search that is typed ends with Enter. */
function personAt(page: Page) {
  const done = { clicks: 0, characters: 0 };
  const write = async (text: string) => {
    done.characters += text.length;
    await page.keyboard.insertText(text);
  };
  const click = async (target: Locator) => {
    done.clicks++;
    await target.click();
  };
  const replace = async (target: Locator, text: string) => {
    await click(target);
    await page.keyboard.press('ControlOrMeta+a');
    await write(text);
  };
  const add = async ({ steps }: EditorOnPage, search: string) => {
    const before = await steps().count();
    await write(search);
    await page.keyboard.press('Enter');
    await eventually(() => steps().count()).toBe(before + 1);
  };
  return { done, write, click, replace, add };
}

it('is built in few steps: a list, a summary of each item, a table, a reviewer, and a schedule', async () => {
  const { page, mistakes } = await stage.open('/workflows');
  const me = personAt(page);
  await me.click(page.getByRole('button', { name: 'Start from scratch' }));
  await page.getByRole('dialog', { name: 'New workflow' }).getByLabel('Name').waitFor();
  await me.write('Daily summary');
  await page.keyboard.press('Enter');
  const editor = await editorOn(page);
  const { inspector } = editor;

  await me.click(editor.step('Input'));
  await me.replace(inspector.getByRole('textbox', { name: 'JSON of the sample Hello' }), JSON.stringify({ articles: ARTICLES }));
  await me.click(inspector.getByRole('button', { name: 'Infer from samples' }));
  await inspector.getByRole('combobox', { name: 'Type of articles' }).waitFor();
  await me.click(editor.step('Input'));
  await page.keyboard.press('n');
  const search = page.getByRole('complementary', { name: 'Add a node' }).getByRole('combobox');
  await search.waitFor();
  await me.add(editor, 'for');
  expect(await page.getByRole('option').first().textContent()).toContain('Prompt');
  await me.add(editor, 'prompt');
  await me.click(search);
  await me.add(editor, 'classify');
  for (const label of ['good', 'doubtful']) {
    await me.click(inspector.getByRole('button', { name: 'Add label' }));
    await inspector.getByRole('textbox', { name: 'Label' }).last().and(page.locator(':focus')).waitFor();
    await me.write(label);
  }
  await editor.outputPort('Classify', 'doubtful').hover();
  await me.click(page.getByRole('button', { name: 'Add a node here' }));
  await me.add(editor, 'review');
  await me.click(search);
  await me.add(editor, 'state');
  await me.click(inspector.getByRole('combobox', { name: 'Operation' }));
  await me.click(page.getByRole('option', { name: 'Add a row', exact: true }));
  await me.click(inspector.getByRole('button', { name: 'New table' }));
  await inspector.getByRole('checkbox', { name: 'Item', exact: true }).waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await me.click(inspector.getByRole('button', { name: 'Create table' }));
  await inspector.getByRole('link', { name: 'Open table' }).waitFor();
  await page.keyboard.press('f');
  await drag(page, editor.outputPort('Classify', 'good'), editor.inputPort('State'));
  await drag(page, editor.outputPort('Classify', 'unsure'), editor.inputPort('Human review'));
  await editor.saved();

  await me.click(editor.runButton);
  await page.getByRole('link', { name: /Inbox 5 waiting for you/ }).waitFor();
  await me.click(page.getByRole('link', { name: /^Inbox/ }));
  for (let left = ARTICLES.length; left > 0; left--) {
    await page.getByRole('link', { name: new RegExp(`Inbox ${left} waiting`) }).waitFor();
    await me.click(page.getByRole('button', { name: 'Approve', exact: true }));
  }
  const rowsIn = async (space: 'draft' | 'live') => {
    const [table] = (await stage.server.call(listTables, {})).items;
    return (await stage.server.call(findTableRows, { params: { id: table?.id ?? '' }, body: { space } })).items.map(({ cells }) => cells);
  };
  await eventually(async () => (await rowsIn('draft')).map(({ Item }) => Item).sort()).toEqual([...ARTICLES].sort());
  expect((await rowsIn('draft'))[0]).toMatchObject({ Prompt: expect.any(String), Label: expect.any(String), Decision: 'approve' });

  await me.click(page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Workflows' }));
  await me.click(page.getByRole('link', { name: 'Daily summary', exact: true }));
  await me.click((await editorOn(page)).step('State'));
  await me.click(inspector.getByRole('link', { name: 'Open table' }));
  await page.getByRole('gridcell', { name: 'An unclear report', exact: true }).waitFor();
  await page.goBack();
  await editorOn(page);
  await me.click(page.getByRole('button', { name: 'Triggers' }));
  await me.click(page.getByRole('button', { name: 'Add trigger' }));
  await me.click(page.getByRole('menuitem', { name: 'Schedule' }));
  await page.getByText('The Input node rejects this: “articles” is missing.').waitFor();
  await me.click(page.getByRole('button', { name: 'Use sample “Hello”' }));
  await me.click(page.getByRole('form', { name: 'New trigger' }).getByRole('button', { name: 'Add trigger' }));
  await me.click(page.getByRole('button', { name: 'Publish v1' }));
  await me.click(page.getByRole('form', { name: 'Publish' }).getByRole('button', { name: 'Publish v1' }));
  await page.getByText('v1 is live').last().waitFor();
  await me.click(page.getByRole('button', { name: 'Triggers' }));
  await me.click(page.getByRole('button', { name: /^Schedule/ }).first());
  await me.click(page.getByRole('button', { name: 'Run now' }));
  await page.getByRole('link', { name: /Inbox 5 waiting for you/ }).waitFor();
  await me.click(page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Runs' }));
  await page.getByText(/^Schedule · \d\d:\d\d · Banks raise rates/).waitFor();

  expect(me.done.clicks).toBeLessThanOrEqual(42);
  expect(me.done.characters).toBeLessThanOrEqual(250);
  expect(mistakes).toEqual([]);
});
