import { once } from 'node:events';
import { chmodSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRun, listRuns } from '@switchyard/shared/contracts/runs.ts';
import { expect, test } from 'vitest';
import { modelGraph, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { temporaryDir } from '../kit/server.ts';
import { spawnServer, startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';
import { brokenBuild } from '../soak/broken-build.ts';

async function takenPort(): Promise<{ port: number } & AsyncDisposable> {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  return { port: (other.address() as AddressInfo).port, [Symbol.asyncDispose]: async () => void other.close() };
}

test('a second start on the same data prints the address of the first one and exits with 1', async () => {
  await using server = await startServerProcess();
  const second = spawnServer(server.dataDir);
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain(server.base);
  expect((await server.send('GET', '/api/ready')).status).toBe(200);
});

test('files in a data directory that others can read are still private, and a warning says so', async () => {
  await using dir = await temporaryDir();
  chmodSync(dir.path, 0o755);
  await using server = await startServerProcess({ dataDir: dir.path });
  const open = () => readdirSync(dir.path).filter((name) => (statSync(join(dir.path, name)).mode & 0o077) !== 0);
  expect(open()).toEqual([]);
  expect(server.output()).toContain('chmod 700');
  await server.stop();
  for (const name of readdirSync(dir.path)) chmodSync(join(dir.path, name), 0o644);
  await using again = await startServerProcess({ dataDir: dir.path });
  expect((await again.send('GET', '/api/ready')).status).toBe(200);
  expect(open()).toEqual([]);
});

test('an explicit port that is taken is an error that names it', async () => {
  await using dir = await temporaryDir();
  await using other = await takenPort();
  const refused = spawnServer(dir.path, { PORT: String(other.port) });
  expect(await refused.exited).toBe(1);
  expect(refused.output()).toContain(`PORT ${other.port} is in use`);
});

test.each([
  ['PORT', 'many', 'PORT must be a port number'],
  ['PORT', '70000', 'PORT must be a port number'],
  ['PUBLIC_URL', 'flow.example.com', 'PUBLIC_URL must be a URL'],
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of'],
  ['HOST', '0.0.0.0', 'Set SWITCHYARD_PASSWORD'],
  ['TRUST_PROXY', 'nginx', 'TRUST_PROXY must be true, false'],
])('%s=%s stops the start with a line that names it', async (name, value, line) => {
  await using dir = await temporaryDir();
  const refused = spawnServer(dir.path, { [name]: value });
  expect(await refused.exited).toBe(1);
  expect(refused.output()).toContain(line);
  expect(refused.output().trim().split('\n')).toHaveLength(1);
});

test('SIGTERM ends the program cleanly, and the next start continues with the same data', async () => {
  await using dir = await temporaryDir();
  const first = await startServerProcess({ dataDir: dir.path });
  const { url } = await publishedWorkflow(first, reviewGraph());
  const reply = await first.send('POST', url, { body: { message: 'Refund me' } });
  const { runId } = reply.json as { runId: string };
  expect(await first.stop()).toBe(0);
  await using second = await startServerProcess({ dataDir: dir.path });
  expect(await second.call(getRun, { params: { id: runId } })).toMatchObject({ status: 'waiting' });
  expect((await second.send('POST', new URL(url).pathname, { body: { message: 'Another' } })).status).toBe(202);
});

test('a run interrupted by kill -9 during a model call continues after the next start, and finished steps keep their time', async () => {
  await using dir = await temporaryDir();
  const env = { SWITCHYARD_DEMO_DELAY_MS: '700' };
  const first = await startServerProcess({ dataDir: dir.path, env });
  const { url } = await publishedWorkflow(first, modelGraph(), { mode: 'accepted' });
  const { runId } = (await first.send('POST', url, { body: { message: 'hi' } })).json as { runId: string };
  const params = { id: runId };
  const cut = await until('the model call', async () => {
    const run = await first.call(getRun, { params });
    return run.steps.some((step) => step.id === 'draft#1' && step.status === 'running') && run;
  });
  await first.kill();
  await using second = await startServerProcess({ dataDir: dir.path, env });
  const done = await until('the end of the run', async () => {
    const run = await second.call(getRun, { params });
    return run.status === 'succeeded' && run;
  });
  expect(done.steps[0]).toEqual(cut.steps[0]);
  expect(done.steps.map((step) => [step.id, step.status])).toEqual([
    ['start#1', 'succeeded'],
    ['draft#1', 'succeeded'],
    ['reply#1', 'succeeded'],
  ]);
});

test.each([
  ['finished', 202],
  ['stream', 200],
] as const)(
  'a webhook request in mode %s that is open at a stop gets a status URL, and its run continues after the next start',
  async (mode, status) => {
    await using dir = await temporaryDir();
    await using first = await startServerProcess({ dataDir: dir.path, env: { SWITCHYARD_DEMO_DELAY_MS: '600000' } });
    const { url } = await publishedWorkflow(first, modelGraph(), { mode, deadlineMs: 60_000 });
    const open = first.send('POST', url, { body: { message: 'hi' } });
    const run = await until('the model call', async () => {
      const { items } = await first.call(listRuns, {});
      const begun = items[0] && (await first.call(getRun, { params: { id: items[0].id } }));
      return begun?.steps.some((step) => step.id === 'draft#1' && step.status === 'running') && begun;
    });
    expect(await first.stop()).toBe(0);
    const reply = await open;
    expect(reply.status).toBe(status);
    expect(reply.headers.get('x-run-id')).toBe(run.id);
    expect(reply.text).toContain(`"runId":"${run.id}"`);
    expect(reply.text).toMatch(/"statusUrl":"http:[^"]+\/hooks\/status\/[^"]+"/);
    await using second = await startServerProcess({ dataDir: dir.path, env: { SWITCHYARD_DEMO_DELAY_MS: '0' } });
    await until('the end of the run', async () => (await second.call(getRun, { params: { id: run.id } })).status === 'succeeded');
  },
  // A stop waits 8 s for steps to finish.
  90_000,
);

test('SIGTERM ends the process after about 10 s while the store accepts no writes, and the run continues at the next start', async () => {
  await using dir = await temporaryDir();
  const flag = join(dir.path, 'store-is-away');
  const text = '    append: (run, row, summary) => {\n';
  const away = `if (existsSync(${JSON.stringify(flag)})) return Promise.reject(new AppError('not-ready', 'The disk is full.'));`;
  const build = brokenBuild(
    { file: 'server/engine-adapter/run-ports.ts', text, instead: `${text}      ${away}\n` },
    { file: 'server/engine-adapter/run-ports.ts', text: 'import ', instead: "import { existsSync } from 'node:fs';\nimport " },
  );
  const first = await startServerProcess({ dataDir: dir.path, env: { ...build, SWITCHYARD_DEMO_DELAY_MS: '1000', LOG_LEVEL: 'silent' } });
  const { url } = await publishedWorkflow(first, modelGraph(), { mode: 'accepted' });
  const { runId } = (await first.send('POST', url, { body: { message: 'hi' } })).json as { runId: string };
  await until('the model call', async () => (await first.call(getRun, { params: { id: runId } })).steps.some(({ calls }) => calls.length > 0));
  writeFileSync(flag, '');
  await first.stop();
  rmSync(flag);
  await using second = await startServerProcess({ dataDir: dir.path, env: { SWITCHYARD_DEMO_DELAY_MS: '0' } });
  await until('the end of the run', async () => (await second.call(getRun, { params: { id: runId } })).status === 'succeeded');
});
