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

/** No run started, because the input is invalid: the reason. */
export interface RejectedSample {
  readonly rejected: string;
}
export const isRejected = <R extends object>(run: R | RejectedSample): run is RejectedSample => 'rejected' in run;

/** Why a run fails its sample, one line each. Empty if it passed: it ended as expected, and its output is as expected. */
export function sampleFailures({ expect, ends = 'succeeded' }: Sample, run: SampleRun | RejectedSample): string[] {
  const end = isRejected(run) ? 'rejected' : run.status;
  if (end !== ends) return [ends === 'succeeded' ? endOfSample(run) : `expected to be ${ends}, but ${endOfSample(run)}`];
  return isRejected(run) ? [] : differences(expect, run.output);
}

/** How a sample ended. */
export const endOfSample = (run: SampleRun | RejectedSample): string => (isRejected(run) ? `rejected: ${run.rejected}` : endOfRun(run));

/** How a run ended that didn’t succeed. */
const endOfRun = ({ status, error }: Pick<SampleRun, 'status' | 'error'>): string =>
  error ? `${status}${error.nodeKey ? ` at ${error.nodeKey}` : ''}: ${error.message}` : status === 'waiting' ? 'waits for a review' : status;

/** The branches that a run took, of the nodes that have several. */
export const branchesTaken = ({ steps }: Pick<SampleRun, 'steps'>): string[] =>
  steps.flatMap(({ nodeKey, port }) => (port === null || port === OUT ? [] : `${nodeKey}: ${port}`));
