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
