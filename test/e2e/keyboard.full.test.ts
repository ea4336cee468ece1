import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

/* Uses only the keyboard, never a mouse. */

const stage = useStage({ demoDelayMs: 200 });

interface Focused {
  readonly name: string;
  readonly role: string;
  /** Has a visible focus ring or a caret. */
  readonly ring: boolean;
}

/** The focused element, as a screen reader would announce it. */
const focused = (page: Page): Promise<Focused> =>
  page.evaluate(`(() => {
    const at = document.activeElement;
    const words = (ids) => ids.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
    const labelled = at.getAttribute('aria-labelledby');
    const name = at.getAttribute('aria-label') ?? (labelled ? words(labelled) : at.labels?.[0]?.textContent ?? at.textContent) ?? '';
    const visible = (element, pseudo) => { const style = getComputedStyle(element, pseudo); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0; };
    const marked = (element) => element.getAttribute('role') === 'separator' && element.matches(':focus-visible') && getComputedStyle(element, '::after').backgroundColor !== 'rgba(0, 0, 0, 0)';
    const around = [at, at.parentElement, at.firstElementChild, at.closest('.cm-editor')].filter(Boolean);
    const ring = around.some((element) => visible(element) || visible(element, '::after') || marked(element) || getComputedStyle(element).boxShadow !== 'none') || at.matches('input, textarea, [contenteditable="true"]');
    return { name: name.trim(), role: at.getAttribute('role') ?? at.tagName.toLowerCase(), ring };
  })()`);

const FURTHEST = 60;

/** Presses Tab (or Shift+Tab) until the element with this name has the focus, and checks the focus ring at every stop. */
async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < FURTHEST; step++) {
    await page.keyboard.press(key);
    const now = await focused(page);
    expect(now, `${now.role} “${now.name}” shows that it has the focus`).toMatchObject({ ring: true });
    if (typeof name === 'string' ? now.name === name : name.test(now.name)) return;
    passed.push(now.name);
  }
  throw new Error(`Tab does not reach ${name}, only: ${passed.join(', ')}`);
}

const focusIsOn = (page: Page, name: string | RegExp) => eventually(async () => (await focused(page)).name).toMatch(name);

/** Adds a node from the palette after the focused one, and returns to the canvas with it focused. */
async function add(page: Page, type: string, title = type): Promise<void> {
  await page.keyboard.press('n');
  await focusIsOn(page, /^Search nodes$/);
  await page.keyboard.type(type);
  await page.keyboard.press('Enter');
  await page.locator('[data-canvas]').getByRole('group', { name: title, exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await focusIsOn(page, new RegExp(`^${title}$`));
}

/** Leaves the panel for the node on the canvas: Escape closes open suggestions, leaves the field, then closes the panel. */
async function leave(page: Page, title: string): Promise<void> {
  for (let presses = 0; presses < 3 && (await focused(page)).name !== title; presses++) await page.keyboard.press('Escape');
  await focusIsOn(page, new RegExp(`^${title}$`));
}

it('draws, runs, and reads a workflow without a mouse', async () => {
  const { page, mistakes } = await stage.open('/workflows');
  await page.getByRole('button', { name: 'New workflow' }).first().waitFor();
  await tabTo(page, 'New workflow');
  await page.keyboard.press('Enter');
  await focusIsOn(page, /^Name$/);
  await page.keyboard.type('Helpdesk');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/workflows/*');
  const editor = await editorOn(page);
  await page.getByRole('heading', { name: 'Helpdesk' }).waitFor();

  // Onto the edge between input and output. The node has no labels yet, so its panel opens.
  await page.keyboard.press('ArrowRight');
  await focusIsOn(page, /^Input$/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await add(page, 'Classify');
  await eventually(() => editor.edges().count()).toBe(2);
  await page.keyboard.press('Enter');
  await focusIsOn(page, /^Title$/);
  for (const [label, when] of [
    ['billing', 'Invoices, charges, refunds, payment'],
    ['bug', 'The app crashes, fails or shows an error'],
  ] as const) {
    await tabTo(page, 'Add label');
    await page.keyboard.press('Enter');
    await focusIsOn(page, /^Label$/);
    await page.keyboard.type(label);
    await tabTo(page, 'Description');
    await page.keyboard.type(when);
  }
  await leave(page, 'Classify');
  expect(await editor.inspector.count()).toBe(0);

  // A node added after the selected one is connected to its first free output port.
  await editor.outputPort('Classify', 'bug').waitFor();
  await add(page, 'Prompt');
  await eventually(() => editor.edges().count()).toBe(3);
  await page.keyboard.press('Enter');
  await focusIsOn(page, /^Title$/);
  await tabTo(page, /^User message/);
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('Thank them for the report: {{ input.message }}');
  await leave(page, 'Prompt');
  await add(page, 'Output');

  // Arrow keys follow the edges. Edges are added and removed in a list.
  await page.keyboard.press('ArrowLeft');
  await focusIsOn(page, /^Prompt$/);
  await page.keyboard.press('ArrowLeft');
  await focusIsOn(page, /^Classify$/);
  const before = await editor.edges().count();
  await page.keyboard.press('c');
  await focusIsOn(page, /^Connect Classify to$/);
  await page.keyboard.type('output');
  await page.keyboard.press('Enter');
  await eventually(() => editor.edges().count()).toBe(before + 1);
  await focusIsOn(page, /^Classify$/);
  await page.keyboard.press('c');
  await page.keyboard.type('edge to output');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await eventually(() => editor.edges().count()).toBe(before);
  await page.keyboard.press('Control+z');
  await eventually(() => editor.edges().count()).toBe(before + 1);
  await focusIsOn(page, /^Classify$/);

  // The reply's value: the prompt's text if the run came that way.
  await page.keyboard.press('Tab');
  while ((await focused(page)).name !== 'Output') await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await focusIsOn(page, /^Title$/);
  await tabTo(page, 'Value');
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('{{ steps.?prompt.?text.orValue("We look into it.") }}');
  await leave(page, 'Output');
  await editor.saved();

  const said = page.locator('[role="status"][aria-live="polite"]').last();
  await page.keyboard.press('r');
  await eventually(() => said.textContent()).toMatch(/Run succeeded/);
  await editor.runPanel.getByRole('region', { name: 'Response' }).getByText('200').waitFor();
  await tabTo(page, /^Run [0-9a-z]+$/);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/runs/*');
  // Only the run page has it: until that page is loaded, the editor is still shown.
  await page.getByRole('slider', { name: 'Position in run' }).waitFor();
  const run = await editorOn(page);
  await run.step('Output').getByText('Succeeded').waitFor();
  await page.keyboard.press('ArrowRight');
  await focusIsOn(page, /^Input$/);
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Step Input' }).waitFor();
  await page.keyboard.press('Escape');
  await focusIsOn(page, /^Input$/);
  expect(mistakes).toEqual([]);
});

it('moves the focus into the inspector even if its code takes long to load', async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Slow line' } });
  const { page, mistakes } = await stage.open('/workflows');
  const loaded = Promise.withResolvers<void>();
  await page.route(/\/assets\/inspector-.*\.js/, async (route) => {
    await loaded.promise;
    await route.continue();
  });
  await page.goto(new URL(`/workflows/${id}`, stage.server.base).href);
  await editorOn(page);
  await page.keyboard.press('ArrowRight');
  await focusIsOn(page, /^Input$/);
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Inspector' }).waitFor();
  // 60 frames: about a second in which the page keeps rendering.
  await page.evaluate('new Promise((done) => { let left = 60; const next = () => (left-- > 0 ? requestAnimationFrame(next) : done()); next(); })');
  loaded.resolve();
  await focusIsOn(page, /^Title$/);
  expect(mistakes).toEqual([]);
});
