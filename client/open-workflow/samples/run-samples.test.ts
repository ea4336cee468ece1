import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Sample } from '@switchyard/shared/graph/samples.ts';
import type { RunStatus } from '@switchyard/shared/run/state.ts';
import { expect, test } from 'vitest';
import { runSamples, type SampleServer } from './run-samples.ts';
import { isBusy, resultsOf, type SampleBatch, type SampleOutcome } from './sample-batch.ts';
import { samplePaths } from './sample-paths.ts';

const node = (key: string) => ({ id: `n-${key}`, type: 'condition', position: { x: 0, y: 0 }, data: { key, title: key, typeVersion: 1, params: {} } });
const graph: Graph = {
  nodes: [node('size'), node('ask'), node('pay')],
  edges: [
    { id: 'large', source: 'n-size', sourceHandle: 'large', target: 'n-ask', targetHandle: 'in' },
    { id: 'else', source: 'n-size', sourceHandle: 'else', target: 'n-pay', targetHandle: 'in' },
  ],
  vars: {},
};

/** A server whose runs end when the test says so. */
function setUp(samples: readonly Sample[]) {
  const started: { id: string; input: unknown }[] = [];
  const canceled: string[] = [];
  const decided: unknown[] = [];
  const outcomes = new Map<string, Partial<SampleOutcome>>();
  const told: SampleBatch[] = [];
  let onChange: Parameters<SampleServer['watch']>[0] = () => {};
  const server: SampleServer = {
    start: async (input) => {
      if (input === 'bad') throw new Error('refused');
      started.push({ id: `run-${started.length}`, input });
      return `run-${started.length - 1}`;
    },
    read: async (id) => ({
      id,
      status: 'running',
      output: null,
      error: null,
      startedAt: null,
      endedAt: null,
      costMicros: 0,
      unknownPrice: 0,
      demo: false,
      steps: [],
      ...outcomes.get(id),
    }),
    cancel: async (id) => void canceled.push(id),
    decide: async (id, decisions) => void decided.push([id, decisions]),
    watch: (then) => {
      onChange = then;
      return () => {};
    },
  };
  const runner = runSamples(graph, samples, server, (batch) => told.push(batch));
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const end = async (id: string, outcome: Partial<SampleOutcome> & { status: RunStatus }) => {
    outcomes.set(id, outcome);
    onChange({ runId: id, status: outcome.status });
    await settled();
  };
  const last = () => told.at(-1) as SampleBatch;
  return { runner, started, canceled, decided, settled, end, last };
}

const five = [1, 2, 3, 4, 5].map((value) => ({ name: `Sample ${value}`, value }));
const verdicts = (samples: readonly unknown[], batch: SampleBatch) => resultsOf({ samples }, batch).map(({ verdict }) => verdict);

test('four samples run at once, and one that waits for a person makes room for the next', async () => {
  const { started, settled, end, last } = setUp(five);
  await settled();
  expect(started).toHaveLength(4);
  await end('run-0', { status: 'waiting' });
  expect(started).toHaveLength(5);
  for (const id of ['run-1', 'run-2', 'run-3', 'run-4']) await end(id, { status: 'succeeded' });
  expect(verdicts(five, last())).toEqual(['waiting', 'passed', 'passed', 'passed', 'passed']);
  expect(isBusy(last())).toBe(false);
  await end('run-0', { status: 'succeeded' });
  expect(verdicts(five, last())[0]).toBe('passed');
});

test('the reviews of a run are decided as its sample says', async () => {
  const decisions = { check: { decision: 'approve' } };
  const { decided, settled, end } = setUp([
    { name: 'A', value: 1, decisions },
    { name: 'B', value: 2 },
  ]);
  await settled();
  await end('run-0', { status: 'waiting' });
  await end('run-1', { status: 'waiting' });
  expect(decided).toEqual([['run-0', decisions]]);
});

test('canceling starts nothing more and cancels what runs', async () => {
  const { runner, started, canceled, settled, end, last } = setUp(five);
  await settled();
  runner.cancel();
  expect(canceled).toEqual(['run-0', 'run-1', 'run-2', 'run-3']);
  for (const id of canceled) await end(id, { status: 'cancelled' });
  expect(started).toHaveLength(4);
  expect(verdicts(five, last())).toEqual(Array(5).fill('canceled'));
});

test('an output is compared with what the sample expects now, and an input that changed has no verdict', async () => {
  const samples = [{ name: 'A', value: 1, expect: { team: 'care' } }];
  const { settled, end, last } = setUp(samples);
  await settled();
  await end('run-0', { status: 'succeeded', output: { team: 'support' } });
  expect(resultsOf({ samples }, last())[0]).toMatchObject({ verdict: 'failed', failures: ['output.team: expected "care", got "support"'] });
  expect(verdicts([{ name: 'A', value: 1, expect: { team: 'support' } }], last())).toEqual(['passed']);
  expect(verdicts([{ name: 'A', value: 2 }], last())).toEqual(['none']);
});

test('the paths say how many samples took each node and edge, and where runs failed', async () => {
  const { settled, end, last } = setUp(five.slice(0, 3));
  await settled();
  const took = (port: string, next: string) => [
    { nodeKey: 'size', status: 'succeeded' as const, port },
    { nodeKey: next, status: 'succeeded' as const, port: null },
  ];
  await end('run-0', { status: 'succeeded', steps: took('large', 'ask') });
  await end('run-1', { status: 'succeeded', steps: took('large', 'ask') });
  await end('run-2', {
    status: 'failed',
    error: { code: 'timeout', message: 'late', nodeKey: 'size' },
    steps: [{ nodeKey: 'size', status: 'failed', port: null }],
  });
  const { total, nodes, edges } = samplePaths(last());
  expect(total).toBe(3);
  expect(Object.fromEntries(nodes)).toEqual({ 'n-size': { count: 3, failed: 1 }, 'n-ask': { count: 2, failed: 0 }, 'n-pay': { count: 0, failed: 0 } });
  expect(Object.fromEntries(edges)).toEqual({ large: 2, else: 0 });
});
