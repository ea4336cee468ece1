import { getAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { until } from '../kit/until.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();
const NODE = 'check';

/** The review graph with nodes side by side. */
const graphWith = (params: object = {}): Graph => {
  const graph = reviewGraph({ ...params });
  return { ...graph, nodes: graph.nodes.map((node, index) => ({ ...node, position: { x: 300 * index, y: 0 } })) };
};

/** Reviews in live runs. Every one whose message is in `wrong` is rejected. */
async function review(id: string, messages: readonly string[], wrong: readonly string[] = []): Promise<void> {
  const { server } = stage;
  await Promise.all(
    messages.map(async (message) => {
      const run = await server.call(startRun, { params: { id }, body: { input: { message }, version: 'live' } });
      const { id: reviewId } = await openTask(server, run.id);
      const decision = wrong.includes(message) ? 'reject' : 'approve';
      await server.call(decideReview, { params: { id: reviewId }, body: { decision, reviewer: 'Mira' } });
    }),
  );
}

it('evidence proposes less review of a group, which a person accepts with a reason and takes back', async () => {
  const { server } = stage;
  const group = '{{ input.message.startsWith("refund") ? "refund" : "billing" }}';
  const authority = { mode: 'all', target: 40, group, confidence: '{{ input.message.endsWith("7") ? 0.5 : 0.9 }}' };
  const { id } = await publishedWorkflow(server, graphWith({ authority }));
  for (let batch = 0; batch < 3; batch++)
    await review(
      id,
      Array.from({ length: 20 }, (_, index) => `bill ${20 * batch + index}`),
      ['bill 7'],
    );
  await review(id, ['refund 1', 'refund 2'], ['refund 2']);
  const params = { id, nodeKey: NODE };
  await until('the counted reviews', async () => (await server.call(getAuthority, { params })).groups.length === 2);

  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.step('check').getByText('1 proposal').waitFor();
  await editor.openStep('check');
  await editor.inspector.getByRole('tab', { name: 'Authority' }).click();
  const proposal = editor.inspector.getByRole('region', { name: 'Proposal for billing' });
  await proposal.getByText(/People saw 60 drafts of billing, and 1 was wrong/).waitFor();
  const evidence = page.getByRole('region', { name: 'Evidence', exact: true });
  await evidence.getByRole('img', { name: 'Too few to tell: 2 of 60' }).waitFor();
  await evidence.getByRole('img', { name: /^From 0.50 on, 100% go directly, and at most/ }).waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await proposal.getByRole('button', { name: 'See the 1' }).click();
  await evidence.getByRole('cell', { name: 'rejected' }).waitFor();
  expect(await evidence.getByRole('row').count()).toBe(2);

  await proposal.getByRole('textbox', { name: 'Reason' }).fill('Steady for weeks');
  await proposal.getByRole('button', { name: /^Review \d+%$/ }).click();
  await proposal.waitFor({ state: 'detached' });
  const reduced = (await server.call(getAuthority, { params })).groups[0];
  expect(reduced).toMatchObject({ name: 'billing', proposal: null });
  expect(reduced?.share).toBeLessThan(100);
  await evidence.getByRole('tab', { name: /Changes of authority/ }).click();
  await evidence.getByRole('cell', { name: 'Steady for weeks' }).waitFor();
  await editor.inspector.getByRole('button', { name: 'Review all of billing' }).click();
  await eventually(async () => (await server.call(getAuthority, { params })).groups[0]?.share).toBe(100);
  expect(mistakes).toEqual([]);
});

it('authority is turned on in the draft, and its settings are kept', async () => {
  const { id } = await publishedWorkflow(stage.server, graphWith());
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.openStep('check');
  await editor.inspector.getByRole('tab', { name: 'Authority' }).click();
  await editor.inspector.getByRole('button', { name: 'Collect evidence' }).click();
  await editor.inspector.getByText(/Publish to start/).waitFor();
  await editor.inspector.getByRole('textbox', { name: 'Maximum error rate' }).fill('3');
  await editor.saved();
  await page.reload();
  await editor.openStep('check');
  await editor.inspector.getByRole('tab', { name: 'Authority' }).click();
  await eventually(() => editor.inspector.getByRole('textbox', { name: 'Maximum error rate' }).inputValue()).toBe('3');
  expect(mistakes).toEqual([]);
});
