import type { ErrorData } from '../errors.ts';
import { differences } from '../graph/expected-output.ts';
import { OUT } from '../graph/graph.ts';
import type { Sample } from '../graph/samples.ts';
import type { RunStatus } from './state.ts';

/** What is compared of a sample’s run. */
export interface SampleRun {
  readonly status: RunStatus;
  readonly output: unknown;
  readonly error: ErrorData | null;
  readonly steps: readonly { readonly nodeKey: string; readonly port: string | null }[];
}

/** Why a run fails its sample, one line each. Empty if it passed: it succeeded, and its output is as expected. */
export const sampleFailures = (sample: Sample, run: SampleRun): string[] =>
  run.status === 'succeeded' ? differences(sample.expect, run.output) : [endOfRun(run)];

/** How a run ended that didn’t succeed. */
export const endOfRun = ({ status, error }: Pick<SampleRun, 'status' | 'error'>): string =>
  error ? `${status}${error.nodeKey ? ` at ${error.nodeKey}` : ''}: ${error.message}` : status === 'waiting' ? 'waits for a review' : status;

/** The branches that a run took, of the nodes that have several. */
export const branchesTaken = ({ steps }: Pick<SampleRun, 'steps'>): string[] =>
  steps.flatMap(({ nodeKey, port }) => (port === null || port === OUT ? [] : `${nodeKey}: ${port}`));
