import { listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, modelGraph, node } from '../kit/graph.ts';
import { ended } from '../kit/runs.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

it('pins an output, runs a part of the draft, and breaks a node on purpose', async () => {
  const graph = modelGraph();
  const placed = { ...graph, nodes: graph.nodes.map((one, index) => ({ ...one, position: { x: index * 300, y: 0 } })) };
  const start = placed.nodes[0];
  if (start) start.data.params.samples = [{ name: 'Hello', value: { message: 'Hello' } }];
  const { call } = stage.server;
  const { id } = await call(createWorkflow, { body: { name: 'Built with data', graph: placed } });
  const runs = async () => (await call(listRuns, { query: { workflowId: id } })).items;
  const first = await call(startRun, { params: { id }, body: { input: { message: 'Hello' }, wait: 20_000 } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);

  await editor.openStep('draft');
  await editor.inspector.getByRole('tab', { name: 'Last run' }).click();
  await editor.inspector.getByRole('button', { name: 'Pin output' }).click();
  const badge = editor.step('draft').getByText('Pinned', { exact: true });
  await badge.waitFor();

  await editor.inspector.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Run from here' }).click();
  await eventually(async () => (await runs()).length).toBe(2);
  await editor.inspector.getByRole('button', { name: 'Unpin output' }).click();
  await badge.waitFor({ state: 'detached' });

  await editor.inspector.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Break on purpose' }).hover();
  await page.getByRole('menuitem', { name: 'Provider down' }).click();
  await eventually(async () => (await runs()).length).toBe(3);
  const broken = await ended(stage.server, (await runs())[0]?.id ?? '');
  expect(broken).toMatchObject({ status: 'failed', error: { code: 'provider-unavailable', nodeKey: 'draft' } });
  await editor.inspector.getByText('Broken on purpose: provider down.').waitFor();
  await editor.step('draft').getByText('Broken on purpose').waitFor();

  await editor.step('draft').focus();
  await page.keyboard.press('Shift+R');
  await eventually(async () => (await runs()).length).toBe(4);
  const only = await ended(stage.server, (await runs())[0]?.id ?? '');
  expect(only.steps.map(({ nodeKey }) => nodeKey)).toEqual(['start', 'draft']);
  expect(only.input).toEqual(first.input);
  expect(mistakes).toEqual([]);
});

it('runs all samples, draws the branches they took, and expects an output that is shown', async () => {
  const samples = [
    { name: 'Small', value: { amount: 5 }, expect: { decision: 'pay' } },
    { name: 'Large', value: { amount: 500 }, expect: { decision: 'pay' } },
    { name: 'Medium', value: { amount: 50 } },
    { name: 'No amount', value: {} },
  ];
  const nodes = [
    node('input', 'start', { schema: { type: 'object', properties: { amount: { type: 'number' } }, required: ['amount'] }, samples }),
    node('condition', 'size', { branches: [{ name: 'large', by: 'expression', expression: 'input.amount > 100' }] }),
    node('output', 'ask', { value: { decision: 'ask' } }),
    node('output', 'pay', { value: { decision: 'pay' } }),
  ].map((one, index) => ({ ...one, position: { x: Math.min(index, 2) * 300, y: index === 3 ? 160 : 0 } }));
  const graph = graphOf(nodes, [edge('start', 'size'), edge('size.large', 'ask'), edge('size.else', 'pay')]);
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Samples', graph } });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await page.locator('[data-run-line]').click();
  await editor.runPanel.getByRole('tab', { name: 'Samples' }).click();
  await editor.runPanel.getByRole('button', { name: 'Run all samples' }).click();

  const row = (name: string) => editor.runPanel.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  await row('Large').getByText('output.decision: expected "pay", got "ask"').waitFor();
  await row('Small').getByText('Passed').waitFor();
  await row('Small').getByText('size: else').waitFor();
  await editor.runPanel.getByText('2 passed, 2 failed').waitFor();
  await editor.step('size').getByText('3 of 3 samples').waitFor();
  await editor.step('ask').getByText('1 of 3 samples').waitFor();
  await editor.canvas.getByText('2 samples', { exact: true }).waitFor();

  await row('Large').getByRole('button', { name: 'Large' }).click();
  await editor.step('ask').getByText('Succeeded').waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await editor.runPanel.getByRole('button', { name: 'Expect this output' }).click();
  await row('Large').getByText('Passed').waitFor();
  await row('No amount').getByRole('button', { name: 'No amount' }).click();
  await editor.runPanel.getByRole('button', { name: 'Expect to be rejected' }).click();
  await row('No amount').getByText('Passed').waitFor();
  await editor.step('pay').getByText('2 of 3 samples').waitFor();
  await editor.saved();
  // The rejected input.
  expect(mistakes).toEqual([expect.stringContaining('400')]);
});
