import { SegmentedControl } from '@mantine/core';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { useLiveRun } from '../live/run-hooks.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { useNodeRun } from '../open-workflow/node-run.ts';
import { shortId } from '../run-look/run-labels.ts';
import { markStep } from '../run-look/step-rows.ts';
import { StepDetails } from '../step-details/step-details.tsx';
import { useChosenRound } from '../step-details/use-chosen-round.ts';
import { TimeAgo } from '../ui/figures.tsx';
import classes from './inspector.module.css';
import { PinOutput } from './pin-output.tsx';

/** This node’s step in the displayed run, or in the last one. */
export function LastRunTab({ node }: { node: GraphNode }) {
  const runId = useEditor((state) => state.activeRunId ?? state.lastRun?.id);
  if (runId === undefined) return <p className={classes.words}>Not run yet. Run the workflow to see this node’s input, output, duration, and cost.</p>;
  return <RunOfNode key={runId} runId={runId} node={node} />;
}

function RunOfNode({ runId, node }: { runId: string; node: GraphNode }) {
  const { state, phase, error } = useLiveRun(runId);
  const [round, setRound] = useChosenRound(node.id);
  const { frame, key, step: current } = useNodeRun(runId, node);
  if (phase === 'error') return <p className={classes.words}>{error}</p>;
  if (phase === 'loading') return <p className={classes.words}>Loading the run…</p>;
  const steps = [...(frame?.steps.values() ?? [])];
  const step = steps.find((candidate) => candidate.nodeKey === key && candidate.round === round) ?? current;
  const rounds = steps.filter((candidate) => candidate.nodeKey === key).map((candidate) => candidate.round);
  if (!step) return <p className={classes.words}>{state.endedAt ? 'The last run didn’t reach this node.' : 'Not reached yet.'}</p>;
  return (
    <div className={classes.stack}>
      {rounds.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label="Round"
          data={rounds.map((number) => ({ value: String(number), label: `Round ${number}` }))}
          value={String(step.round)}
          onChange={(value) => setRound(Number(value))}
        />
      )}
      {current && frame !== state && <p className={classes.when}>Of the item shown on the canvas</p>}
      <PinOutput node={node} runId={runId} step={step} />
      <StepDetails step={markStep(step, state)} runId={runId} title={node.data.title} />
      {state.startedAt && (
        <p className={classes.when}>
          Run {shortId(runId)}, <TimeAgo at={state.startedAt} />
        </p>
      )}
    </div>
  );
}
