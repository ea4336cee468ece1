import { isDecision } from '@switchyard/nodes/people/decision.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { RunState, StepState } from '@switchyard/shared/run/state.ts';
import { isRealChange } from '../../evaluation/authority/real-change.ts';
import type { ReviewRecord, RunRecord } from '../../store/collections.ts';
import { type AuthorityLabelRecord, authorityLabels } from '../../store/evaluation/authority-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import type { DecidedReview } from '../corrections/keep-corrections.ts';
import { isLiveTrigger } from '../releases/choose-version.ts';
import { getRunRecord } from '../runs/get-run.ts';
import { readState } from '../runs/run-states.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { nodeSettings } from './settings.ts';

/*
 * Labels: what drawn reviews say about their drafts (S84). Their IDs are derived from the review or the run, so a repetition after a crash
 * changes nothing. They are counted later, by one process (authority-job.ts).
 */

const nodeIdOf = (workflowId: string, nodeKey: string): string => `${workflowId}:${nodeKey}`;

/** What keeping a label needs. */
export type LabelParts = Pick<ServiceContext, 'store' | 'workspaceId' | 'now'>;

/** Keeps the label of a decided review, if it was drawn. An error is another decision than the proposed one, or a change that matters. */
export async function keepLabel(context: LabelParts, review: ReviewRecord, { decision, changes, at }: DecidedReview): Promise<void> {
  const address = parseAddress(review.stepId);
  if (!review.drawn || address?.kind !== 'step') return;
  const { nodeKey } = address;
  const run = await getRunRecord(context, review.runId);
  const { graph } = await loadFrozenGraph(context, run.graphHash);
  const matters = nodeSettings(graph, nodeKey)?.matters ?? [];
  const mattering = changes.filter(({ field, before, after }) => (matters.length === 0 || matters.includes(field)) && isRealChange(before, after));
  const rejected = review.decisions[0]?.id !== decision;
  await keep(context, {
    ...labelOf(context, review.workflowId, nodeKey),
    id: review.id,
    runId: review.runId,
    reviewId: review.id,
    group: review.drawn.group,
    probability: review.drawn.probability,
    confidence: review.drawn.confidence ?? null,
    wrong: rejected || mattering.length > 0,
    rejected,
    fields: mattering.map(({ field }) => field),
    at,
  });
}

/** Negative feedback on a live run counts as an error of each of its reviews that was taken for right, and of each that no person saw. */
export async function keepLateErrors(context: ServiceContext, run: RunRecord): Promise<void> {
  if (!isLiveTrigger(run)) return;
  const { items } = await context.store.find(authorityLabels, { where: { runId: run.id } });
  for (const { id, pendingAt: _pending, ...label } of items) {
    if (!label.wrong) await keep(context, { ...label, id: `${id}.late`, wrong: true, late: true, at: timestamp(context), pendingAt: timestamp(context) });
  }
  for (const { step, group } of unseenReviews(await readState(context, run))) {
    const label = labelOf(context, run.workflowId, step.nodeKey);
    await keep(context, { ...label, id: `${run.id}.${step.id}.late`, runId: run.id, group, wrong: true, late: true });
  }
}

/** The reviews of a run that no person saw, with their groups. */
function* unseenReviews({ steps }: RunState): Iterable<{ readonly step: StepState; readonly group: string }> {
  for (const step of steps.values()) {
    const drawn = step.calls.find(({ name }) => name === 'authority')?.result;
    const isUnseen = isDecision(step.output) && 'unreviewed' in step.output;
    if (step.nodeType === 'human-review' && isUnseen && isPlainObject(drawn)) yield { step, group: String(drawn.group) };
  }
}

function labelOf(context: LabelParts, workflowId: string, nodeKey: string) {
  const at = timestamp(context);
  const nothing = { reviewId: null, probability: 1, confidence: null, rejected: false, fields: [], late: false };
  return { ...nothing, workspaceId: context.workspaceId, workflowId, nodeId: nodeIdOf(workflowId, nodeKey), at, pendingAt: at };
}

const keep = (context: LabelParts, label: AuthorityLabelRecord): Promise<boolean> => insertIfAbsent(context.store, authorityLabels, label);
