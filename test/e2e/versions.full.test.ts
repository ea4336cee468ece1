import { useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

/* Versions of a workflow: publishing with what changed in view, the list, comparing, restoring. */

const stage = useStage();

const idOf = ({ nodes }: Graph, key: string): string => nodes.find(({ data }) => data.key === key)?.id ?? '';

/** The draft after some work: one node changed, one removed, one added in its place. */
function edited(graph: Graph): Graph {
  const [access, review] = [idOf(graph, 'access_draft'), idOf(graph, 'agent_review')];
  const old = graph.nodes.find(({ id }) => id === access);
  return {
    ...graph,
    nodes: [
      ...graph.nodes
        .filter(({ id }) => id !== access)
        .map((node) => (node.data.key === 'refund_draft' ? { ...node, data: { ...node.data, params: { ...node.data.params, maxTokens: 444 } } } : node)),
      ...(old
        ? [
            {
              ...old,
              id: 'redo',
              position: { x: old.position.x, y: old.position.y + 240 },
              type: 'transform',
              data: { ...old.data, title: 'Access note', params: { fields: [{ name: 'text', value: 'input.message' }] } },
            },
          ]
        : []),
    ],
    edges: [
      ...graph.edges.filter(({ source }) => source !== access).map((edge) => (edge.target === access ? { ...edge, target: 'redo' } : edge)),
      { id: 'redo-review', source: 'redo', target: review },
    ],
  };
}

/** A workflow with v1 live, and a draft that differs from it. */
async function withChanges(): Promise<{ id: string; first: Graph }> {
  const { call } = stage.server;
  const { id, draft } = await call(useTemplate, { params: { slug: 'support-chatbot-routing' } });
  await call(publishWorkflow, { params: { id }, body: { note: 'Answers from the help center' } });
  await call(saveDraft, { params: { id }, body: { graph: edited(draft), revision: 1 } });
  return { id, first: draft };
}

interface Versions {
  readonly page: Page;
  readonly mistakes: readonly string[];
  readonly panel: Locator;
  readonly comparison: Locator;
  readonly changes: Locator;
}

async function openVersions(id: string, look = {}): Promise<Versions> {
  const { page, mistakes } = await stage.open(`/workflows/${id}`, look);
  await editorOn(page);
  return {
    page,
    mistakes,
    panel: page.getByRole('complementary', { name: 'Versions' }),
    comparison: page.getByRole('region', { name: 'Comparison' }),
    changes: page.getByRole('region', { name: 'Changes', exact: true }),
  };
}

const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
};

it('publishes with a note after showing what changed since the live version, on the canvas and as a list', async () => {
  const { id } = await withChanges();
  const { page, mistakes, panel, comparison, changes } = await openVersions(id);
  await page.getByRole('button', { name: 'Publish v2' }).click();
  await eventually(() => page.evaluate('document.activeElement.labels?.[0]?.textContent')).toBe('Version note');
  await panel.getByText('Becomes v2: 3 nodes and', { exact: false }).waitFor();
  await panel.getByText('route careful', { exact: true }).waitFor();

  const card = (title: string) => comparison.getByRole('group', { name: title, exact: true });
  await card('Access note').getByText('Added').waitFor();
  await card('Refund draft').getByText('Changed 1').waitFor();
  const removed = card('Access draft');
  await removed.getByText('Removed').waitFor();
  expect(await removed.locator('[data-removed]').count()).toBe(1);
  await picture(page, 'versions-light');

  await changes.getByRole('button', { name: /^Refund draft.*changed$/ }).click();
  await changes.getByRole('row', { name: /Refund draft.*Max tokens.*444/ }).waitFor();
  await eventually(() => card('Refund draft').getAttribute('class')).toContain('selected');
  const pill = comparison.getByRole('region', { name: 'Changes on the canvas' });
  const place = await pill.getByText(/ of /).textContent();
  await pill.getByRole('button', { name: 'Next change' }).click();
  await eventually(() => pill.getByText(/ of /).textContent()).not.toBe(place);
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'versions-dark');
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);

  await panel.getByRole('textbox', { name: 'Version note' }).fill('Access goes to a note');
  await page.keyboard.press('Enter');
  await page.getByRole('main').getByText('v2 is live').first().waitFor();
  await panel.getByText('“Access goes to a note”').waitFor();
  await panel.getByText('The same as v2').waitFor();
  await panel.getByText('No changes since v2').waitFor();
  expect(await panel.getByRole('button', { name: 'Publish v3' }).isDisabled()).toBe(true);
  expect(mistakes).toEqual([]);
});

it('lists versions, compares any two, and restores one as an edit that can be undone', async () => {
  const { id, first } = await withChanges();
  await stage.server.call(publishWorkflow, { params: { id }, body: { note: 'Second' } });
  const { page, mistakes, panel, comparison } = await openVersions(id);
  await page.getByRole('button', { name: 'v2 is live' }).click();
  await panel.getByText('“Answers from the help center”').waitFor();
  expect(await comparison.count()).toBe(0);

  await panel.getByRole('button', { name: 'Compare v2 with v1' }).click();
  await comparison.getByText('Removed').first().waitFor();
  await comparison.getByRole('button', { name: /^v2 against v1/ }).waitFor();
  await comparison.getByRole('button', { name: 'Hide comparison' }).click();
  await comparison.waitFor({ state: 'detached' });

  await panel.getByRole('button', { name: 'Restore v1 as the draft' }).click();
  const draft = async () => (await stage.server.call(getWorkflow, { params: { id } })).draft;
  await eventually(draft).toEqual(first);
  await panel.getByText('Becomes v3:', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await eventually(draft).toEqual(edited(first));
  await page.keyboard.press('Escape');
  expect(mistakes).toEqual([]);
});

it('works on narrow windows and by keyboard', async () => {
  const { id } = await withChanges();
  const { page, mistakes, panel, comparison } = await openVersions(id, { width: 1024, height: 768 });
  await page.getByRole('button', { name: 'Publish v2' }).focus();
  await page.keyboard.press('Enter');
  await comparison.getByText('Removed').first().waitFor();
  await picture(page, 'versions-1024');
  await page.setViewportSize({ width: 390, height: 844 });
  await panel.getByRole('button', { name: /^Refund draft.*changed$/ }).waitFor();
  await picture(page, 'versions-390');
  await eventually(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await panel.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Escape');
  await comparison.waitFor({ state: 'detached' });
  expect(mistakes).toEqual([]);
});
