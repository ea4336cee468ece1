import { randomUUID } from 'node:crypto';
import { createKillSwitch, deleteKillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { putQueueSettings } from '@switchyard/shared/contracts/controls/queue.ts';
import { getSystem, type System } from '@switchyard/shared/contracts/system.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { startGatedServer } from '../kit/gated-server.ts';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { begin, ended } from '../kit/runs.ts';
import { useStage } from './stage.ts';

const stage = useStage({ env: { EGRESS_ALLOW: '127.0.0.1' } });

/** Checks for accessibility violations in both color schemes, and that nothing is wider than the window, even on a phone. */
async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  for (const size of [
    { width: 390, height: 844 },
    { width: 1_024, height: 768 },
  ]) {
    await page.setViewportSize(size);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
}

/** Shows the page with another answer of the server. */
async function show(page: Page, change: (system: System) => System): Promise<void> {
  await page.route('**/api/system', async (route) => route.fulfill({ json: change(await stage.server.call(getSystem, {})) }));
}

it('shows the process and the database, and why requests are rejected as it happens', async () => {
  const { page, mistakes } = await stage.open('/settings');
  await page.getByRole('link', { name: 'Open the system page' }).click();
  const processes = page.getByRole('table', { name: 'Processes' });
  await processes.getByRole('row', { name: /Web and worker serves this page .* Live \d+ runs?/ }).waitFor();
  await page.getByRole('list', { name: 'Database and Redis' }).getByText('Not used').waitFor();
  const killed = async () => (await stage.server.call(getSystem, {})).refused.find(({ code }) => code === 'killed')?.count ?? 0;
  const before = await killed();

  const { id, url } = await publishedWorkflow(stage.server, echoGraph());
  const { id: killId } = await stage.server.call(createKillSwitch, { body: { scope: { kind: 'workflow', id }, mode: 'refuse', reason: 'Test' } });
  for (let count = 0; count < 2; count++) expect((await stage.server.send('POST', url, { body: { message: 'Hello' } })).status).toBe(503);
  await stage.server.call(deleteKillSwitch, { params: { id: killId } });
  const rejected = page.getByRole('list', { name: 'Rejected in the last hour' });
  await rejected
    .getByRole('listitem')
    .filter({ hasText: `${before + 2}×Stopped by a kill switch` })
    .waitFor();
  await expectSound(page);
  expect(mistakes).toEqual([]);
});

it('lists queued workflows, the longest first, each with a link to its queued runs', async () => {
  await using gate = await startGatedServer();
  const { call } = stage.server;
  const name = `Import ${randomUUID().slice(0, 8)}`;
  const { id } = await call(createWorkflow, { body: { name, graph: requestGraph(gate.url) } });
  await call(putQueueSettings, { params: { id }, body: { concurrency: 1, queueLimit: 5, priority: 'low', reason: 'Test' } });
  const runs = [];
  for (let count = 0; count < 3; count++) runs.push(await begin(stage.server, id));
  const { page, mistakes } = await stage.open('/settings/system', { width: 1_024, height: 768 });
  const queues = page.getByRole('table', { name: 'Queues, longest first' });
  await queues.getByRole('row', { name: new RegExp(`^${name} Low 2 of 5 1 of 1 (just now|\\d+ s ago)$`) }).waitFor();
  await page.getByText(/^In all, \d+ queued/).waitFor();
  await expectSound(page);
  await queues.getByRole('link', { name }).click();
  await page.waitForURL(/\/runs\?status=queued&workflow=/);
  await page
    .getByRole('link', { name: `Queued: show ${name}` })
    .first()
    .waitFor();
  gate.answerAll();
  for (const run of runs) await ended(stage.server, run.id);
  expect(mistakes).toEqual([]);
});

const MINUTES = 60_000;

it('shows several processes with their load, mixed versions, a silent one, and what was slow', async () => {
  const { page, mistakes } = await stage.open();
  await show(page, (system) => {
    const [own] = system.processes;
    if (!own) throw new Error('A process is shown');
    const worker = { ...own, role: 'worker', host: 'worker-1', pid: 7, answered: false, slots: 16, driving: 12 } as const;
    const at = new Date(Date.parse(system.at) - 3 * MINUTES).toISOString();
    return {
      ...system,
      processes: [
        { ...own, role: 'web' },
        { ...worker, id: 'worker-1', version: '0.2.0' },
        { ...worker, id: 'worker-2', host: 'worker-2', state: 'draining' },
        { ...worker, id: 'worker-3', host: 'worker-3', state: 'silent', memoryBytes: null, lagMs: null },
      ],
      database: { kind: 'mongodb', state: 'connected', latencyMs: 3.2, problem: null },
      redis: { state: 'away', since: at, problems: ['Redis is unavailable (ECONNREFUSED).'] },
      slow: [
        { kind: 'event-loop', what: 'draft#1', ms: 340, at, runId: 'run_1', processId: 'worker-1' },
        { kind: 'database', what: 'find runs', ms: 1_900, at, runId: null, processId: own.id },
      ],
    };
  });
  await page.goto(new URL('/settings/system', stage.server.base).href);
  const processes = page.getByRole('table', { name: 'Processes' });
  await processes.getByRole('row', { name: /worker-1:7 Worker .* Live 12 of 16 runs .* 0\.2\.0/ }).waitFor();
  await processes.getByRole('row', { name: /worker-2:7 .* Draining/ }).waitFor();
  await processes.getByRole('row', { name: /worker-3:7 .* Silent 12 of 16 runs – –/ }).waitFor();
  await page.getByText('Processes run versions 0.1.0 and 0.2.0.').waitFor();
  await page.getByText('A process has sent no heartbeat for 10 s.').waitFor();
  await page.getByText('Redis is unavailable (ECONNREFUSED).').waitFor();
  const blocked = page.getByRole('list', { name: 'Slow in the last hour' }).getByRole('listitem').first();
  expect(await blocked.textContent()).toContain('340 msEvent loop blocked after draft#1 started Open runworker-1:7, 3 min ago');
  expect(await blocked.getByRole('link', { name: 'Open run' }).getAttribute('href')).toBe('/runs/run_1');
  await expectSound(page);
  expect(mistakes).toEqual([]);
});

it('says that nothing is queued, rejected, or slow', async () => {
  const { page, mistakes } = await stage.open();
  await show(page, (system) => ({ ...system, refused: [], slow: [] }));
  await page.route('**/api/queue', (route) => route.fulfill({ json: { items: [], running: 0, queued: { high: 0, normal: 0, low: 0 }, oldestQueuedAt: null } }));
  await page.goto(new URL('/settings/system', stage.server.base).href);
  await page.getByText('No runs are queued or driven, and no workflow has limits.').waitFor();
  await page.getByText('No requests were rejected in the last hour.').waitFor();
  await page.getByText('Nothing was slow in the last hour.').waitFor();
  await expectSound(page);
  expect(mistakes).toEqual([]);
});

it('says that no process drives runs', async () => {
  const { page } = await stage.open();
  await show(page, (system) => ({ ...system, processes: system.processes.map((process) => ({ ...process, role: 'web' }) as const) }));
  await page.goto(new URL('/settings/system', stage.server.base).href);
  await page.getByText('No live process drives runs, so they stay queued. Start one with ROLE=worker.').waitFor();
});

it('says that the database is away, that figures are old, and why nothing could be loaded', async () => {
  const { page } = await stage.open();
  await show(page, (system) => ({
    ...system,
    database: { kind: 'mongodb', state: 'away', latencyMs: null, problem: 'MongoDB is unavailable (ECONNREFUSED).' },
  }));
  await page.goto(new URL('/settings/system', stage.server.base).href);
  await page.getByText('The database is unavailable, so only the process that serves this page is shown.').waitFor();
  await page.getByText('MongoDB is unavailable (ECONNREFUSED).').waitFor();
  await expectSound(page);
  await page.unroute('**/api/system');
  await page.route('**/api/system', (route) => route.fulfill({ status: 500, json: { code: 'internal', detail: 'The disk is full.' } }));
  await page.getByText('Couldn’t refresh.').waitFor();
  await page.reload();
  await page.getByText('Couldn’t load the system').waitFor();
  await page.unroute('**/api/system');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('table', { name: 'Processes' }).waitFor();
});
