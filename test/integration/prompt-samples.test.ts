import { createErasure, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { listPromptSamples } from '@switchyard/shared/contracts/prompt-samples.ts';
import { createPrompt } from '@switchyard/shared/contracts/prompts.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { deleteTemplate, saveTemplate } from '@switchyard/shared/contracts/templates.ts';
import { createWorkflow, deleteWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { edge, graphOf, node } from '../kit/graph.ts';
import { begin, ended } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const askingGraph = (prompt: string, samples: object[] = []): Graph =>
  graphOf(
    [
      node('input', 'start', { schema: {}, samples }),
      node('prompt', 'ask', {
        route: 'fast',
        prompt: { name: prompt, version: 1 },
        variables: { message: '{{ input.message }}', size: '{{ size(input.message) }}', earlier: '{{ steps.lookup.found }}' },
      }),
      node('transform', 'lookup', { fields: [{ name: 'found', value: '"nothing"' }] }),
      node('output', 'reply', { value: '{{ steps.ask.text }}' }),
    ],
    [edge('start', 'lookup'), edge('lookup', 'ask'), edge('ask', 'reply')],
  );

/** A prompt and a workflow that uses it, both with this name. */
async function asking(name: string, samples?: object[]): Promise<string> {
  const variables = { type: 'object', properties: { message: { type: 'string' } } };
  await server.call(createPrompt, { body: { name, variables, messages: [{ role: 'user', content: 'Reply to {{ message }}' }] } });
  return (await server.call(createWorkflow, { body: { name, graph: askingGraph(name, samples) } })).id;
}
const samplesOf = async (name: string) => (await server.call(listPromptSamples, { params: { name } })).items;

test('past runs give the values that they filled the prompt with, newest first and once each, with their labels', async () => {
  const id = await asking('of-runs');
  const run = async (message: string) =>
    ended(server, (await server.call(startRun, { params: { id }, body: { input: { message }, labels: { language: 'de' } } })).id);
  await run('one');
  const two = await run('two');
  await run('one');
  const samples = await samplesOf('of-runs');
  expect(samples.map(({ variables }) => variables)).toEqual([
    { message: 'one', size: 3, earlier: 'nothing' },
    { message: 'two', size: 3, earlier: 'nothing' },
  ]);
  expect(samples[1]).toMatchObject({ source: 'run', id: two.id, from: 'of-runs', sample: null, at: two.createdAt, labels: { language: 'de' } });
});

test('sample inputs of workflows and templates give the values that can be computed from them', async () => {
  const id = await asking('of-inputs', [
    { name: 'Short', value: { message: 'Hi' } },
    { name: 'Broken', value: {} },
  ]);
  const { slug } = await server.call(saveTemplate, { body: { workflowId: id, name: 'Asking', description: '' } });
  const variables = { message: 'Hi', size: 2 };
  expect(await samplesOf('of-inputs')).toEqual([{ source: 'workflow', id, from: 'of-inputs', sample: 'Short', at: null, labels: {}, variables }]);
  await server.call(deleteWorkflow, { params: { id } });
  expect(await samplesOf('of-inputs')).toEqual([{ source: 'template', id: slug, from: 'Asking', sample: 'Short', at: null, labels: {}, variables }]);
  await server.call(deleteTemplate, { params: { slug } });
  expect(await samplesOf('of-inputs')).toEqual([]);
});

test('redacted values stay redacted, and values that a run doesn’t keep are no samples', async () => {
  const id = await asking('private');
  const setPolicy = (body: object) => server.call(putPolicies, { params: { id }, body });
  const ran = async () => {
    await ended(server, (await begin(server, id, 'Write to ada@example.com')).id);
    return (await samplesOf('private')).map(({ variables }) => String(variables.message));
  };
  for (const logging of ['redacted', 'metadata']) {
    await setPolicy({ logging });
    expect(await ran()).toEqual([]);
  }
  await setPolicy({ logging: 'full', redaction: [{ detector: 'email', action: 'mask' }] });
  const [masked = ''] = await ran();
  expect(masked).toMatch(/^Write to /);
  expect(masked).not.toContain('ada@');
});

test('erased runs and prompts that don’t exist have no samples', async () => {
  const id = await asking('erased');
  const { id: runId } = await server.call(startRun, { params: { id }, body: { input: { message: 'Hi' }, labels: { customer: 'ada' } } });
  await ended(server, runId);
  expect(await samplesOf('erased')).toHaveLength(1);
  await server.call(createErasure, { body: { label: 'customer', value: 'ada', dryRun: false } });
  expect(await samplesOf('erased')).toEqual([]);
  expect(await server.refused(listPromptSamples, { params: { name: 'missing' } })).toMatchObject({ code: 'not-found' });
});

test('values too long for a form, and more than a few, are left out', async () => {
  await asking('many', [
    { name: 'Long', value: { message: 'x'.repeat(30_000) } },
    ...Array.from({ length: 30 }, (_, index) => ({ name: `Sample ${index}`, value: { message: `message ${index}` } })),
  ]);
  const samples = await samplesOf('many');
  expect(samples.length).toBe(9);
  expect(samples.map(({ sample }) => sample)).not.toContain('Long');
});
