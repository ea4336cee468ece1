import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, node, reviewGraph } from '../kit/graph.ts';
import { workflowOf } from '../kit/runs.ts';
import { startTestServer, temporaryDir } from '../kit/server.ts';
import { switchyard } from '../kit/switchyard.ts';

const SCHEMA = { type: 'object', properties: { amount: { type: 'number' } }, required: ['amount'] };

function approval(samples: readonly unknown[]): Graph {
  const branches = [{ name: 'large', by: 'expression', expression: 'input.amount > 100' }];
  return graphOf(
    [
      node('input', 'start', { schema: SCHEMA, samples }),
      node('condition', 'size', { branches }),
      node('output', 'ask', { value: { decision: 'ask', amount: '{{ input.amount }}' } }),
      node('output', 'pay', { value: { decision: 'pay', amount: '{{ input.amount }}' } }),
    ],
    [edge('start', 'size'), edge('size.large', 'ask'), edge('size.else', 'pay')],
  );
}

test('runs a workflow file and its samples without a server, and exits with 1 on a difference', async () => {
  await using dir = await temporaryDir();
  await using server = await startTestServer();
  const fileOf = async (samples: readonly unknown[]) => {
    const id = await workflowOf(server, approval(samples));
    const path = join(dir.path, `${id}.json`);
    writeFileSync(path, JSON.stringify(await server.call(exportWorkflow, { params: { id } })));
    return path;
  };
  const good = await fileOf([
    { name: 'Small', value: { amount: 5 }, expect: { decision: 'pay' } },
    { name: 'Large', value: { amount: 500 }, expect: { decision: 'ask', amount: 500 } },
  ]);
  const run = await switchyard(['run', good, '--input', '{"amount": 7}']);
  expect(run.code).toBe(0);
  expect(JSON.parse(run.output)).toEqual({ decision: 'pay', amount: 7 });
  const passed = await switchyard(['test', good]);
  expect(passed.output).toBe('ok     Small (size: else)\nok     Large (size: large)\n2 passed\n');
  expect(passed.code).toBe(0);
  const bad = await fileOf([{ name: 'Small', value: { amount: 5 }, expect: { decision: 'ask' } }]);
  const failed = await switchyard(['test', bad]);
  expect(failed.output).toContain('FAILED Small');
  expect(failed.output).toContain('output.decision: expected "ask", got "pay"');
  expect(failed.code).toBe(1);
  expect((await switchyard(['run', good, '--input', '{"amount": "x"}'])).code).toBe(1);
});

test('tests samples that are rejected, that fail, and whose reviews are decided', async () => {
  await using dir = await temporaryDir();
  await using server = await startTestServer();
  const graph = reviewGraph();
  const samples = [
    { name: 'Approved', value: { message: 'Hi' }, expect: 'Hello', decisions: { check: { decision: 'approve', values: { text: 'Hello' } } } },
    { name: 'Rejected by a person', value: { message: 'Hi' }, expect: 'closed', decisions: { check: { decision: 'reject' } } },
    { name: 'Empty', value: {}, ends: 'rejected' },
    { name: 'No decision', value: { message: 'Hi' } },
    { name: 'Not rejected', value: { message: 'Hi' }, ends: 'rejected', decisions: { check: { decision: 'reject' } } },
  ];
  for (const { type, data } of graph.nodes) if (type === 'input') data.params.samples = samples;
  const id = await workflowOf(server, graph);
  const path = join(dir.path, 'reviews.json');
  writeFileSync(path, JSON.stringify(await server.call(exportWorkflow, { params: { id } })));
  const { output, code } = await switchyard(['test', path]);
  expect(output).toBe(
    [
      'ok     Approved (check: approve)',
      'ok     Rejected by a person (check: reject)',
      'ok     Empty',
      'FAILED No decision',
      '       waits for a review',
      'FAILED Not rejected (check: reject)',
      '       expected to be rejected, but succeeded',
      '2 of 5 failed',
      '',
    ].join('\n'),
  );
  expect(code).toBe(1);
});
