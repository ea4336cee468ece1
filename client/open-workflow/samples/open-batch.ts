import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { cancelRun, getRun, getRunBlob, type Run, startRun } from '@switchyard/shared/contracts/runs.ts';
import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { call } from '../../api/call.ts';
import type { EditorStore } from '../../graph-editing/editor-state.ts';
import { startNode } from '../../graph-editing/samples.ts';
import { watchWorkflowRuns } from '../../live/workflow-runs.ts';
import { useEditor } from '../editor-store.ts';
import { runSamples, type SampleRunner, type SampleServer } from './run-samples.ts';
import { isBusy, isOver, resultsOf, type SampleBatch, type SampleOutcome, type SampleResult } from './sample-batch.ts';

interface OpenBatch {
  readonly batch: SampleBatch;
  /** Its paths are drawn on the canvas while no run is. */
  readonly isDrawn: boolean;
}

/** The last run of all samples of each workflow, while the page is open. */
export const openBatches = createStore<Readonly<Record<string, OpenBatch>>>(() => ({}));
const runners = new Map<string, SampleRunner>();

const batchOf = (workflowId: string): SampleBatch | undefined => openBatches.getState()[workflowId]?.batch;

const put = (workflowId: string, part: Partial<OpenBatch>): void => {
  const known = openBatches.getState()[workflowId];
  const batch = part.batch ?? known?.batch;
  if (batch) openBatches.setState({ [workflowId]: { batch, isDrawn: part.isDrawn ?? known?.isDrawn ?? true } });
};

/** Saves, then runs the draft with each of its samples, or with those at these positions, and draws their paths. */
export async function startBatch(editor: EditorStore): Promise<void> {
  await editor.getState().saveNow();
  const { workflowId, graph, clearRun } = editor.getState();
  runners.get(workflowId)?.close();
  clearRun();
  put(workflowId, { isDrawn: true });
  const samples = samplesOf(startNode(graph)?.data.params);
  const report = (batch: SampleBatch) => {
    put(workflowId, { batch });
    if (isOver(batch)) runners.get(workflowId)?.close();
  };
  runners.set(workflowId, runSamples(graph, samples, serverOf(workflowId), report));
}

export const cancelBatch = (workflowId: string): void => runners.get(workflowId)?.cancel();

/** Draws the paths of the last batch on the canvas, or no longer. */
export const drawBatch = (workflowId: string, isDrawn: boolean): void => put(workflowId, { isDrawn });

/** Whether a run belongs to a batch. While a batch starts its runs, any run of the draft may. */
export function isOfBatch(workflowId: string, runId: string): boolean {
  const batch = batchOf(workflowId);
  return batch !== undefined && (isBusy(batch) || batch.rows.some(({ progress }) => 'runId' in progress && progress.runId === runId));
}

export const useBatch = (): OpenBatch | undefined => {
  const workflowId = useEditor((state) => state.workflowId);
  return useStore(openBatches, (all) => all[workflowId]);
};

/** The samples of the open workflow and how each went. */
export function useSampleResults(): readonly SampleResult[] {
  const params = useEditor((state) => startNode(state.graph)?.data.params);
  const batch = useBatch()?.batch;
  return useMemo(() => resultsOf(params, batch), [params, batch]);
}

const serverOf = (workflowId: string): SampleServer => ({
  start: async (input) => (await call(startRun, { params: { id: workflowId }, body: { version: 'draft', input } })).id,
  read: async (id) => outcomeOf(await call(getRun, { params: { id } })),
  cancel: async (id) => void (await call(cancelRun, { params: { id } })),
  decide: decideReviews,
  watch: (onChange) => watchWorkflowRuns(workflowId, onChange),
});

async function decideReviews(runId: string, decisions: Readonly<Record<string, unknown>>): Promise<void> {
  const { items } = await call(listReviews, { query: { runId, status: 'open', limit: 100 } });
  for (const { id, stepId } of items) {
    const step = parseAddress(stepId);
    const decision = step?.kind === 'step' ? decisions[step.nodeKey] : undefined;
    if (decision !== undefined) await call(decideReview, { params: { id }, body: decision as BodyOf<typeof decideReview> });
  }
}

async function outcomeOf(run: Run): Promise<SampleOutcome> {
  const { id, status, error, startedAt, endedAt, costMicros, unknownPrice, demo } = run;
  const steps = run.steps.map(({ nodeKey, status, port }) => ({ nodeKey, status, port }));
  const output = isBlobRef(run.output) ? await call(getRunBlob, { params: { id, hash: run.output.$blob } }) : run.output;
  return { id, status, output, error, startedAt, endedAt, costMicros, unknownPrice, demo, steps };
}
