import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { currentStep, type FrameState, type StepState } from '@switchyard/shared/run/state.ts';
import { useStore } from 'zustand';
import { findNode } from '../graph-editing/operations/node-names.ts';
import { readFrames } from '../live/item-frames.ts';
import { useLiveRun } from '../live/run-hooks.ts';
import { useRanGraph } from './editor-store.ts';
import { useReadFrames } from './read-frames.ts';
import { chosenItems, containersAround, frameAround } from './shown-item.ts';

interface NodeRun {
  /** Where the node ran: the run, or the shown item of the container around it. Undefined if that item has not started. */
  readonly frame: FrameState | undefined;
  /** Its key in the run. */
  readonly key: string;
  readonly step: StepState | undefined;
}

/** What a run did with a node, by the key that the node had then. */
export function useNodeRun(runId: string, node: GraphNode): NodeRun {
  const { state, journal } = useLiveRun(runId);
  const graph = useRanGraph();
  useStore(chosenItems);
  useStore(readFrames);
  useReadFrames(runId);
  const key = findNode(graph, node.id)?.data.key ?? '';
  const frame = frameAround({ runId, state, journal, values: true }, containersAround(graph, key));
  return { frame, key, step: frame && currentStep(frame, key) };
}
