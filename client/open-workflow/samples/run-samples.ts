import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Sample } from '@switchyard/shared/graph/samples.ts';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import { isSettled, type SampleBatch, type SampleOutcome, type SampleProgress } from './sample-batch.ts';

/*
 * Runs all samples of a draft. Invariants:
 * 1. At most `AT_ONCE` runs are in progress. A run that waits for a person makes room for the next.
 * 2. A run is read when its status changes, after a lost connection, and once after it was started, so no end is missed.
 * 3. After `cancel`, nothing more is started, and everything that was is canceled.
 */

const AT_ONCE = 4;

/** The server, replaced in tests. */
export interface SampleServer {
  /** Starts a run of the draft. Returns its ID. */
  start(input: unknown): Promise<string>;
  read(runId: string): Promise<SampleOutcome>;
  cancel(runId: string): Promise<void>;
  /** Decides the open reviews of a run, by the key of their node. Those without a decision remain open. */
  decide(runId: string, decisions: Readonly<Record<string, unknown>>): Promise<void>;
  /** Calls back when the status of a run of the workflow changes, or `undefined` if changes may have been missed. Returns a function that stops it. */
  watch(onChange: (change: { readonly runId: string; readonly status: RunStatus } | undefined) => void): () => void;
}

export interface SampleRunner {
  cancel(): void;
  /** Stops watching. Runs in progress continue. */
  close(): void;
}

let lastId = 0;

/** Starts running samples on a graph, and reports the batch on each change. */
export function runSamples(graph: Graph, samples: readonly Sample[], server: SampleServer, report: (batch: SampleBatch) => void): SampleRunner {
  const progress: SampleProgress[] = samples.map(() => ({ kind: 'queued' }));
  const id = ++lastId;
  let canceled = false;
  const tell = () => report({ id, graph, rows: samples.map(({ name, value }, index) => ({ name, value, progress: progress[index] ?? { kind: 'queued' } })) });
  const set = (index: number, next: SampleProgress) => {
    progress[index] = next;
    tell();
    fill();
  };
  const inProgress = () => progress.filter((one) => one.kind === 'starting' || (one.kind === 'open' && !(one.outcome && isSettled(one.outcome)))).length;
  const fill = () => {
    for (let index = progress.findIndex(isQueued); index >= 0 && !canceled && inProgress() < AT_ONCE; index = progress.findIndex(isQueued)) {
      progress[index] = { kind: 'starting' };
      void start(index);
    }
  };
  const start = async (index: number) => {
    let runId: string;
    try {
      runId = await server.start(samples[index]?.value);
    } catch (error) {
      set(index, { kind: 'refused', error });
      return;
    }
    set(index, { kind: 'open', runId });
    if (canceled) void server.cancel(runId).catch(ignore);
    await read(index, runId).catch(ignore);
  };
  let reads = 0;
  const newest: number[] = [];
  const read = async (index: number, runId: string) => {
    const number = ++reads;
    const outcome = await server.read(runId);
    if (progress[index]?.kind !== 'open' || number < (newest[index] ?? 0)) return;
    newest[index] = number;
    set(index, { kind: isEnded(outcome.status) ? 'ended' : 'open', runId, outcome });
    const { decisions } = samples[index] ?? {};
    if (outcome.status === 'waiting' && decisions && !canceled) await server.decide(runId, decisions);
  };
  const stop = server.watch((change) => {
    for (const [index, one] of progress.entries())
      if (one.kind === 'open' && (change === undefined || change.runId === one.runId)) void read(index, one.runId).catch(ignore);
  });
  tell();
  fill();
  tell();
  return {
    close: stop,
    cancel() {
      canceled = true;
      for (const [index, one] of progress.entries()) {
        if (one.kind === 'queued') progress[index] = { kind: 'canceled' };
        if (one.kind === 'open') void server.cancel(one.runId).catch(ignore);
      }
      tell();
    },
  };
}

const isQueued = ({ kind }: SampleProgress): boolean => kind === 'queued';

/** A failed read is repeated at the next change, and a run that can’t be canceled has ended. */
const ignore = (): void => {};
