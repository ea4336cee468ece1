import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { expect, test } from 'vitest';
import { eachGraph } from '../kit/each-graph.ts';
import { node } from '../kit/graph.ts';
import { ended, journalOf, readRun, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

test('an open run with a long journal is read as its journal says, again and again', async () => {
  await using server = await startTestServer();
  const review = node('human-review', 'check', { title: 'Check', decisions: [{ id: 'approve', title: 'Approve' }], fields: [] });
  const id = await workflowOf(server, eachGraph({ concurrency: 100 }, [review]));
  const run = await server.call(startRun, { params: { id }, body: { input: { items: Array.from({ length: 150 }, (_, index) => index) } } });
  await whenRun(server, run.id, 'waiting', ({ status }) => status === 'waiting');
  for (let decided = 0; decided < 3; decided++) {
    const [first] = (await server.call(listReviews, { query: { status: 'open', runId: run.id } })).items;
    await server.call(decideReview, { params: { id: first?.id ?? '' }, body: { decision: 'approve' } });
    const seen = await whenRun(server, run.id, 'further', (one) => (stepOf(one, 'each').items?.succeeded ?? 0) > decided);
    const state = fold((await journalOf(server, run.id)).filter(({ seq }) => seq <= seen.seq));
    expect({ status: seen.status, items: stepOf(seen, 'each').items }).toEqual({ status: state.status, items: state.steps.get('each#1')?.items });
    expect(seen.seq).toBeGreaterThan(300);
  }
  const [one, two] = await Promise.all([readRun(server, run.id), readRun(server, run.id)]);
  expect(one).toEqual(two);
  await server.send('POST', `/api/runs/${run.id}/cancel`, {});
  expect((await ended(server, run.id)).status).toBe('cancelled');
});
