import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { patience } from '../kit/patience.ts';
import { begin, readRun, runOf, stepOf, workflowOf } from '../kit/runs.ts';
import { startTestServer, temporaryDir } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

const RUNS = 400;
const AT_ONCE = 50;

const askGraph = graphOf(
  [messageInput(), node('prompt', 'ask', { message: '{{ input.message }}', route: 'fast' }), node('output', 'reply', { value: '{{ input.message }}' })],
  [edge('start', 'ask'), edge('ask', 'reply')],
);

test('after a crash 400 unfinished runs are recovered a hundred at a time, new ones go first, and none is lost', async () => {
  await using dir = await temporaryDir();
  const ids: string[] = [];
  {
    await using before = await startServerProcess({ dataDir: dir.path, env: { SWITCHYARD_DEMO_DELAY_MS: '600000' } });
    const workflowId = await workflowOf(before, askGraph);
    while (ids.length < RUNS) {
      const begun = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => begin(before, workflowId, `message ${ids.length + index}`)));
      ids.push(...begun.map(({ id }) => id));
    }
    await before.kill();
  }

  await using server = await startTestServer({ dataDir: dir.path, env: { SWITCHYARD_DEMO_DELAY_MS: '150' } });
  const gauge = (text: string, name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  const driven: number[] = [];
  const look = async () => {
    const { text } = await server.send('GET', '/metrics');
    driven.push(gauge(text, 'switchyard_runs_driven'));
    return gauge(text, 'switchyard_runs_queued');
  };
  const queued = await look();
  expect(queued).toBeGreaterThan(RUNS / 2);
  const fresh = await runOf(server, askGraph, 'new');
  expect(fresh.status).toBe('succeeded');
  expect(await look()).toBeGreaterThan(0);

  await until('all runs to end', async () => (await look()) + (driven.at(-1) ?? 0) === 0, patience(5 * 60_000));
  // The new run has its own slot in addition to the recovered ones.
  expect(Math.max(...driven)).toBeLessThanOrEqual(101);
  expect(Math.max(...driven)).toBeGreaterThan(50);
  const { items } = await server.call(listRuns, { query: { status: 'succeeded', limit: 1_000 } });
  const done = new Set([...items.map(({ id }) => id), fresh.id]);
  const lost = ids.filter((id) => !done.has(id));
  for (const id of lost) expect((await readRun(server, id)).status).toBe('succeeded');
  const last = await readRun(server, ids.at(-1) ?? '');
  expect(last.output).toBe(`message ${RUNS - 1}`);
  expect(stepOf(last, 'start').attempts).toHaveLength(1);
});
