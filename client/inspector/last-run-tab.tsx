import { SegmentedControl } from '@mantine/core';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { stepId } from '@switchyard/shared/run/address.ts';
import { currentStep } from '@switchyard/shared/run/state.ts';
import { findNode } from '../graph-editing/operations/node-names.ts';
import { useLiveRun } from '../live/run-hooks.ts';
import { useEditor, useRanGraph } from '../open-workflow/editor-store.ts';
import { shortId } from '../run-look/run-labels.ts';
import { markStep } from '../run-look/step-rows.ts';
import { StepDetails } from '../step-details/step-details.tsx';
import { useChosenRound } from '../step-details/use-chosen-round.ts';
import { TimeAgo } from '../ui/figures.tsx';
import classes from './inspector.module.css';

/** This node’s step in the displayed run, or in the last one. */
export function LastRunTab({ node }: { node: GraphNode }) {
  const runId = useEditor((state) => state.activeRunId ?? state.lastRun?.id);
  if (runId === undefined) return <p className={classes.words}>Not run yet. Run the workflow to see this node’s input, output, duration, and cost.</p>;
  return <RunOfNode key={runId} runId={runId} node={node} />;
}

function RunOfNode({ runId, node }: { runId: string; node: GraphNode }) {
  const { state, phase, error } = useLiveRun(runId);
  const [round, setRound] = useChosenRound(node.id);
  const key = findNode(useRanGraph(), node.id)?.data.key ?? '';
  if (phase === 'error') return <p className={classes.words}>{error}</p>;
  if (phase === 'loading') return <p className={classes.words}>Loading the run…</p>;
  const current = currentStep(state, key);
  const step = round === undefined ? current : (state.steps.get(stepId(key, round)) ?? current);
  const rounds = [...state.steps.values()].filter((candidate) => candidate.nodeKey === key).map((candidate) => candidate.round);
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
      <StepDetails step={markStep(step, state)} runId={runId} title={node.data.title} />
      {state.startedAt && (
        <p className={classes.when}>
          Run {shortId(runId)}, <TimeAgo at={state.startedAt} />
        </p>
      )}
    </div>
  );
}
