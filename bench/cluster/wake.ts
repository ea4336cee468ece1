import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { startCluster } from '@switchyard/test/cluster/cluster.ts';
import { reviewGraph } from '@switchyard/test/kit/graph.ts';
import { openTask } from '@switchyard/test/kit/review-task.ts';
import { begin, workflowOf } from '@switchyard/test/kit/runs.ts';
import { connectPage, watch } from '@switchyard/test/kit/watcher.ts';
import { type Figure, quantile, underLimit } from '../figure.ts';

const RUNS = 200;

/** Time from a decision sent to one web process until a page on the other one gets the event that ends the wait, with one worker. */
export async function wake(): Promise<Figure[]> {
  await using cluster = await startCluster({ webs: 2, workers: 1, env: { LOG_LEVEL: 'silent' } });
  const [here, there] = cluster.webs.map(({ now }) => now);
  if (!here || !there) throw new Error('The cluster has fewer than two web processes.');
  const workflowId = await workflowOf(here, reviewGraph());
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { id } = await begin(here, workflowId);
    const task = await openTask(here, id);
    const page = await connectPage(there.base);
    const told = new Promise<void>((resolve) => {
      page.on('run:events', ({ events }) => events.some(({ type }) => type === 'wait-ended') && resolve());
    });
    await watch(page, id, 1);
    const began = performance.now();
    const decided = here.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
    await told;
    times.push(performance.now() - began);
    await decided;
    page.close();
  }
  process.stderr.write(`  ${RUNS} decisions, slowest ${Math.round(Math.max(...times))} ms\n`);
  return [underLimit('wake-p50', 'ms', { value: quantile(times, 0.5), goal: 30 }), underLimit('wake-p99', 'ms', { value: quantile(times, 0.99), goal: 150 })];
}
