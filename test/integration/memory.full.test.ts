import { readFile } from 'node:fs/promises';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { expect, test } from 'vitest';
import { MEGABYTE, passGraph, text } from '../kit/large-message.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startServerProcess } from '../kit/server-process.ts';

async function residentBytes(pid: number): Promise<number> {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

test.runIf(process.platform === 'linux')('memory stays bounded however many large payloads arrive', async () => {
  await using server = await startServerProcess();
  const { id: workflowId, url } = await publishedWorkflow(server, passGraph(), { maxBodyBytes: 10_000_000, mode: 'accepted' });
  const send = async (index: number) => expect((await server.send('POST', url, { body: { message: text(index) } })).status).toBe(202);
  for (let index = 0; index < 5; index++) await send(index);
  const before = await residentBytes(server.pid);
  for (let index = 5; index < 20; index++) await send(index);
  const after = await residentBytes(server.pid);
  // 75 MB arrived in between, and each value exists several times on its way.
  expect(after - before).toBeLessThan(200 * MEGABYTE);
  expect(after).toBeLessThan(600 * MEGABYTE);
  const { items } = await server.call(listRuns, { query: { workflowId, status: 'failed' } });
  expect(items).toEqual([]);
});
