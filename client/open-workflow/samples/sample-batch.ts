import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type Sample, samplesOf } from '@switchyard/shared/graph/samples.ts';
import { type SampleRun, sampleFailures } from '@switchyard/shared/run/sample-run.ts';
import { isEnded, type StepStatus } from '@switchyard/shared/run/state.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { ApiError } from '../../api/api-error.ts';

/** The kept part of a sample’s run. */
export interface SampleOutcome extends SampleRun {
  readonly id: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly costMicros: number | null;
  readonly unknownPrice: number;
  readonly demo: boolean;
  readonly steps: readonly { readonly nodeKey: string; readonly status: StepStatus; readonly port: string | null }[];
}

/** `open`: its run waits or is in progress. `refused`: it couldn’t be started or read. */
export type SampleProgress =
  | { readonly kind: 'queued' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'open'; readonly runId: string; readonly outcome?: SampleOutcome }
  | { readonly kind: 'ended'; readonly runId: string; readonly outcome: SampleOutcome }
  | { readonly kind: 'refused'; readonly error: unknown };

export interface SampleRow {
  readonly name: string;
  readonly value: unknown;
  readonly progress: SampleProgress;
}

/** A run of all samples of a draft. */
export interface SampleBatch {
  readonly id: number;
  /** The graph that they run on. */
  readonly graph: Graph;
  readonly rows: readonly SampleRow[];
}

export type Verdict = 'none' | 'queued' | 'running' | 'waiting' | 'passed' | 'failed' | 'canceled';

/** A sample with how its run went, compared with what it expects now. */
export interface SampleResult {
  readonly sample: Sample;
  readonly index: number;
  readonly verdict: Verdict;
  /** Why it failed, one line each. */
  readonly failures: readonly string[];
  readonly outcome?: SampleOutcome | undefined;
  readonly runId?: string | undefined;
  readonly error?: unknown;
}

/** How the samples of an Input node went. A sample whose input changed since has no verdict. */
export function resultsOf(params: unknown, batch: SampleBatch | undefined): SampleResult[] {
  return samplesOf(params).map((sample, index) => {
    const progress = batch && progressOf(batch, sample, index);
    return { sample, index, ...(progress ? judged(sample, progress) : { verdict: 'none' as const, failures: [] }) };
  });
}

function progressOf({ rows }: SampleBatch, { value }: Sample, index: number): SampleProgress | undefined {
  const here = rows[index];
  return (here && sameJson(here.value, value) ? here : rows.find((row) => sameJson(row.value, value)))?.progress;
}

function judged(sample: Sample, progress: SampleProgress): Omit<SampleResult, 'sample' | 'index'> {
  if (progress.kind === 'queued' || progress.kind === 'starting') return { verdict: progress.kind === 'queued' ? 'queued' : 'running', failures: [] };
  if (progress.kind === 'canceled') return { verdict: 'canceled', failures: [] };
  if (progress.kind === 'refused') return refused(sample, progress.error);
  const { runId, outcome } = progress;
  if (progress.kind === 'open') return { verdict: outcome?.status === 'waiting' ? 'waiting' : 'running', failures: [], runId, outcome };
  if (progress.outcome.status === 'cancelled') return { verdict: 'canceled', failures: [], runId, outcome };
  const failures = sampleFailures(sample, progress.outcome);
  return { verdict: failures.length === 0 ? 'passed' : 'failed', failures, runId, outcome };
}

/** A sample without a run. It passes if its input was to be rejected. */
function refused(sample: Sample, error: unknown): Omit<SampleResult, 'sample' | 'index'> {
  const isInvalid = error instanceof ApiError && error.code === 'bad-input';
  return isInvalid && sampleFailures(sample, { rejected: error.message }).length === 0
    ? { verdict: 'passed', failures: [], error }
    : { verdict: 'failed', failures: [], error };
}

/** Whether a run of the batch is still to start or in progress. Waiting for a person counts as done. */
export const isBusy = ({ rows }: SampleBatch): boolean =>
  rows.some(({ progress }) =>
    progress.kind === 'open' ? progress.outcome === undefined || !isSettled(progress.outcome) : progress.kind === 'queued' || progress.kind === 'starting',
  );

/** Nothing of it changes anymore. */
export const isOver = ({ rows }: SampleBatch): boolean => rows.every(({ progress: { kind } }) => kind === 'ended' || kind === 'refused' || kind === 'canceled');

/** Nothing more happens in it without a person or the clock. */
export const isSettled = ({ status }: SampleRun): boolean => status === 'waiting' || isEnded(status);
