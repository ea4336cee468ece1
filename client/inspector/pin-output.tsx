import { Button } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { IconPin, IconPinnedOff } from '@tabler/icons-react';
import { useRunBlob } from '../api/queries.ts';
import { usePin, usePinActions } from '../live/pin-queries.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { isBlob } from '../run-look/blob-value.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { showFailure } from '../ui/toast.tsx';
import classes from './inspector.module.css';

/** Pins the output of the last run, or unpins the pinned one (S78). */
export function PinOutput({ node, runId, step }: { node: GraphNode; runId: string; step: StepState | undefined }) {
  const { workflowId, readOnly } = { workflowId: useEditor((state) => state.workflowId), readOnly: useEditor((state) => state.readOnly) };
  const { key } = node.data;
  const role = definitionOf(node.type)?.role;
  const pinned = usePin(workflowId, key, !readOnly);
  const { pin, unpin } = usePinActions(workflowId, key);
  const output = step?.status === 'succeeded' ? step.output : undefined;
  const blob = useRunBlob(runId, isBlob(output) ? output.$blob : '', isBlob(output));
  if (readOnly || (role !== 'step' && role !== 'container')) return null;
  const onError = (thrown: unknown) => showFailure(pinned ? 'Couldn’t unpin output' : 'Couldn’t pin output', thrown);
  if (pinned)
    return (
      <div className={classes.pin}>
        <p className={classes.when}>
          Output pinned <TimeAgo at={pinned.updatedAt} />. Draft runs take it instead of running this node.
        </p>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPinnedOff size={14} />}
          loading={unpin.isPending}
          onClick={() => unpin.mutate(undefined, { onError })}
        >
          Unpin output
        </Button>
      </div>
    );
  const value = isBlob(output) ? blob.data : output;
  if (value === undefined) return null;
  const send = () => pin.mutate({ output: value, ...(step?.port && { port: step.port }) }, { onError });
  return (
    <div className={classes.pin}>
      <Button size="xs" variant="default" leftSection={<IconPin size={14} />} loading={pin.isPending} onClick={send}>
        Pin output
      </Button>
    </div>
  );
}
