import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Fault } from '@switchyard/shared/run/faults.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { WorkflowRecord } from '../../store/collections.ts';
import { ownTurn } from '../../turns.ts';
import { actorOf } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { enterFiles } from '../policies/enter-files.ts';
import { enterLabels, enterRun } from '../policies/enter-run.ts';
import { chooseVersion, choosing, divisionOf, type ReleaseChoice } from '../releases/choose-version.ts';
import { type FrozenGraph, freezeGraph, refuseProblems } from '../workflows/frozen-graph.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { versionGraph } from '../workflows/versions.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { acceptRun } from './accept-run.ts';
import { admitInput } from './admit-input.ts';
import { getRun } from './get-run.ts';
import { type Extent, partialRun, refuseFaults, takeTokens } from './partial-run.ts';

export type WantedVersion = 'draft' | 'live' | number;

interface StartRun extends Extent {
  readonly labels?: Record<string, string> | undefined;
  readonly version?: WantedVersion | undefined;
  /** How long to wait for its end, in ms. */
  readonly wait?: number | undefined;
  readonly trigger: 'canvas' | 'api';
  readonly faults?: readonly Fault[] | undefined;
  /** The input may have files that are not stored yet. */
  readonly hasFiles?: boolean;
}

/** Starts a run from the canvas (the draft) or through the API (a version). Returns it as far as it got within `wait`. */
export async function startRun(context: ServiceContext, workflowId: string, wanted: StartRun): Promise<Run> {
  const { labels, version = 'draft', wait = 0, trigger, faults } = wanted;
  const workflow = await getWorkflowRecord(context, workflowId);
  refuseOutsideDraft(version, wanted);
  if (faults) refuseFaults(workflow.draft, faults);
  const part = await partialRun(context, workflow, wanted);
  const choice = trigger === 'api' && version === 'live' ? liveChoice(context, workflow, wanted) : undefined;
  const { number, graph, hash } = part ? { number: version as 'draft', ...part } : await runnable(context, workflow, choice?.version ?? version);
  const { input } = part ?? wanted;
  await ownTurn();
  if (!part?.rerun) admitInput(context, graph, input);
  const policy = await context.policies.ofWorkflow(context.store, workflowId);
  const redacted = await enterRun(context, policy, workflowId, { kind: trigger, body: input ?? null }, choice?.id === undefined ? {} : { id: choice.id });
  const entered = wanted.hasFiles ? await enterFiles(context, policy, workflowId, redacted) : redacted;
  if (part) await takeTokens(context, part, entered);
  const { record, state } = await acceptRun(context, {
    workflow,
    version: number,
    graphHash: hash,
    id: choice?.id,
    ...entered,
    release: choice?.release,
    labels: await enterLabels(context, policy, { runId: entered.id ?? '', workflowId }, labels),
    actor: actorOf(context.caller),
    rerun: part?.rerun,
    only: wanted.only,
    faults,
    waited: wait > 0,
  });
  if (wait > 0 && !(state && isEnded(state.status))) await context.engine.ended(record.id, wait);
  return getRun(context, record.id);
}

/** The version of a live run through the API. Undefined before the first publish. */
function liveChoice(context: ServiceContext, workflow: WorkflowRecord, { input, labels, trigger }: StartRun): ReleaseChoice | undefined {
  const division = divisionOf(workflow);
  return division && chooseVersion(division, choosing(context), { trigger: { kind: trigger, body: input ?? null }, labels });
}

/** Published versions run as a whole, and unbroken. */
function refuseOutsideDraft(version: WantedVersion, { only, from, faults }: StartRun): void {
  const path = (only !== undefined && 'only') || (from !== undefined && 'from') || (faults && 'faults');
  if (version === 'draft' || !path) return;
  throw new AppError('bad-request', `“${path}” works only for the draft.`, { fields: [{ path, message: 'works only for the draft' }] });
}

/** The graph to run: a snapshot of the draft, or a version's. Throws `graph-has-problems`, `not-published`, `not-found`. */
export async function runnable(
  context: ServiceContext,
  workflow: WorkflowRecord,
  version: WantedVersion,
): Promise<FrozenGraph & { readonly number: 'draft' | number }> {
  if (version === 'draft') {
    await refuseProblems(context, workflow.draft, 'run');
    return { number: 'draft', ...(await freezeGraph(context, workflow.draft)) };
  }
  const number = version === 'live' ? liveVersionOf(workflow) : version;
  if (number === null) {
    throw new AppError('not-published', `“${workflow.name}” isn’t published yet. Publish it, or run the draft.`, { place: { workflowId: workflow.id } });
  }
  return { number, ...(await versionGraph(context, workflow.id, number)) };
}
