import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type Sample, samplesOf } from '@switchyard/shared/graph/samples.ts';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { startNode } from '../graph-editing/samples.ts';
import { useEditor } from './editor-store.ts';

/** The sample that *Run* uses in each workflow, stored in this browser. */
const KEY = 'switchyard-sample:';
const chosen = createStore<Readonly<Record<string, number>>>(() => ({}));

function indexFor(workflowId: string, known: Readonly<Record<string, number>>): number {
  return known[workflowId] ?? Number(localStorage.getItem(KEY + workflowId) ?? 0);
}

/** Selects the sample that *Run* uses. */
export function chooseSample(workflowId: string, index: number): void {
  localStorage.setItem(KEY + workflowId, String(index));
  chosen.setState({ [workflowId]: index });
}

export type ChosenSample = Sample & { readonly index: number };

/** The sample that *Run* uses now, for event handlers. Undefined if the workflow has none. */
export function chosenSample(workflowId: string, graph: Graph): ChosenSample | undefined {
  return pick(samplesOf(startNode(graph)?.data.params), indexFor(workflowId, chosen.getState()));
}

function pick(samples: readonly Sample[], wanted: number): ChosenSample | undefined {
  const index = samples[wanted] ? wanted : 0;
  const sample = samples[index];
  return sample && { ...sample, index };
}

/** The sample that *Run* uses: the chosen one, or the first. */
export function useChosenSample(): ChosenSample | undefined {
  const workflowId = useEditor((state) => state.workflowId);
  const params = useEditor((state) => startNode(state.graph)?.data.params);
  const index = useStore(chosen, (known) => indexFor(workflowId, known));
  return useMemo(() => pick(samplesOf(params), index), [params, index]);
}
