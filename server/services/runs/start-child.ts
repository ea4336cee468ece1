import { createHash } from 'node:crypto';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { childRunSeed } from '@switchyard/shared/run/address.ts';
import { isLiveRun } from '@switchyard/shared/run/facts/live-run.ts';
import type { ParentRun } from '@switchyard/shared/run/parent-run.ts';
import { traceparentOf } from '@switchyard/shared/traceparent.ts';
import type { AcceptedRun, StartedChild } from '../../engine/ports.ts';
import { runs, type WorkflowRecord } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { policyContents } from '../../store/policy-collections.ts';
import { timestamp } from '../context.ts';
import { enterRun } from '../policies/enter-run.ts';
import type { PolicyInForce } from '../policies/policy-library.ts';
import { stricterPolicy } from '../policies/stricter-policy.ts';
import { chooseForChild, choosing, divisionOf, isLiveTrigger, type ReleaseChoice } from '../releases/choose-version.ts';
import { standInChild, startedBefore } from '../replays/stand-in-child.ts';
import { createTurns } from '../state/turns-by-key.ts';
import { contentHash } from '../workflows/content-hash.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { versionGraph } from '../workflows/versions.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { acceptRun, type RunStarting } from './accept-run.ts';
import { admitInput } from './admit-input.ts';
import { inputHash } from './input-hash.ts';

/** How many runs deep child runs go (S38). */
const MOST_LEVELS = 10;
/** About how many runs child runs may start in the items of their lists, in all levels under one run. */
const MOST_NESTED = 20_000;

/**
 * Starts a child run (S38). Its ID follows from the parent and the wait, so starting it twice makes one. It inherits labels and actor, and the
 * stricter of both policies. Throws `not-found`, `not-published`, `bad-input`, `too-deep`, `killed`.
 */
export async function startChild(context: RunStarting, parent: AcceptedRun, child: StartedChild): Promise<{ readonly runId: string }> {
  // The children of a replay choose among the recorded ones.
  return parent.standIns ? inTurn(parent.runId, () => start(context, parent, child)) : start(context, parent, child);
}

const inTurn = createTurns();

async function start(context: RunStarting, parent: AcceptedRun, child: StartedChild): Promise<{ readonly runId: string }> {
  const runId = childId(parent.runId, child.waitId);
  if (await context.store.get(runs, runId)) return { runId };
  const link = linkOf(parent, child);
  const workflow = await getWorkflowRecord(context, child.workflowId);
  const standIn = await standInChild(context.store, parent, child, inputHash(context.policies, child.input ?? null));
  if (standIn && !child.isWaited) return startedBefore(standIn, workflow.name);
  const wanted = standIn?.recorded?.version ?? child.version;
  const chosen = wanted === 'live' ? await liveChoice(context, workflow, { runId, rootId: link.rootId }) : { version: wanted };
  if (!chosen) throw new AppError('not-published', `“${workflow.name}” isn’t published yet. Publish it, or choose another workflow.`);
  const { graph, hash } = await (chosen.version === 'draft'
    ? loadFrozenGraph(context, standIn?.recorded?.graphHash ?? '')
    : versionGraph(context, workflow.id, chosen.version));
  admitInput(context, graph, child.input);
  const policy = await policyFor(context, parent, workflow.id);
  const entered = await enterRun(context, policy, workflow.id, { kind: 'workflow', body: child.input ?? null }, { id: runId, parentId: parent.runId });
  try {
    await acceptRun(context, {
      workflow,
      version: chosen.version,
      release: 'release' in chosen ? chosen.release : undefined,
      graphHash: hash,
      ...entered,
      id: runId,
      labels: parent.labels,
      actor: parent.actor,
      chain: parent.chain,
      parent: link,
      standIns: standIn?.standIns,
    });
  } catch (error) {
    if (!isAppError(error, 'already-exists')) throw error;
  }
  return { runId };
}

/** The version that live runs get, by the value of the outermost run (S83). Undefined before the first publish. */
async function liveChoice(
  context: RunStarting,
  workflow: WorkflowRecord,
  { runId, rootId }: { readonly runId: string; readonly rootId: string },
): Promise<ReleaseChoice | undefined> {
  const division = divisionOf(workflow);
  if (!division || (!division.canary && !division.shadow)) return division && { version: division.stable };
  const root = await context.store.get(runs, rootId);
  const choice = chooseForChild(division, choosing(context), { id: rootId, stickyKey: root?.stickyKey }, runId);
  return root && isLiveTrigger(root) ? choice : { version: choice.version };
}

const childId = (parentId: string, waitId: string): string => `run_${createHash('sha256').update(childRunSeed(parentId, waitId)).digest('hex').slice(0, 32)}`;

type Root = Pick<AcceptedRun, 'runId' | 'parent' | 'workflowId' | 'version' | 'trigger' | 'standIns'>;

/**
 * The link of a child to its parent. A workflow that calls itself for each of 8 items would start 8, 64, 512 … runs. So MOST_NESTED is shared:
 * each run passes on its share, divided by the number of items that start runs. Throws `too-deep`. Exported for tests.
 */
export function linkOf(parent: Root, { stepId, waitId, isWaited, alike }: StartedChild): ParentRun {
  const above = parent.parent;
  const depth = (above?.depth ?? 0) + 1;
  if (depth > MOST_LEVELS) throw new AppError('too-deep', `Workflows can start each other up to ${MOST_LEVELS} levels deep.`);
  const room = Math.floor((above?.room ?? MOST_NESTED) / alike);
  if (above && room === 0) throw new AppError('too-deep', TOO_MANY);
  const costOf = above ? above.costOf : placeOfCost(parent);
  const traceparent = above ? above.traceparent : traceparentOf(parent.trigger);
  return {
    runId: parent.runId,
    stepId,
    waitId: isWaited ? waitId : null,
    rootId: above?.rootId ?? parent.runId,
    depth,
    room: Math.max(1, room),
    ...(costOf !== undefined && { costOf }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

const placeOfCost = ({ workflowId, version, trigger, standIns }: Root): string =>
  isLiveRun({ version, trigger: standIns?.as ?? trigger.kind }) ? `${workflowId}:${version}` : '';

const TOO_MANY = `Child runs would start more than ${MOST_NESTED.toLocaleString('en')} runs for the items of their lists. Check whether a workflow calls itself for each item.`;

/** The policy of the child’s workflow, made as strict as that of the parent run. */
async function policyFor(context: RunStarting, parent: AcceptedRun, workflowId: string): Promise<PolicyInForce | undefined> {
  const { store, policies, workspaceId } = context;
  const own = await policies.ofWorkflow(store, workflowId);
  const other = parent.policy === undefined ? undefined : await policies.byHash(store, parent.policy);
  if (!other || other.hash === own?.hash) return own;
  if (!own) return other;
  const content = stricterPolicy(own.content, other.content);
  const hash = contentHash(content);
  await insertIfAbsent(store, policyContents, { id: hash, workspaceId, content, createdAt: timestamp(context) });
  return policies.byHash(store, hash);
}
