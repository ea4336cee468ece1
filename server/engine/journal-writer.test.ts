import type { RunEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import { expect, it } from 'vitest';
import { createJournalWriter } from './journal-writer.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

const ports = { now: () => 0, elapsed: () => 0, bus: { publish: () => {} } } as unknown as EnginePorts;
const STARTED = { type: 'run-started', workflowId: 'wf_1', version: 1, trigger: 'webhook', labels: {}, graphHash: 'hash' } as const;

/** A writer of a run that is on disk. Its rows and what it publishes are listed. */
function writing() {
  const rows: RunEvent['type'][][] = [];
  const published: string[] = [];
  const problems: string[] = [];
  const state = fold([]);
  const clock = { ms: 0 };
  const writer = createJournalWriter({
    ports: {
      ...ports,
      elapsed: () => clock.ms,
      append: async (_: AcceptedRun, { events }: { events: readonly RunEvent[] }) => void rows.push(events.map(({ type }) => type)),
      bus: { publish: ({ kind }: { kind: string }) => published.push(kind) },
      report: (problem: string) => problems.push(problem),
    } as unknown as EnginePorts,
    run: { runId: 'run_1' } as AcceptedRun,
    state,
    visible: () => state,
    shownStatus: 'queued',
    onCommitted: () => {},
  });
  return { writer, clock, rows, published, problems };
}

it('hands out the state of the first commit without what is recorded later and not on disk yet', async () => {
  const state = fold([]);
  const handedOut: (RunState | undefined)[] = [];
  const writer = createJournalWriter({
    ports,
    run: { runId: 'run_1' } as AcceptedRun,
    state,
    visible: () => state,
    shownStatus: 'queued',
    onCommitted: () => {},
    first: { insert: async () => {}, inserted: (committed) => handedOut.push(committed), refused: () => {} },
  });
  writer.record(STARTED);
  await writer.commit();
  writer.record({ type: 'run-failing', error: { code: 'internal', message: 'Not committed yet', nodeKey: '', stepId: '' } });
  expect(state.error).toBeDefined();
  expect(handedOut.map((committed) => [committed?.seq, committed?.error])).toEqual([[1, undefined]]);
});

it('writes a row while other work is being done, and publishes it once both are', async () => {
  const { writer, rows, published } = writing();
  const work = Promise.withResolvers<void>();
  writer.alongside(work.promise);
  writer.record(STARTED);
  const committed = writer.commit();
  await expect.poll(() => rows).toEqual([['run-started']]);
  expect([published, writer.idle()]).toEqual([[], false]);
  work.resolve();
  await committed;
  expect([published, writer.idle()]).toEqual([['run-committed'], true]);
});

it('reports other work that fails, and publishes the row', async () => {
  const { writer, published, problems } = writing();
  writer.alongside(Promise.reject(new Error('no')));
  writer.record(STARTED);
  await writer.commit();
  expect([published, problems]).toEqual([['run-committed'], ['Work alongside the journal failed']]);
});

it('lets events wait for others only until they are many, or have waited long', async () => {
  const { writer, clock, rows } = writing();
  writer.record(STARTED);
  expect(writer.mayGrow()).toBe(true);
  clock.ms = 30;
  expect(writer.mayGrow()).toBe(false);
  await writer.commit();
  for (let count = 0; count < 2_000; count++) writer.record({ type: 'cancel-requested' });
  expect(writer.mayGrow()).toBe(false);
  await writer.commit();
  expect(rows.map((row) => row.length)).toEqual([1, 2_000]);
});
