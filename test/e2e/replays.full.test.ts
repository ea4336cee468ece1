import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { getWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { useStage } from './stage.ts';

const stage = useStage();

/** Sends a reply at once if the message is short, and else asks a person. `limit`: how short. */
const graph = (limit: number, greeting: string): Graph => {
  const nodes = [
    messageInput(),
    node('transform', 'draft', { fields: [{ name: 'text', value: `"${greeting} " + input.message` }] }, { title: 'Draft a reply' }),
    node('condition', 'gate', { branches: [{ name: 'send', by: 'expression', expression: `size(input.message) < ${limit}` }] }, { title: 'Safe to send?' }),
    node('human-review', 'check', { title: 'Reply', decisions: [{ id: 'approve', title: 'Approve' }], fields: [] }, { title: 'Agent review' }),
    node('output', 'sent', { value: '{{ steps.draft.text }}' }, { title: 'Send reply' }),
    node('output', 'checked', { value: '{{ steps.draft.text }}' }, { title: 'Send checked reply' }),
  ];
  const at = [0, 280, 560, 840, 840, 1120];
  return graphOf(
    nodes.map((one, index) => ({ ...one, position: { x: at[index] ?? 0, y: index === 3 ? 220 : 0 } })),
    [edge('start', 'draft'), edge('draft', 'gate'), edge('gate.send', 'sent'), edge('gate.else', 'check'), edge('check.approve', 'checked')],
  );
};

const MESSAGES = ['The lamp arrived broken.', 'When is my card charged?', 'Why is VAT on my invoice twice, and who pays for it?', 'Cancel it.'];

it('live runs are replayed on the draft: an estimate, the answer in words, and each run that differs', async () => {
  const { id } = await publishedWorkflow(stage.server, graph(200, 'Thank you for your message:'));
  for (const message of MESSAGES) await stage.server.call(startRun, { params: { id }, body: { input: { message }, version: 'live', wait: 20_000 } });
  const { draftRevision } = await stage.server.call(getWorkflow, { params: { id } });
  await stage.server.call(saveDraft, { params: { id }, body: { graph: graph(40, 'Thanks for your message:'), revision: draftRevision } });

  const { page, mistakes } = await stage.open(`/workflows/${id}/replays`);
  await page.getByText(/4 runs/).waitFor();
  await page.getByText(/no model call is expected/).waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await page.getByRole('button', { name: 'Replay', exact: true }).click();

  const strip = page.getByRole('region', { name: 'How the runs differ' });
  await strip.getByText('3 different words').waitFor();
  await strip.getByText('1 would ask a person').waitFor();
  await page.getByText('Nothing was written, and no one was notified.').waitFor();
  await page.getByText('+1 run').waitFor();
  const list = page.getByRole('complementary', { name: 'Runs that differ' });
  await list.getByRole('button').filter({ hasText: 'VAT' }).waitFor();
  const serious = await list.getByRole('listitem').first().textContent();
  expect(serious).toContain('Would ask a person at “Agent review”');
  await list.getByRole('button').filter({ hasText: 'The lamp arrived broken.' }).click();
  await list.locator('del').filter({ hasText: 'Thank' }).first().waitFor();
  await list.locator('ins').filter({ hasText: 'Thanks' }).first().waitFor();
  expect(await barriersOn(page)).toEqual([]);

  await list.getByRole('link', { name: 'Open replay' }).click();
  await page.getByRole('link', { name: /Replay of run/ }).waitFor();
  expect(mistakes).toEqual([]);
});
