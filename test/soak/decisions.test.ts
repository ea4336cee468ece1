import { getReview, listReviews, type Review } from '@switchyard/shared/contracts/reviews.ts';
import { expect, test } from 'vitest';
import { reviewGraph } from '../kit/graph.ts';
import { begin, ended, journalOf, whenRun, workflowOf } from '../kit/runs.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { atOnce } from './at-once.ts';
import { LETS_ALL_DECIDE } from './breakages.ts';
import { brokenBuild } from './broken-build.ts';
import { SOAK_LIMIT_MS, sizeOf } from './size.ts';

/* An approval covers exactly one action: of simultaneous decisions only one counts, it never changes, and viewing decides nothing. */

/** Reviews that are decided at the same time. */
const AT_ONCE = 10;

async function openTask(server: ServerProcess, workflowId: string): Promise<Review> {
  const { id } = await begin(server, workflowId);
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  const { items } = await server.call(listReviews, { query: { runId: id } });
  const [task] = items;
  if (!task) throw new Error(`Run ${id} waits, but has no review.`);
  return task;
}

/** What a link preview, a crawler, or a browser does with URLs it finds. */
async function lookAt(server: ServerProcess, { id, link }: Review): Promise<void> {
  const path = new URL(link ?? '').pathname;
  const question = '?decision=approve&values[text]=Looked';
  for (const address of [`/api/reviews/${id}`, `/api/reviews/${id}/decision`, path]) {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await server.send(method, `${address}${question}`);
  }
}

interface Click {
  readonly status: number;
  /** The database could not write it the first time. */
  readonly again: boolean;
}

/** Decides, and again if the server says to try again. */
async function click(server: ServerProcess, path: string, body: unknown): Promise<Click> {
  for (let tries = 1; ; tries++) {
    const { status } = await server.send('POST', path, { body });
    if (status !== 503 || tries === 5) return { status, again: tries > 1 };
  }
}

/** Who decides, from where, and what; all at the same moment. */
const clicksOf = (server: ServerProcess, { id, link }: Review): Promise<Click>[] => {
  const open = `/api/reviews/${id}/decision`;
  const byLink = new URL(link ?? '').pathname;
  const approve = (text: string) => ({ decision: 'approve', values: { text } });
  const sent: [string, unknown][] = [
    [open, approve('first')],
    [open, approve('first')],
    [open, approve('changed')],
    [byLink, { decision: 'reject' }],
  ];
  return sent.map(([path, body]) => click(server, path, body));
};

/** The expected output of the run after the decision that counted. */
const outcomeOf = ({ decision }: Review): unknown => (decision?.decision === 'approve' ? decision.values.text : 'closed');

/** Lets several people decide one review at once. Returns what is wrong afterwards, and how many had to retry. */
async function doubleClick(server: ServerProcess, workflowId: string): Promise<{ faults: string[]; again: number }> {
  const task = await openTask(server, workflowId);
  const faults: string[] = [];
  await lookAt(server, task);
  if ((await server.call(getReview, { params: { id: task.id } })).status !== 'open') faults.push('viewing a review has decided it');
  const wrong = await server.send('POST', `/api/reviews/${task.id}/decision`, { body: { decision: 'approve', values: { text: { $ne: 1 } } } });
  if (wrong.status !== 400) faults.push(`a value of the wrong type got ${wrong.status}`);
  const clicks = await Promise.all(clicksOf(server, task));
  const statuses = clicks.map(({ status }) => status).sort();
  // A reviewer told to retry may have been the one who decided, and then gets a 409 like the others.
  const heard = clicks.some(({ again }) => again) && statuses[0] === 409 ? '409,409,409,409' : '200,409,409,409';
  if (statuses.join() !== heard) faults.push(`simultaneous clicks got ${statuses.join()}`);
  const again = clicks.filter((click) => click.again).length;

  const decided = await server.call(getReview, { params: { id: task.id } });
  const later = await server.send('POST', `/api/reviews/${task.id}/decision`, { body: { decision: 'approve', values: { text: 'later' } } });
  if (later.status !== 409) faults.push(`changed values after the decision got ${later.status}`);
  const run = await ended(server, task.runId);
  if (run.status !== 'succeeded' || run.output !== outcomeOf(decided)) faults.push(`the output is ${run.output}, but ${outcomeOf(decided)} was decided`);
  const decisions = (await journalOf(server, task.runId)).filter(({ type }) => type === 'wait-ended').length;
  if (decisions !== 1) faults.push(`the journal has ${decisions} decisions`);
  return { faults, again };
}

async function doubleClicks(count: number, env: Readonly<Record<string, string>> = {}) {
  await using server = await startServerProcess({ env });
  const workflowId = await workflowOf(server, reviewGraph());
  const faults: string[] = [];
  const seen = { tasks: 0, again: 0 };
  await atOnce(AT_ONCE, Array(count).keys(), async () => {
    const clicked = await doubleClick(server, workflowId);
    faults.push(...clicked.faults);
    seen.tasks++;
    seen.again += clicked.again;
  });
  return { faults, ...seen };
}

test('one of several simultaneous clicks decides, changed values are rejected, and no GET decides anything', { timeout: SOAK_LIMIT_MS }, async () => {
  const count = sizeOf(1_000);
  const { faults, ...seen } = await doubleClicks(count);
  expect(faults).toEqual([]);
  expect(seen.tasks).toBe(count);
  expect(seen.again, 'those who had to retry').toBeLessThanOrEqual(count / 10);
  console.info(`decisions: ${JSON.stringify(seen)}`);
});

test('a build in which every decision counts is caught', { timeout: SOAK_LIMIT_MS }, async () => {
  const { faults } = await doubleClicks(5, brokenBuild(LETS_ALL_DECIDE));
  expect(faults.join('\n')).toMatch(/simultaneous clicks got 200,200/);
});
