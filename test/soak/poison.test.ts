import { join } from 'node:path';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { expect, test } from 'vitest';
import { edge, graphOf, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { readRun } from '../kit/runs.ts';
import { until } from '../kit/until.ts';
import { atOnce } from './at-once.ts';
import { type Breakage, brokenBuild } from './broken-build.ts';
import { SOAK_LIMIT_MS, sizeOf } from './size.ts';
import { type SupervisedServer, superviseServer } from './supervised-server.ts';

/* A run that crashes its process fails after a few crashes, and other runs end as if nothing had happened (S29a). */

const KINDS = [
  ...['SIGKILL at once', 'exit after the time of a probation', 'exit at once', 'exit as if all were well', 'SIGSEGV at once', 'SIGABRT at once'],
  ...['SIGILL at once', 'exit in a microtask', 'exit in the next tick', 'exit in the next turn', 'exit after 5 ms', 'SIGKILL after 20 ms'],
  ...['exit after 100 ms', 'SIGSEGV after 240 ms', 'exit after a second', 'an error thrown in a timer', 'an error thrown in the next tick'],
  ...['an error event that nothing handles', 'an error thrown in a queued microtask', 'a heap that runs out'],
];
/** Next to the first kind, and next to each further one. */
const INNOCENT = 50;
const FEW = 10;
/** Three that count, and two that could not be charged: on a slow machine, the run has committed an event of its own before it crashes. */
const MOST_DEATHS = 5;
/** The poison is not found: no point in waiting for its end. */
const FAR_TOO_MANY = 8;
const END_MS = 120_000;

/** Transform steps crash the process if the input says so. */
const POISONED: Breakage = {
  file: 'nodes/data/transform.ts',
  text: 'compute: ({ params, context }) => {',
  instead: 'run: async ({ params, context }) => { await (globalThis as any).poison(context.trigger.body?.poison);',
};

const poisonedGraph = graphOf(
  [
    node('input', 'start', { schema: {}, samples: [] }),
    node('transform', 'shape', { fields: [{ name: 'text', value: 'input.message' }] }),
    node('prompt', 'ask', { message: '{{ steps.shape.text }}', route: 'fast' }),
    node('output', 'reply', { value: '{{ steps.ask.text }}' }),
  ],
  [edge('start', 'shape'), edge('shape', 'ask'), edge('ask', 'reply')],
);

/** Starts a run. Its key finds it again if the process ended before it responded. */
const startRun = (server: SupervisedServer, path: string, key: string, body: Record<string, unknown>): Promise<string> =>
  until(
    'the webhook to respond',
    async () => {
      const reply = await (await server.now()).send('POST', path, { body, headers: { 'idempotency-key': key.replaceAll(' ', '-') } }).catch(() => undefined);
      if (reply && reply.status !== 202 && reply.status < 500) throw new Error(`The webhook returned ${reply.status}: ${reply.text}`);
      return reply?.status === 202 && (reply.json as { runId: string }).runId;
    },
    END_MS,
  );

const endOf = (server: SupervisedServer, id: string, deathsBefore: number) =>
  until(
    `run ${id} to end`,
    async () => {
      const deaths = server.deaths - deathsBefore;
      if (deaths > FAR_TOO_MANY) throw new Error(`the process ended ${deaths} times`);
      // The process may end while it responds.
      const run = await readRun(await server.now(), id).catch(() => undefined);
      return run && isEnded(run.status) && run;
    },
    END_MS,
  );

/** Starts each kind of poison among innocent runs. Returns what went wrong. */
async function poisonAmongInnocents(kinds: readonly string[], ...broken: Breakage[]) {
  const build = brokenBuild(POISONED, ...broken);
  await using server = await superviseServer({
    ...build,
    NODE_OPTIONS: `--max-old-space-size=400 ${build.NODE_OPTIONS} --import=${join(import.meta.dirname, 'poisons.ts')}`,
    SWITCHYARD_DEMO_DELAY_MS: '1500',
    LOG_LEVEL: 'silent',
  });
  const path = new URL((await publishedWorkflow(await server.now(), poisonedGraph, { mode: 'accepted' })).url).pathname;
  const faults: string[] = [];
  let before = 0;
  for (const kind of kinds) {
    const count = kind === KINDS[0] ? INNOCENT : FEW;
    const innocent = await Promise.all(
      Array.from({ length: count }, (_, index) => startRun(server, path, `${kind} ${index}`, { message: `message ${index}` })),
    );
    const poison = await startRun(server, path, kind, { message: 'poison', poison: kind });
    const { status, error } = await endOf(server, poison, before);
    if (status !== 'failed' || !/^(step|run)-crashed$/.test(error?.code ?? '')) faults.push(`${kind}: the run is ${status} ${error?.code}`);
    const deaths = server.deaths - before;
    before = server.deaths;
    if (deaths < 3 || deaths > MOST_DEATHS) faults.push(`${kind}: the process ended ${deaths} times`);
    await atOnce(4, innocent, async (id) => {
      const run = await endOf(server, id, before);
      if (run.status !== 'succeeded') faults.push(`${kind}: innocent run ${id} is ${run.status} ${run.error?.code}`);
    });
  }
  return { faults, deaths: server.deaths };
}

const kinds = KINDS.slice(0, sizeOf(KINDS.length));

test(`${kinds.length} kinds of run that crash their process fail, and up to ${INNOCENT} runs next to them succeed`, { timeout: SOAK_LIMIT_MS }, async () => {
  const { faults, deaths } = await poisonAmongInnocents(kinds);
  console.info(`poison: ${JSON.stringify({ kinds: kinds.length, deaths })}`);
  expect(faults).toEqual([]);
});

test('a build that puts no run on probation is caught', { timeout: SOAK_LIMIT_MS }, async () => {
  const allAtOnce: Breakage = {
    file: 'server/engine/driver-pool.ts',
    text: "if (crash && !(await probation.enter(runId))) return 'stopping';",
    instead: '',
  };
  await expect(poisonAmongInnocents(['exit after 100 ms'], allAtOnce)).rejects.toThrow(/the process ended \d+ times/);
});
