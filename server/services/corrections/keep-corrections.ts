import type { Decision } from '@switchyard/nodes/people/decision.ts';
import type { DraftSource, LikelyCause } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import type { ModelCallRecord, ReviewField } from '@switchyard/shared/run/events.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { attribute, type DraftingStep } from '../../evaluation/attribution/attribute.ts';
import { textOf } from '../../evaluation/attribution/plain-tokens.ts';
import type { ReviewRecord, RunRecord } from '../../store/collections.ts';
import { type CorrectionRecord, corrections, type ReviewOutcomeRecord, reviewOutcomes } from '../../store/evaluation/correction-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { getRunRecord } from '../runs/get-run.ts';
import { readEvents } from '../runs/journal-events.ts';
import { loadValue } from '../runs/load-value.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { type DraftOrigin, draftingCall, draftOrigin, leadsBack, type OpenedReview, reviewWhenOpened } from './drafting-steps.ts';
import { removedCorrection } from './removed-correction.ts';

/*
 * Records what a person made of a review: one correction per changed field, with its likely cause (S85), and one outcome for the rates. IDs are
 * derived from the review, so a repetition after a crash changes nothing.
 */

export interface DecidedReview extends Pick<Decision, 'decision' | 'comment' | 'changes'> {
  readonly reasons: readonly string[];
  readonly reviewer: string;
  readonly at: string;
}

/** Larger values are compared by their preview only, in bytes. */
const LARGEST_LOADED = 1_000_000;

/** What recording a decision needs. */
export type CorrectionParts = Pick<ServiceContext, 'store' | 'workspaceId' | 'payloads'>;

/** Records a decision. `sealed`: the values of its run are not kept (S66). */
export async function keepCorrections(context: CorrectionParts, review: ReviewRecord, decided: DecidedReview, sealed: boolean): Promise<void> {
  // A review about a budget has no draft.
  if (review.budgetId !== undefined) return;
  const run = await getRunRecord(context, review.runId);
  const { graph } = await loadFrozenGraph(context, run.graphHash);
  await ownTurn();
  const opened = reviewWhenOpened(await readEvents(context.store, run.id), graph, review);
  if (opened?.node?.type !== 'human-review') return;
  const origins = new Map(review.fields.map(({ name }) => [name, draftOrigin(opened, name)]));
  for (const change of decided.changes) {
    const record = await correctionOf(context, { review, run, opened, decided, change, origin: origins.get(change.field) ?? 'none' });
    await insertIfAbsent(context.store, corrections, sealed ? { ...record, ...removedCorrection(record) } : record);
  }
  await insertIfAbsent(context.store, reviewOutcomes, outcomeOf(review, run, opened, decided, origins));
}

interface Correcting {
  readonly review: ReviewRecord;
  readonly run: RunRecord;
  readonly opened: OpenedReview;
  readonly decided: DecidedReview;
  readonly change: Decision['changes'][number];
  readonly origin: DraftOrigin;
}

const isProposed = ({ decisions }: ReviewRecord, decision: string): boolean => decisions[0]?.id === decision;

async function correctionOf(context: CorrectionParts, correcting: Correcting): Promise<CorrectionRecord> {
  const { review, run, decided, change, origin } = correcting;
  const { decision, comment, reasons, reviewer, at } = decided;
  const index = review.fields.findIndex(({ name }) => name === change.field);
  const field = review.fields[index];
  const likely = await likelyCauseOf(context, correcting, field);
  return {
    id: `${review.id}.${index}`,
    workspaceId: context.workspaceId,
    reviewId: review.id,
    reviewTitle: review.title,
    runId: run.id,
    workflowId: run.workflowId,
    version: run.version,
    stepId: review.stepId,
    changes: [{ ...change, ...(field && { label: field.label, ...(field.unit !== undefined && { unit: field.unit }) }) }],
    reasons: [...reasons],
    comment,
    decision,
    asProposed: isProposed(review, decision),
    reviewer,
    at,
    madeBy: typeof origin === 'string' ? null : sourceOf(origin),
    likely,
    confirmed: null,
    cause: likely.cause ?? 'unattributed',
    isConfirmed: 0,
  };
}

async function likelyCauseOf(
  context: CorrectionParts,
  { review, run, opened, decided, change, origin }: Correcting,
  field: ReviewField | undefined,
): Promise<LikelyCause> {
  const titleOf = (id: string | undefined): string => review.decisions.find((one) => one.id === id)?.title ?? id ?? '';
  const { decision, reasons } = decided;
  const other = !isProposed(review, decision) && !leadsBack(opened, decision);
  await ownTurn();
  return attribute({
    before: change.before,
    after: change.after,
    isLabel: change.kind === 'choice' || (typeof origin !== 'string' && origin.label),
    ...(field?.kind === 'choice' && { labels: field.choices }),
    ...(other && { otherBranch: { proposed: titleOf(review.decisions[0]?.id), taken: titleOf(decision) } }),
    reasons,
    request: await textFrom(context, run.triggerData.body),
    step: typeof origin === 'string' ? origin : await draftingStep(context, origin.step),
  });
}

/** A value as text, loaded if it is stored separately and not too large. */
async function textFrom(context: CorrectionParts, value: unknown): Promise<string> {
  if (isBlobRef(value) && value.bytes > LARGEST_LOADED) return value.preview;
  return textOf(await loadValue(context, value));
}

async function draftingStep(context: CorrectionParts, step: StepState): Promise<DraftingStep> {
  const record = draftingCall(step);
  const received = [await textFrom(context, step.input), ...(record ? [await textFrom(context, record.request)] : [])].join('\n');
  const output = await loadValue(context, step.output);
  const blocked = isPlainObject(output) && isPlainObject(output.blocked) && output.blocked.stage === 'after' ? output.blocked.failures : [];
  const brokenChecks = (Array.isArray(blocked) ? blocked : []).flatMap((failure) => (isPlainObject(failure) ? [String(failure.message)] : []));
  return {
    brokenChecks,
    received,
    ...(record && { call: { repaired: wasRepaired(record), fallback: fallbackOf(record), finishReason: record.finishReason } }),
  };
}

type Attempt = ModelCallRecord['attempts'][number];
const targetOf = ({ connection, model }: Pick<Attempt, 'connection' | 'model'>): string => `${connection}/${model}`;

/** Another target was asked first. A cached answer has no attempts. */
function fallbackOf({ attempts }: ModelCallRecord): { readonly from: string; readonly to: string } | undefined {
  const [first, last] = [attempts.at(0), attempts.at(-1)];
  return first && last && targetOf(first) !== targetOf(last) ? { from: targetOf(first), to: targetOf(last) } : undefined;
}

/** The target that answered was asked twice, because its first answer didn’t fit. */
function wasRepaired({ attempts }: ModelCallRecord): boolean {
  const last = attempts.at(-1);
  return attempts.slice(0, -1).some((attempt) => attempt.error?.code === 'bad-answer' && last !== undefined && targetOf(attempt) === targetOf(last));
}

function sourceOf({ step, title }: Exclude<DraftOrigin, string>): DraftSource {
  const record = draftingCall(step);
  const { prompt, route = null, routeVersion = null, latencyMs = null, costMicros = null } = record ?? {};
  return {
    stepId: step.id,
    nodeKey: step.nodeKey,
    nodeTitle: title,
    prompt: prompt ?? null,
    route,
    routeVersion,
    target: record ? targetOf(record) : null,
    fellBack: record !== undefined && fallbackOf(record) !== undefined,
    latencyMs,
    costMicros,
  };
}

function outcomeOf(
  review: ReviewRecord,
  run: RunRecord,
  opened: OpenedReview,
  decided: DecidedReview,
  origins: ReadonlyMap<string, DraftOrigin>,
): ReviewOutcomeRecord {
  const changed = new Set(decided.changes.map(({ field }) => field));
  const drafts = new Map<string, ReviewOutcomeRecord['drafts'][number]>();
  for (const [field, origin] of origins) {
    if (typeof origin === 'string') continue;
    const { nodeKey, prompt, route, target } = sourceOf(origin);
    const wasChanged = changed.has(field) || drafts.get(nodeKey)?.changed === true;
    drafts.set(nodeKey, { nodeKey, prompt: prompt && `${prompt.name}@${prompt.version}`, route, target, changed: wasChanged });
  }
  return {
    id: review.id,
    workspaceId: review.workspaceId,
    runId: run.id,
    workflowId: run.workflowId,
    version: run.version,
    nodeKey: opened.node?.data.key ?? '',
    at: decided.at,
    changed: changed.size > 0,
    overridden: !isProposed(review, decided.decision),
    drafts: [...drafts.values()],
  };
}
