import type { Run, RunStep, RunSummary } from '@switchyard/shared/contracts/runs.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { shownCost } from '@switchyard/shared/run/cost.ts';
import type { RunState, StepState } from '@switchyard/shared/run/state.ts';
import type { RunRecord } from '../../store/collections.ts';

/** A run as lists show it. */
export const runSummaryView = (record: RunRecord): RunSummary => ({
  id: record.id,
  workflowId: record.workflowId,
  workflowName: record.workflowName,
  version: record.version,
  trigger: record.trigger,
  labels: record.labels,
  status: record.status,
  input: record.triggerData.body ?? null,
  output: record.output ?? null,
  error: record.error,
  createdAt: record.createdAt,
  startedAt: record.startedAt,
  endedAt: record.endedAt,
  payloadsRemovedAt: record.payloadsRemovedAt ?? null,
  usage: record.usage,
  ...shownCost(record),
  demo: record.demo,
  rerunOf: record.rerunOf,
  replayOf: record.standIns?.source ?? null,
  parent: record.parent ? { runId: record.parent.runId, stepId: record.parent.stepId } : null,
  actor: readActor(record.actor),
  seq: record.seq,
});

/** A step as the API shows it. */
export const stepView = (step: StepState): RunStep => ({
  id: step.id,
  nodeKey: step.nodeKey,
  nodeType: step.nodeType,
  round: step.round,
  status: step.status,
  startedAt: step.startedAt ?? null,
  endedAt: step.endedAt ?? null,
  input: step.input ?? null,
  output: step.output ?? null,
  error: step.error ?? null,
  port: step.port ?? null,
  attempts: [...step.attempts],
  calls: step.calls.map(({ result: _result, ...call }) => call),
  wait: step.wait ?? null,
  reusedFrom: step.reusedFrom ?? null,
  pinned: step.pinned ?? false,
  childRunId: step.childRunId ?? null,
  recovered: step.recovered ?? null,
  effectUnknown: step.effectUnknown ?? false,
  items: step.items ?? null,
  usage: step.usage,
  ...shownCost(step),
});

/** A run with its steps. The journal is the truth. The record's summary may lag behind it for a moment. */
export function runView(record: RunRecord, state: RunState): Run {
  const steps = [...state.steps.values()].map(stepView);
  const summary = runSummaryView(record);
  if (state.seq === 0) return { ...summary, steps };
  return {
    ...summary,
    status: state.status,
    output: state.reply?.value ?? null,
    error: state.error ?? null,
    startedAt: state.startedAt ?? null,
    endedAt: state.endedAt ?? null,
    usage: state.usage,
    ...shownCost(state),
    demo: record.demo || state.demo,
    seq: state.seq,
    steps,
  };
}
