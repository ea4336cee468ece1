import type { Locator, Page } from 'playwright-core';

/** The editor of a workflow as a user sees it: by titles and labels. */
export interface EditorOnPage {
  readonly page: Page;
  readonly canvas: Locator;
  /** A node on the canvas. */
  step(title: string): Locator;
  steps(): Locator;
  edges(): Locator;
  /** Where an edge starts: an output port, by its label if there are several. */
  outputPort(title: string, port?: string): Locator;
  inputPort(title: string): Locator;
  /** The panel on the right. */
  readonly inspector: Locator;
  /** The panel below the canvas. */
  readonly runPanel: Locator;
  readonly runButton: Locator;
  /** Waits until everything is saved. */
  saved(): Promise<void>;
  /** Opens a node's inspector. */
  openStep(title: string): Promise<void>;
}

/** Waits until a workflow is open on the page. */
export async function editorOn(page: Page): Promise<EditorOnPage> {
  const canvas = page.locator('[data-canvas]');
  const step = (title: string): Locator => canvas.getByRole('group', { name: title, exact: true });
  await canvas.locator('.react-flow__node').first().waitFor();
  return {
    page,
    canvas,
    step,
    steps: () => canvas.locator('.react-flow__node'),
    edges: () => canvas.locator('.react-flow__edge'),
    outputPort: (title, port = 'out') => step(title).locator(`.react-flow__handle.source[data-handleid="${port}"]`),
    inputPort: (title) => step(title).locator('.react-flow__handle.target'),
    inspector: page.getByRole('complementary', { name: 'Inspector' }),
    runPanel: page.getByRole('region', { name: 'Run', exact: true }),
    runButton: page.getByRole('button', { name: 'Run', exact: true }),
    saved: () => page.getByText('Saved', { exact: true }).first().waitFor(),
    async openStep(title) {
      await step(title).click({ position: { x: 60, y: 22 } });
      await page.getByRole('complementary', { name: 'Inspector' }).getByRole('textbox', { name: 'Title', exact: true }).waitFor();
    },
  };
}

/** Drags from one place to another like a user: press, several moves, release. */
export async function drag(page: Page, from: Locator, to: Locator | { x: number; y: number }): Promise<void> {
  const start = await middleOf(from);
  const end = 'x' in to ? to : await middleOf(to);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 12, start.y + 4);
  await page.mouse.move(end.x, end.y, { steps: 8 });
  await page.mouse.up();
}

/** The middle of an element, once it stands still: the view may be moving to a new zoom. */
export async function middleOf(place: Locator): Promise<{ x: number; y: number }> {
  for (let last = ''; ; ) {
    const box = await place.boundingBox();
    if (!box) throw new Error(`Not on the page: ${place}`);
    const now = JSON.stringify(box);
    if (now === last) return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    last = now;
    await place.evaluate('new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame)))');
  }
}
