import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { expect, test } from 'vitest';
import { datasetOf } from '../kit/experiments.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { workflowOf } from '../kit/runs.ts';
import { startTestServer, temporaryDir } from '../kit/server.ts';
import { switchyard } from '../kit/switchyard.ts';

const sum = (value: string) =>
  graphOf(
    [
      node('input', 'start', { schema: {} }),
      node('transform', 'sum', { fields: [{ name: 'value', value }] }),
      node('output', 'reply', { value: '{{ steps.sum.value }}' }),
    ],
    [edge('start', 'sum'), edge('sum', 'reply')],
  );

test('switchyard eval judges a workflow file by its thresholds, with a report for CI, and runs on a server', async () => {
  await using dir = await temporaryDir();
  await using server = await startTestServer();
  const write = (name: string, value: unknown): string => {
    writeFileSync(join(dir.path, name), typeof value === 'string' ? value : JSON.stringify(value));
    return join(dir.path, name);
  };
  const bad = await workflowOf(server, sum('input.n + (input.n < 15 ? 1 : 2)'));
  const good = await workflowOf(server, sum('input.n + 1'));
  for (const [name, id] of [
    ['good.json', good],
    ['bad.json', bad],
  ] as const)
    write(name, await server.call(exportWorkflow, { params: { id } }));
  const items = Array.from({ length: 30 }, (_, n) => ({ input: { n }, expected: n + 1 }));
  write('items.jsonl', items.map((item) => JSON.stringify(item)).join('\n'));
  const common = { format: 'switchyard/eval@1', name: 'Sum', dataset: { file: 'items.jsonl' }, graders: [{ kind: 'exact' }] };
  const baseline = { kind: 'workflow', file: 'good.json' };
  const worse = write('worse.json', { ...common, subject: { kind: 'workflow', file: 'bad.json' }, baseline, thresholds: { score: 0.4 } });
  const failed = await switchyard(['eval', worse, '--junit', join(dir.path, 'report.xml')]);
  expect(failed.output).toContain('ok     score: 0.500, at least 0.4');
  expect(failed.output).toContain('FAILED no regression: “Sum” is worse: it passes 15 fewer of 30 items');
  expect(failed.code).toBe(1);
  const report = readFileSync(join(dir.path, 'report.xml'), 'utf8');
  expect(report).toContain('<testsuite name="Sum" tests="30" failures="15" errors="0" skipped="0">');

  const datasetId = await datasetOf(server, items);
  const onServer = write('server.json', { ...common, subject: { kind: 'workflow', workflowId: good }, dataset: { id: datasetId } });
  const passed = await switchyard(['eval', onServer, '--url', server.base]);
  expect(passed.output).toContain('ok     passed: 100.0%, at least 100.0% (30 of 30)');
  expect(passed.code).toBe(0);
  const broken = await switchyard(['eval', write('broken.json', { ...common, subject: { kind: 'workflow' } })]);
  expect(broken.output).toContain('subject');
  expect(broken.code).toBe(1);
});
