import { tryCode } from '@switchyard/shared/contracts/code.ts';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { getRun } from '@switchyard/shared/contracts/runs.ts';
import { checkWorkflow, createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { journalOf, stepOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

/* Code nodes in runs (S73). What the sandbox itself guarantees is in server/code/. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const codeGraph = (source: string, params: Record<string, unknown> = {}, more: Partial<Graph> = {}): Graph => ({
  ...graphOf(
    [messageInput(), node('code', 'js', { source, ...params }), node('output', 'reply', { value: '{{ steps.js }}' })],
    [edge('start', 'js'), edge('js', 'reply')],
  ),
  ...more,
});

async function call(graph: Graph, message = 'hello') {
  const { url } = await publishedWorkflow(server, graph);
  const { status, json, headers } = await server.send('POST', url, { body: { message } });
  const run = await server.call(getRun, { params: { id: headers.get('x-run-id') ?? '' } });
  return { status, json, run };
}

describe('a code node', () => {
  test('returns its output, and keeps its console with the step', async () => {
    const source = 'console.log("length", input.message.length);\nreturn { shout: input.message.toUpperCase() + vars.mark };';
    const { status, json, run } = await call(codeGraph(source, {}, { vars: { mark: '!' } }));
    expect([status, json]).toEqual([200, { shout: 'HELLO!' }]);
    expect(stepOf(run, 'js')).toMatchObject({
      status: 'succeeded',
      output: { shout: 'HELLO!' },
      calls: [{ id: 'js#1/code:1', kind: 'code', record: { console: [{ level: 'log', text: 'length 5' }] } }],
    });
  });

  test('fails with the line of its mistake, and still shows its console', async () => {
    const { status, json, run } = await call(codeGraph('console.log("so far");\nreturn input.nope.deep;'));
    expect([status, json]).toMatchObject([500, { code: 'code-failed' }]);
    expect(run.error).toMatchObject({ code: 'code-failed', nodeKey: 'js', details: { line: 2, column: 8 } });
    expect(run.error?.message).toContain("cannot read property 'deep' of undefined (line 2");
    expect(stepOf(run, 'js').calls).toMatchObject([{ status: 'failed', record: { console: [{ text: 'so far' }] } }]);
  });

  test('takes its error branch', async () => {
    const graph = graphOf(
      [
        messageInput(),
        node('code', 'js', { source: 'throw new Error("no");' }, { policy: { onError: 'branch' } }),
        node('output', 'reply', { value: '{{ steps.js.error.code }}' }),
      ],
      [edge('start', 'js'), edge('js.error', 'reply')],
    );
    expect(await call(graph)).toMatchObject({ status: 200, json: undefined, run: { output: 'code-failed' } });
  });

  test('that never ends fails after its time limit, and other runs continue meanwhile', async () => {
    const endless = call(codeGraph('for (;;);', { seconds: 1 }));
    const { run } = await call(codeGraph('return 1;'));
    expect(run.output).toBe(1);
    expect((await endless).run.error).toMatchObject({ code: 'code-failed', message: 'The code ran longer than 1 s.' });
  });

  test('has its output checked against its schema', async () => {
    const schema = { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] };
    expect((await call(codeGraph('return { total: 2 };', { schema }))).status).toBe(200);
    expect((await call(codeGraph('return { total: "2" };', { schema }))).run.error).toMatchObject({ code: 'bad-output', nodeKey: 'js' });
  });

  test('reads earlier steps by name or all of them, and large values whole', async () => {
    const graph = graphOf(
      [
        messageInput(),
        node('code', 'large', { source: 'return { text: "x".repeat(200_000) };' }),
        node('code', 'one', { source: 'return steps.large.text.length;' }),
        node('code', 'all', { source: 'return Object.keys(steps).sort();' }),
        node('output', 'reply', { value: '{{ {"one": steps.one, "all": steps.all} }}' }),
      ],
      [edge('start', 'large'), edge('large', 'one'), edge('one', 'all'), edge('all', 'reply')],
    );
    expect((await call(graph)).json).toEqual({ one: 200_000, all: ['large', 'one', 'start'] });
  });

  test('calls the helpers of its workflow', async () => {
    const helpers = 'export const shout = (text: string): string => text.toUpperCase();';
    expect((await call(codeGraph('return { text: helpers.shout(input.message) };', {}, { helpers }))).json).toEqual({ text: 'HELLO' });
    const broken = await call(codeGraph('return helpers.shout(null);', {}, { helpers }));
    expect(broken.run.error).toMatchObject({ code: 'code-failed', details: { line: 1, inHelpers: true } });
  });

  test('runs once per item in a for-each, with the item and its index', async () => {
    const graph = graphOf(
      [
        messageInput(),
        node('for-each', 'each', { items: '{{ ["a", "b"] }}', concurrency: 2, onItemError: 'collect', result: '{{ steps.js }}' }),
        { ...node('code', 'js', { source: 'if (item === "b") throw new Error("no b");\nreturn item + index;' }), parentId: 'each' },
        node('output', 'reply', { value: '{{ steps.each }}' }),
      ],
      [edge('start', 'each'), edge('each', 'reply')],
    );
    expect((await call(graph)).json).toMatchObject({ items: ['a0', null], failed: [{ index: 1, error: { code: 'code-failed' } }] });
  });

  test('sees the recorded start of its step as the time', async () => {
    const { run } = await call(codeGraph('return new Date().toISOString();'));
    expect(run.output).toBe(stepOf(run, 'js').startedAt);
  });

  test('records its step like any other call', async () => {
    const { run } = await call(codeGraph('return 1;'));
    expect((await journalOf(server, run.id)).map(({ type }) => type)).toEqual([
      'run-started',
      'step-started',
      'step-finished',
      'step-started',
      'call-started',
      'call-finished',
      'step-finished',
      'step-started',
      'step-finished',
      'run-finished',
    ]);
  });
});

test('code that reads what doesn’t come before it is a problem at its place', async () => {
  const { id } = await server.call(createWorkflow, {
    body: { name: 'Code', graph: codeGraph('// steps.comment\nreturn steps.reply + steps.nope + steps.start.message;') },
  });
  const { problems } = await server.call(checkWorkflow, { params: { id } });
  expect(problems.map(({ code, field, range }) => [code, field, range?.start])).toEqual([
    ['not-before', 'source', 30],
    ['unknown-step', 'source', 44],
  ]);
});

describe('a try', () => {
  const tryOn = async (body: BodyOf<typeof tryCode>, graph = codeGraph('return 1;')) => {
    const { id } = await server.call(createWorkflow, { body: { name: 'Code', graph } });
    return server.call(tryCode, { params: { id }, body });
  };

  test('runs unsaved code with given values and helpers', async () => {
    const source = 'console.warn("w");\nreturn { text: helpers.twice(input.word), item, index, steps, vars };';
    const scope = { input: { word: 'ab' }, steps: { a: 1 }, vars: { b: 2 }, item: 'x', index: 3 };
    const tried = await tryOn({ source, scope, helpers: 'export const twice = (text: string) => text + text;' });
    expect(tried).toMatchObject({
      output: { text: 'abab', item: 'x', index: 3, steps: { a: 1 }, vars: { b: 2 } },
      error: null,
      console: [{ level: 'warn', text: 'w' }],
      leftOut: 0,
    });
  });

  test('reports where it fails, and ends after its time limit', async () => {
    expect((await tryOn({ source: '\nnull.x;' })).error).toMatchObject({ line: 2, message: expect.stringContaining('line 2') });
    expect((await tryOn({ source: 'for (;;);', seconds: 0.1 })).error).toMatchObject({ message: 'The code ran longer than 0.1 s.' });
  });

  test('gets large values of a run whole, and only those that the run refers to', async () => {
    const graph = graphOf(
      [messageInput(), node('code', 'large', { source: 'return "x".repeat(200_000);' }), node('output', 'reply', { value: 'ok' })],
      [edge('start', 'large'), edge('large', 'reply')],
    );
    const { run } = await call(graph);
    const reference = stepOf(run, 'large').output as { $blob: string };
    expect(reference.$blob).toBeTypeOf('string');
    const source = 'return steps.large.length;';
    expect(await tryOn({ source, scope: { steps: { large: reference } }, runId: run.id })).toMatchObject({ output: 200_000 });
    const { id } = await server.call(createWorkflow, { body: { name: 'Code', graph } });
    const foreign = { ...reference, $blob: 'a'.repeat(64) };
    expect(await server.refused(tryCode, { params: { id }, body: { source, scope: { steps: { large: foreign } }, runId: run.id } })).toMatchObject({
      status: 404,
    });
  });

  test('needs its workflow', async () => {
    expect(await server.refused(tryCode, { params: { id: 'none' }, body: { source: 'return 1;' } })).toMatchObject({ status: 404 });
  });
});
