import { applyRetention, getStorage } from '@switchyard/shared/contracts/controls/storage.ts';
import { putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { deleteWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { echoGraph } from '../kit/graph.ts';
import { begin, ended, workflowOf } from '../kit/runs.ts';
import { startTestServer, temporaryDir } from '../kit/server.ts';
import { ON_MONGODB } from '../kit/store.ts';
import { switchyard } from '../kit/switchyard.ts';

test('shows what uses the disk by kind and by workflow, the largest first', async () => {
  await using server = await startTestServer();
  const [large, small, gone] = await Promise.all([1, 2, 3].map(() => workflowOf(server, echoGraph())));
  if (!large || !small || !gone) throw new Error('There are three workflows.');
  await server.call(putPolicies, { params: { id: large }, body: { retention: { payloadDays: 30, journalDays: 90, summaryDays: null } } });
  for (const [id, text] of [
    [large, 'Refund me! '.repeat(20_000)],
    [small, 'Hi'],
    [gone, 'Hello'],
  ] as const)
    await ended(server, (await begin(server, id, text)).id);
  await server.call(deleteWorkflow, { params: { id: gone } });
  const { kind, bytes, parts, workflows, sampledRows } = await server.call(getStorage, {});
  expect(kind).toBe(ON_MONGODB ? 'mongodb' : 'sqlite');
  expect(bytes).toBeGreaterThan(0);
  expect(parts.map(({ part }) => part)).toEqual(['journals', 'values', 'runs', 'requests', 'calls', 'tables', 'definitions', 'indexes', 'free']);
  expect(sampledRows).toBeGreaterThan(0);
  expect(workflows.map(({ workflowId }) => workflowId).sort()).toEqual([large, small, gone].sort());
  expect(workflows[0]).toMatchObject({ workflowId: large, payloadDays: 30, journalDays: 90 });
  expect(workflows.find(({ workflowId }) => workflowId === gone)?.name).toBeNull();
});

test('applies retention at once, and removes nothing that is not old enough', async () => {
  await using server = await startTestServer();
  const id = await workflowOf(server, echoGraph());
  await ended(server, (await begin(server, id, 'Hi')).id);
  expect(await server.call(applyRetention, {})).toEqual({ payloads: 0, journals: 0, summaries: 0, done: true });
});

test.skipIf(ON_MONGODB)('compacts the database of a stopped server, and refuses while one uses it', async () => {
  await using dir = await temporaryDir();
  const server = await startTestServer({ dataDir: dir.path });
  try {
    const busy = await switchyard(['compact'], { DATA_DIR: dir.path });
    expect(busy.code).toBe(1);
  } finally {
    await server[Symbol.asyncDispose]();
  }
  const { code, output } = await switchyard(['compact'], { DATA_DIR: dir.path });
  expect(output).toMatch(/^Compacted .+: [\d.]+ MB before, [\d.]+ MB now\.\n$/);
  expect(code).toBe(0);
});
