import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { reviewThenModelGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, ended } from '../kit/runs.ts';
import { editorOn } from './editor.ts';
import { useStage } from './stage.ts';

const stage = useStage();
let fake: FakeProvider;
beforeAll(async () => {
  fake = await startFakeProvider();
  await routeTo(stage.server, 'fast', fakeTarget(fake), fakeTarget(fake, { model: 'fake-large' }));
});
afterAll(() => fake[Symbol.asyncDispose]());

it('says on the canvas and in the step’s details what a call fell back to, and why, while it runs', async () => {
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Falls back', graph: reviewThenModelGraph() } });
  const run = await begin(stage.server, id);
  const { page, mistakes } = await stage.open(`/runs/${run.id}`);
  const canvas = await editorOn(page);
  await canvas.step('check').getByText('Waiting for review').waitFor();

  fake.failNext({ kind: 'status', status: 400, message: 'no such size' }, { kind: 'slow', delayMs: 60_000 });
  const task = await openTask(stage.server, run.id);
  await stage.server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
  const card = canvas.step('ask');
  await card.getByText('Fallback: fake-large').waitFor();
  await card.getByText('fake-small: rejected the request').waitFor();
  await card.click();
  await page.getByText(/^Fell back to fake-large of fast 2\. fake-small of fast 1 failed: .*no such size\.$/).waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);

  await page.getByRole('button', { name: /^Cancel run/ }).click();
  await ended(stage.server, run.id);
  await card.getByText('Canceled').waitFor();
  expect(await page.getByText(/^Fell back to/).count()).toBe(0);
  expect(mistakes).toEqual([]);
});
