import { getBillOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import { decideReview, getReviewStory, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun, getRunBlob, type Run, startRun } from '@switchyard/shared/contracts/runs.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eachGraph, inside, transform } from '../kit/each-graph.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { journalFaults } from '../kit/journal-rules.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { patience, TIMED } from '../kit/patience.ts';
import { ended, journalOf, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

let server: TestServer;
let fake: FakeProvider;
beforeAll(async () => {
  server = await startTestServer();
  fake = await startFakeProvider();
  await routeTo(server, 'fake', fakeTarget(fake));
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await fake?.close();
});

const start = async (graph: Graph, input: unknown): Promise<string> =>
  (await server.call(startRun, { params: { id: await workflowOf(server, graph) }, body: { input } })).id;
const run = async (graph: Graph, input: unknown): Promise<Run> => ended(server, await start(graph, input));

describe('a list', () => {
  const plain = () => eachGraph({}, [transform('note', { n: 'item' })]);

  test.for([
    [{ a: 1 }, 'an object'],
    ['text', 'text'],
    [null, 'null'],
    [3, 'a number'],
  ] as const)('must be one: %j is not', async ([items, what]) => {
    expect(await run(plain(), { items })).toMatchObject({
      status: 'failed',
      error: { code: 'not-a-list', message: `The list is ${what}. A For-each needs a list.` },
    });
  });

  test('of more than 100,000 items is refused before the first one starts', async () => {
    const failed = await run(plain(), { items: new Array(100_001).fill(0) });
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'too-large', nodeKey: 'each' } });
    expect(await journalOf(server, failed.id)).not.toContainEqual(expect.objectContaining({ type: 'items-listed' }));
  });

  test('that is large is stored once, and items that are large are read in full', async () => {
    const items = [1, 2, 3].map((n) => ({ n, text: `${n}`.repeat(100_000) }));
    const graph = eachGraph({ result: '{{ steps.note }}' }, [transform('note', { size: 'size(item.text)', text: 'item.text' })]);
    const { id, output, status } = await run(graph, { items });
    expect(status).toBe('succeeded');
    const events = await journalOf(server, id);
    expect(events.find(({ type }) => type === 'items-listed')).toMatchObject({ count: 3, items: { $blob: expect.any(String) } });
    const results = events.flatMap((event) => (event.type === 'frame-finished' ? [event.result] : []));
    expect(results.every(isBlobRef)).toBe(true);
    if (!isBlobRef(output)) throw new Error('The output should be large.');
    expect(await server.call(getRunBlob, { params: { id, hash: output.$blob } })).toEqual({
      items: items.map(({ text }) => ({ size: text.length, text })),
      failed: [],
      count: 3,
      succeeded: 3,
    });
  });

  test('whose results are larger than 50 MB together fails the step, and keeps nothing of them', async () => {
    const failed = await run(eachGraph({ result: '{{ input.text }}' }, [transform('note', { n: 'item' })]), {
      items: new Array(55).fill(0),
      text: 'x'.repeat(1_000_000),
    });
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'too-large', nodeKey: 'each' } });
    expect(stepOf(failed, 'each').output).toBe(null);
  });
});

describe('a batch', () => {
  const sums = (more: Record<string, unknown>) =>
    eachGraph({ batchSize: 2, result: '{{ steps.sum.list }}', ...more }, [transform('sum', { list: 'item.map(n, n * 10 / n)' })]);

  test('has up to as many items as configured, and counts as one', async () => {
    expect(await run(sums({}), { items: [1, 2, 3, 4, 5] })).toMatchObject({
      output: { items: [[10, 10], [10, 10], [10]], failed: [], count: 3, succeeded: 3 },
    });
    expect(await run(sums({}), { items: [] })).toMatchObject({ output: { items: [], count: 0 } });
  });

  test('can add its results to one list, which leaves out those that failed', async () => {
    expect(await run(sums({ join: true }), { items: [1, 2, 'x', 4, 5] })).toMatchObject({
      output: { items: [10, 10, 10], failed: [{ index: 1, error: { code: 'expression-failed' } }], count: 3, succeeded: 2 },
    });
    const joined = eachGraph({ join: true, result: '{{ item }}' }, [transform('note', { n: 'item' })]);
    expect(await run(joined, { items: [[1, 2], null, 3, [[4]]] })).toMatchObject({ output: { items: [1, 2, null, 3, [4]], count: 4 } });
  });
});

describe('an item', () => {
  const halves = (onItemError: string) => eachGraph({ onItemError, concurrency: 1 }, [transform('half', { half: 'item.n / 2' })]);
  const items = [{ n: 2 }, { m: 2 }, { n: 6 }];

  test('that fails is listed, and the others continue', async () => {
    expect(await run(halves('collect'), { items })).toMatchObject({
      status: 'succeeded',
      output: {
        items: [{ half: 1 }, null, { half: 3 }],
        failed: [{ index: 1, error: { code: 'expression-failed', nodeKey: 'half', stepId: 'each#1[1]/half#1' } }],
        count: 3,
        succeeded: 2,
      },
    });
  });

  test('that fails stops the others, if so configured', async () => {
    const failed = await run(halves('stop'), { items });
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'item-failed', nodeKey: 'each', details: { index: 1, cause: { code: 'expression-failed' } } },
    });
    expect(JSON.stringify(await journalOf(server, failed.id))).not.toContain('each#1[2]');
  });

  test('whose result has an error is listed', async () => {
    const graph = eachGraph({ result: '{{ item.none }}' }, [transform('half', { half: '1' })]);
    expect(await run(graph, { items: [{}] })).toMatchObject({
      status: 'succeeded',
      output: { items: [null], failed: [{ index: 0, error: { code: 'expression-failed' } }] },
    });
  });

  test('that waits for a person holds up no other, and its review shows only what happened in it', async () => {
    const check = node('human-review', 'check', {
      title: 'Check {{ item }}',
      decisions: [{ id: 'approve', title: 'Approve' }],
      fields: [{ name: 'text', label: 'Text', kind: 'text', value: '{{ steps.draft.text }}' }],
    });
    const graph = eachGraph(
      { concurrency: 1, result: '{{ steps.check.values.text }}' },
      [transform('draft', { text: '"about " + item' }), check, transform('after', { done: 'true' })],
      [
        ['draft', 'check'],
        ['check.approve', 'after'],
      ],
    );
    const id = await start(graph, { items: ['a', 'b', 'c'] });
    const waiting = await whenRun(server, id, 'waiting for three people', ({ status }) => status === 'waiting');
    expect(waiting.steps.map((step) => step.nodeKey)).toEqual(['start', 'each']);
    const open = await until('three reviews', async () => {
      const { items: found } = await server.call(listReviews, { query: { status: 'open', runId: id } });
      return found.length === 3 && found.sort((one, two) => (one.title < two.title ? -1 : 1));
    });
    expect(open.map(({ title }) => title)).toEqual(['Check a', 'Check b', 'Check c']);
    const story = await server.call(getReviewStory, { params: { id: open[1]?.id ?? '' } });
    expect(story.happened.map(({ stepId }) => stepId)).toEqual(['start#1', 'each#1', 'each#1[1]/draft#1', 'each#1[1]/check#1']);
    expect(story.rounds).toHaveLength(1);
    for (const [index, review] of open.entries())
      await server.call(decideReview, { params: { id: review.id }, body: { decision: 'approve', values: { text: `text ${index}` } } });
    expect(await ended(server, id)).toMatchObject({ status: 'succeeded', output: { items: ['text 0', 'text 1', 'text 2'] } });
    expect(journalFaults(await journalOf(server, id))).toEqual([]);
    expect((await server.call(getBillOfMaterials, { params: { id } })).reviewers).toMatchObject([{ nodeKey: 'check' }]);
    const after = await server.call(getReviewStory, { params: { id: open[1]?.id ?? '' } });
    expect(after.happened.map(({ stepId }) => stepId)).toEqual(story.happened.map(({ stepId }) => stepId));
  });
});

test('a for-each in a for-each has its own item, and reads the nodes around it and its previous rounds', async () => {
  const graph = graphOf(
    [
      node('input', 'start', { schema: {} }),
      transform('base', { plus: 'input.plus' }),
      node('for-each', 'outer', { items: '{{ input.rows }}', result: '{{ steps.inner.items }}' }),
      inside('outer', transform('row', { name: 'item.name', at: 'index' })),
      inside('outer', node('for-each', 'inner', { items: '{{ item.values }}' })),
      inside(
        'inner',
        transform('sum', { sum: 'item + steps.base.plus + previous.?sum.?sum.orValue(0)', row: 'steps.row.name', at: 'index', rowAt: 'steps.row.at' }),
      ),
      inside('inner', node('condition', 'again', { branches: [{ id: 'more', name: 'more', by: 'expression', expression: 'steps.sum.sum < 100' }] })),
      inside('inner', transform('last', { sum: 'steps.sum.sum', row: 'steps.sum.row', at: 'steps.sum.at', rowAt: 'steps.sum.rowAt' })),
      node('output', 'reply', { value: '{{ steps.outer.items }}' }),
    ],
    [
      edge('start', 'base'),
      edge('base', 'outer'),
      edge('row', 'inner'),
      edge('sum', 'again'),
      edge('again.more', 'sum', { back: true }),
      edge('again.else', 'last'),
      edge('outer', 'reply'),
    ],
  );
  const rows = [
    { name: 'a', values: [50, 100] },
    { name: 'b', values: [] },
    { name: 'c', values: [99] },
  ];
  expect(await run(graph, { plus: 1, rows })).toMatchObject({
    status: 'succeeded',
    output: [
      [
        { sum: 102, row: 'a', at: 0, rowAt: 0 },
        { sum: 101, row: 'a', at: 1, rowAt: 0 },
      ],
      [],
      [{ sum: 100, row: 'c', at: 0, rowAt: 2 }],
    ],
  });
});

describe('model calls in items', () => {
  const asking = (params: Record<string, unknown> = {}) =>
    eachGraph({ result: '{{ steps.ask.text }}', ...params }, [node('prompt', 'ask', { message: 'about {{ item }}', route: 'fake' })]);

  test('count for their run, and are in its bill of materials', async () => {
    const called = fake.calls.length;
    const done = await run(asking(), { items: ['a', 'b', 'c'] });
    expect(done).toMatchObject({ status: 'succeeded', output: { items: ['You said: about a', 'You said: about b', 'You said: about c'] } });
    expect(fake.calls.length - called).toBe(3);
    expect(done.usage.outputTokens).toBeGreaterThan(0);
    const bill = await server.call(getBillOfMaterials, { params: { id: done.id } });
    expect(bill.models).toMatchObject([{ nodeKey: 'ask', route: 'fake', calls: 3 }]);
  });

  test('are cut off when the run is canceled, and no further item starts', TIMED, async () => {
    fake.failAlways({ kind: 'hang' });
    const called = fake.calls.length;
    const id = await start(asking({ concurrency: 3 }), { items: new Array(20).fill('x') });
    await until('three calls', () => fake.calls.length - called === 3);
    const asked = performance.now();
    const run = await server.call(cancelRun, { params: { id } });
    expect(performance.now() - asked).toBeLessThan(patience(1_000));
    fake.failAlways(undefined);
    expect(run).toMatchObject({ status: 'cancelled', output: null });
    expect(stepOf(run, 'each').status).toBe('cancelled');
    expect(fake.calls.length - called).toBe(3);
    const events = await journalOf(server, id);
    expect(events.filter(({ type }) => type === 'step-cancelled')).toHaveLength(4);
    expect(journalFaults(events)).toEqual([]);
  });
});
