import { sendFeedback } from '@switchyard/shared/contracts/evaluation/feedback.ts';
import {
  getComparison,
  getInsight,
  getInsightBreakdown,
  listExceptions,
  listReviewerFigures,
  putBaseline,
} from '@switchyard/shared/contracts/insight/insight.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, node, reviewGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { ended } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

/** Calls a model; if that fails, a person is asked. */
const askingGraph = (): Graph => {
  const { nodes, edges } = reviewGraph();
  return graphOf(
    [
      ...nodes,
      node('prompt', 'ask', { message: '{{ input.message }}', route: 'paid' }, { policy: { onError: 'branch', retry: NO_RETRY } }),
      node('output', 'told', { value: '{{ steps.ask.text }}' }),
    ],
    [edge('start', 'ask'), edge('ask', 'told'), edge('ask.error', 'check'), ...edges.filter(({ source }) => source !== 'start')],
  );
};
const NO_RETRY = { max: 0, backoffMs: 0, factor: 1, jitter: 0 };

describe('insight', () => {
  let server: TestServer;
  let workflowId: string;
  let succeeded: string;
  beforeAll(async () => {
    server = await startTestServer();
    await using fake = await startFakeProvider();
    await routeTo(server, 'paid', fakeTarget(fake, { model: 'gpt-4.1' }));
    workflowId = (await publishedWorkflow(server, askingGraph())).id;
    const start = async (version: 'live' | 'draft' = 'live') => {
      const body = { input: { message: 'Hi' }, version, labels: { tenant: 'acme' } };
      return (await server.call(startRun, { params: { id: workflowId }, body })).id;
    };
    succeeded = await start();
    await ended(server, succeeded);
    await ended(server, await start('draft'));
    fake.failAlways({ kind: 'status', status: 401 });
    for (const decision of ['approve', 'reject']) {
      const id = await start();
      const { id: review } = await openTask(server, id);
      const values = decision === 'approve' ? { text: 'Hello' } : {};
      await server.call(decideReview, { params: { id: review }, body: { decision, values, reviewer: 'Mira' } });
      await ended(server, id);
    }
    await openTask(server, await start());
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const overview = (query: object = {}) => server.call(getInsight, { query: { workflowId, ...query } });
  const rolledUp = () => until('the roll-up', async () => (await overview()).total.runs === 3 && overview());

  test('sums up live runs soon after they ended, with rates and what changed', async () => {
    const { total, points, changes, bucket, versions, workflows } = await rolledUp();
    expect(total).toMatchObject({
      runs: 3,
      succeeded: 3,
      alone: 1,
      withPerson: 2,
      success: { value: 1, of: 3, enough: false },
      escalation: { count: 2, of: 3 },
      correction: { count: 1, of: 2 },
      override: { count: 1, of: 2 },
      fallback: { count: 0, of: 1 },
    });
    expect(total.p50).toBeGreaterThanOrEqual(0);
    expect(total.costMicros).toBeGreaterThan(0);
    expect([bucket, points.length, points.at(-1)?.figures.runs]).toEqual(['day', 29, 3]);
    expect(changes).toMatchObject([{ kind: 'version', text: 'v1 live' }]);
    expect([versions, workflows.map(({ id }) => id)]).toEqual([['1'], [workflowId]]);
    expect((await overview({ version: '2' })).total.runs).toBe(0);
    const day = await overview({ from: new Date(Date.now() - 3_600_000).toISOString() });
    expect([day.bucket, day.total.runs]).toEqual(['hour', 3]);
  });

  test('tells which exception paths end at a person, and their last example', async () => {
    await rolledUp();
    const { items, runs } = await server.call(listExceptions, { query: { workflowId, unautomated: 'true' } });
    expect(runs).toBe(3);
    expect(items).toMatchObject([{ nodeKey: 'ask', port: 'error', runs: 2, handledBy: 'person', last: { code: 'provider-auth', excerpt: 'Hi' } }]);
  });

  test('breaks figures down by tenant and served model, also as CSV', async () => {
    await rolledUp();
    const by = async (dimension: 'tenant' | 'model' | 'version') => (await server.call(getInsightBreakdown, { query: { by: dimension } })).items;
    expect(await by('tenant')).toMatchObject([{ key: 'acme', figures: { runs: 3, escalation: { count: 2 } } }]);
    expect(await by('model')).toMatchObject([{ name: expect.stringContaining('/gpt-4.1'), calls: 1, figures: { runs: 1 } }]);
    expect(await by('version')).toMatchObject([{ key: `${workflowId}:1`, name: 'A workflow v1' }]);
    const { headers, text } = await server.send('GET', '/api/insight/breakdown?by=tenant&format=csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n').map((line) => line.split(',').slice(0, 5).join(','))).toEqual(['key,name,calls,fallbackCalls,runs', 'acme,acme,1,0,3', '']);
    expect((await server.send('GET', '/api/insight/overview?format=csv')).text).toContain('at,runs,succeeded');
    expect((await server.send('GET', '/api/insight/exceptions?format=csv')).text).toContain(`${workflowId},A workflow,ask,ask,error,2,person`);
  });

  test('shows the backlog and the decisions of each reviewer', async () => {
    await rolledUp();
    const { waiting, oldestAt, items } = await server.call(listReviewerFigures, { query: { workflowId } });
    expect([waiting, typeof oldestAt]).toEqual([1, 'string']);
    expect(items).toMatchObject([
      { name: null, waiting: 1, decided: 0, p50: null },
      { name: 'Mira', waiting: 0, decided: 2, correction: { count: 1, of: 2 }, override: { count: 1, of: 2 } },
    ]);
  });

  test('compares with the baseline of the owner, and counts feedback that comes later', async () => {
    await rolledUp();
    const baseline = { minutesPerCase: 10, minutesPerReview: 2, wrongShare: 0.04, minutesToAnswer: null };
    const put = (more: object = {}) => server.send('PUT', `/api/insight/baseline?workflowId=${workflowId}`, { body: { ...baseline, ...more } });
    expect(await put()).toMatchObject({ status: 200, json: { baseline, revision: 1 } });
    expect((await put({ revision: 0 })).status).toBe(409);
    await server.call(putBaseline, { query: { workflowId }, body: { ...baseline, revision: 1 } });
    await server.call(sendFeedback, { params: { id: succeeded }, body: { score: 0.2, by: 'ada' } });
    await until('the feedback', async () => (await overview()).total.badRatings.count === 1);
    await server.call(sendFeedback, { params: { id: succeeded }, body: { score: 1, by: 'ada' } });
    await until('the changed feedback', async () => (await overview()).total.score === 1);
    expect(await server.call(getComparison, { query: { workflowId } })).toMatchObject({
      revision: 2,
      savedMs: 3 * 600_000 - 2 * 120_000,
      peopleMs: 240_000,
      wrong: { before: 0.04, now: 0, enough: false },
      perHour: { before: 6, now: 45 },
    });
    expect((await overview()).total.runs).toBe(3);
  });
});
