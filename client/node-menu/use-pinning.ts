import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { blobOf } from '@switchyard/shared/files/stored-value.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { useRunBlob } from '../api/queries.ts';
import { usePin, usePinActions } from '../live/pin-queries.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { showFailure } from '../ui/toast.tsx';

/** Pins the output of a step for draft runs, or unpins it (S78). Without a step, only unpins. */
export function usePinning(node: GraphNode, runId: string, step: StepState | undefined) {
  const workflowId = useEditor((state) => state.workflowId);
  const readOnly = useEditor((state) => state.readOnly);
  const role = definitionOf(node.type)?.role;
  const pinned = usePin(workflowId, node.data.key, !readOnly);
  const { pin, unpin } = usePinActions(workflowId, node.data.key);
  const output = step?.status === 'succeeded' ? step.output : undefined;
  const large = blobOf(output);
  const blob = useRunBlob(runId, large?.$blob ?? '', large !== undefined);
  const value = large ? blob.data : output;
  const isPossible = !readOnly && (role === 'step' || role === 'container');
  const onError = (thrown: unknown) => showFailure(pinned ? 'Couldn’t unpin output' : 'Couldn’t pin output', thrown);
  return {
    pinned: isPossible ? pinned : undefined,
    /** Pins the output, if there is one. */
    pin: isPossible && value !== undefined ? () => pin.mutate({ output: value, runId, ...(step?.port && { port: step.port }) }, { onError }) : undefined,
    unpin: () => unpin.mutate(undefined, { onError }),
    isPending: pin.isPending || unpin.isPending,
  };
}
