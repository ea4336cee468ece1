import { setPrice } from '@switchyard/shared/contracts/money.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { useStage } from './stage.ts';

const stage = useStage();
let fake: FakeProvider;
beforeAll(async () => {
  fake = await startFakeProvider({ answer: ({ model }) => (model === 'fake-small' ? 'No JSON at all' : '{"title": "Good"}') });
  await routeTo(stage.server, 'fast', fakeTarget(fake), fakeTarget(fake, { model: 'fake-large' }));
  await stage.server.call(setPrice, { params: { model: 'fake-small' }, body: { input: 100, output: 1_000 } });
});
afterAll(() => fake[Symbol.asyncDispose]());

const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
const graph = graphOf(
  [
    node('input', 'start', { schema: {}, samples: [] }),
    node('prompt', 'ask', { route: 'fast', message: 'x', answer: 'json', schema, maxTokens: 50 }, { title: 'Ask' }),
  ],
  [edge('start', 'ask')],
);

it('the details of a step list the attempts of its call with their answers, tokens, and cost', async () => {
  fake.reportDetails({ cached: 1, reasoning: 2 });
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Titles', graph } });
  const run = await stage.server.call(startRun, { params: { id }, body: { input: {}, version: 'draft', wait: 20_000 } });
  expect(run.status).toBe('succeeded');
  const { page, mistakes } = await stage.open(`/runs/${run.id}`);
  await page.getByRole('button', { name: /^Ask/ }).first().click();
  const attempts = page.getByRole('list', { name: 'Attempts' });
  await attempts.waitFor();
  expect(await attempts.getByRole('listitem').count()).toBe(3);
  const first = attempts.getByRole('listitem').first();
  await first.getByText('Response', { exact: true }).click();
  await first.getByText('No JSON at all').waitFor();
  expect(await first.textContent()).toMatch(/bad-answer · .*1 input \(1 cached\), 4 output \(2 reasoning\) · \$0\.00/);
  await first.getByText('Sent', { exact: true }).click();
  await first.getByRole('region', { name: 'Sent with this attempt' }).waitFor();
  await attempts.getByText('fast 2 fake-large: succeeded').waitFor();
  expect(await barriersOn(page)).toEqual([]);
  expect(mistakes).toEqual([]);
});
