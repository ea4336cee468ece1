import { listRuns, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { modelGraph } from '../kit/graph.ts';
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
  await editor.step('draft').getByText('Pinned output').waitFor();

  await editor.inspector.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Run from here' }).click();
  await eventually(async () => (await runs()).length).toBe(2);
  await editor.inspector.getByRole('button', { name: 'Unpin output' }).click();
  await editor.step('draft').getByText('Pinned output').waitFor({ state: 'detached' });

  await editor.inspector.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Break on purpose' }).hover();
  await page.getByRole('menuitem', { name: 'Provider down' }).click();
  await eventually(async () => (await runs()).length).toBe(3);
  const broken = await ended(stage.server, (await runs())[0]?.id ?? '');
  expect(broken).toMatchObject({ status: 'failed', error: { code: 'provider-unavailable', nodeKey: 'draft' } });
  await editor.inspector.getByText('Broken on purpose').waitFor();

  await editor.step('draft').focus();
  await page.keyboard.press('Shift+R');
  await eventually(async () => (await runs()).length).toBe(4);
  const only = await ended(stage.server, (await runs())[0]?.id ?? '');
  expect(only.steps.map(({ nodeKey }) => nodeKey)).toEqual(['start', 'draft']);
  expect(only.input).toEqual(first.input);
  expect(mistakes).toEqual([]);
});
