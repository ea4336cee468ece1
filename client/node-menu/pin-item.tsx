import { Menu } from '@mantine/core';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { IconPin, IconPinnedOff } from '@tabler/icons-react';
import { useEditor } from '../open-workflow/editor-store.ts';
import { useNodeRun } from '../open-workflow/node-run.ts';
import { usePinning } from './use-pinning.ts';

/** The menu item that pins the output of the last run, or unpins it. Nothing without an output. */
export function PinItem({ node }: { node: GraphNode }) {
  const runId = useEditor((state) => state.activeRunId ?? state.lastRun?.id);
  return runId === undefined ? <PinOf node={node} runId="" step={undefined} /> : <PinOfRun node={node} runId={runId} />;
}

function PinOfRun({ node, runId }: { node: GraphNode; runId: string }) {
  const { step } = useNodeRun(runId, node);
  return <PinOf node={node} runId={runId} step={step} />;
}

function PinOf({ node, runId, step }: { node: GraphNode; runId: string; step: StepState | undefined }) {
  const { pinned, pin, unpin } = usePinning(node, runId, step);
  if (pinned)
    return (
      <Menu.Item leftSection={<IconPinnedOff size={16} />} onClick={unpin}>
        Unpin output
      </Menu.Item>
    );
  return pin ? (
    <Menu.Item leftSection={<IconPin size={16} />} onClick={pin}>
      Pin output
    </Menu.Item>
  ) : null;
}
