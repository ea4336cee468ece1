import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { cancelRun } from '@switchyard/shared/contracts/runs.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { begin, ended, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startServerProcess } from '../kit/server-process.ts';

const env = { EGRESS_ALLOW: '127.0.0.1' };

/** A URL with no listener. */
async function deadAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/`;
}

/** A step that finds no server, retries once after `backoffMs`, and then continues without a response. */
const knocking = async (backoffMs: number) => {
  const policy = {
    retry: { max: 1, backoffMs, factor: 1, jitter: 0 },
    onError: 'continue-with',
    continueWith: { status: 0, headers: {}, body: null },
  } as const;
  return graphOf(
    [messageInput(), node('tool', 'knock', { url: await deadAddress() }, { policy }), node('output', 'reply', { value: '{{ steps.knock.status }}' })],
    [edge('start', 'knock'), edge('knock', 'reply')],
  );
};

test('a step that waits for its retry keeps waiting after a crash, and uses all its retries', async () => {
  await using first = await startServerProcess({ env });
  const { id } = await begin(first, await workflowOf(first, await knocking(700)));
  const before = stepOf(await whenRun(first, id, 'waiting', ({ status }) => status === 'waiting'), 'knock');
  expect(before.wait?.kind).toBe('retry');
  await first.kill();
  await using again = await startServerProcess({ env, dataDir: first.dataDir });
  const run = await ended(again, id);
  expect(run).toMatchObject({ status: 'succeeded', output: 0 });
  const after = stepOf(run, 'knock');
  expect(after.attempts.map(({ number }) => number)).toEqual([1, 2]);
  expect(after.attempts[0]).toEqual(before.attempts[0]);
});

test('a run that waits for its retry can be canceled', async () => {
  await using server = await startServerProcess({ env });
  const { id } = await begin(server, await workflowOf(server, await knocking(3_600_000)));
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  expect(await server.call(cancelRun, { params: { id } })).toMatchObject({ status: 'cancelled' });
});
