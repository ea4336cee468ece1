import { Button } from '@mantine/core';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { IconPin, IconPinnedOff } from '@tabler/icons-react';
import { usePinning } from '../node-menu/use-pinning.ts';
import { TimeAgo } from '../ui/figures.tsx';
import classes from './inspector.module.css';

/** Pins the output of the last run, or unpins the pinned one (S78). */
export function PinOutput({ node, runId, step }: { node: GraphNode; runId: string; step: StepState | undefined }) {
  const { pinned, pin, unpin, isPending } = usePinning(node, runId, step);
  if (pinned)
    return (
      <div className={classes.pin}>
        <p className={classes.when}>
          Output pinned <TimeAgo at={pinned.updatedAt} />. Draft runs take it instead of running this node.
        </p>
        <Button size="xs" variant="default" leftSection={<IconPinnedOff size={14} />} loading={isPending} onClick={unpin}>
          Unpin output
        </Button>
      </div>
    );
  if (!pin) return null;
  return (
    <div className={classes.pin}>
      <Button size="xs" variant="default" leftSection={<IconPin size={14} />} loading={isPending} onClick={pin}>
        Pin output
      </Button>
    </div>
  );
}
