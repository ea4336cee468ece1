import { listBudgets, setPrice } from '@switchyard/shared/contracts/money.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { ended, whenRun } from '../kit/runs.ts';
import { useStage } from './stage.ts';

const stage = useStage();
let fake: FakeProvider;
let workflowId = '';
beforeAll(async () => {
  fake = await startFakeProvider();
  await routeTo(stage.server, 'paid', fakeTarget(fake, { model: 'fake-paid' }));
  await stage.server.call(setPrice, { params: { model: 'fake-paid' }, body: { input: 100, output: 1_000 } });
  const draft = node('prompt', 'draft', { route: 'paid', message: 'x', maxTokens: 5 }, { title: 'Draft reply' });
  const graph = graphOf(
    [node('input', 'start', { schema: {}, samples: [] }), draft, node('output', 'sent', { value: '{{ steps.draft.text }}' })],
    [edge('start', 'draft'), edge('draft', 'sent')],
  );
  workflowId = (await stage.server.call(createWorkflow, { body: { name: 'Replies', graph } })).id;
});
afterAll(() => fake[Symbol.asyncDispose]());

it('a budget that asks is created, shows on the canvas, and is raised from the inbox', async () => {
  const { page, mistakes } = await stage.open('/usage');
  await page.getByRole('button', { name: 'New budget' }).first().click();
  const form = page.getByRole('form', { name: 'New budget' });
  await form.getByLabel('Name (optional)').fill('Acme');
  await form.getByLabel('Hard limit', { exact: true }).fill('0.001');
  await form.getByRole('combobox', { name: 'At the hard limit' }).click();
  await page.getByRole('option', { name: 'Ask: a person decides' }).click();
  await form.getByRole('button', { name: 'Create budget' }).click();
  await page.getByText('A person decides').waitFor();

  const run = await stage.server.call(startRun, { params: { id: workflowId }, body: { input: {}, version: 'draft' } });
  await whenRun(stage.server, run.id, 'waiting', ({ status }) => status === 'waiting');
  await page.goto(new URL(`/runs/${run.id}`, stage.server.base).href);
  await page.getByText('Budget used up').waitFor();
  expect(await barriersOn(page)).toEqual([]);

  await page.goto(new URL('/inbox', stage.server.base).href);
  await page.getByRole('heading', { name: 'Budget “Acme” is used up' }).waitFor();
  await page.getByText('up to $0.0067').waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await page.getByLabel('New hard limit').fill('0.0005');
  await page.getByRole('button', { name: 'Raise to …' }).click();
  await page.getByText('must be above the current limit, $0.001').first().waitFor();
  await page.getByLabel('New hard limit').fill('0.5');
  await page.getByRole('button', { name: 'Raise to …' }).click();
  expect(await ended(stage.server, run.id)).toMatchObject({ status: 'succeeded', output: 'You said: x' });
  expect((await stage.server.call(listBudgets, { query: {} })).items).toMatchObject([{ name: 'Acme', hardMicros: 500_000, onHard: 'ask' }]);
  expect(mistakes.filter((mistake) => !mistake.includes('400'))).toEqual([]);
});
