import { createHash } from 'node:crypto';
import type { ChildRun } from '@switchyard/nodes/sdk/context.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { childRunSeed } from '@switchyard/shared/run/address.ts';
import type { ParentRun } from '@switchyard/shared/run/parent-run.ts';
import type { AcceptedRun } from '../../engine/ports.ts';
import { runs } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { policyContents } from '../../store/policy-collections.ts';
import { timestamp } from '../context.ts';
import { enterRun } from '../policies/enter-run.ts';
import type { PolicyInForce } from '../policies/policy-library.ts';
import { stricterPolicy } from '../policies/stricter-policy.ts';
import { contentHash } from '../workflows/content-hash.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { versionGraph } from '../workflows/versions.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { acceptRun, type RunStarting } from './accept-run.ts';
import { admitInput } from './admit-input.ts';

/** How many runs deep child runs go (S38). */
const MOST_LEVELS = 10;

export interface WantedChild extends ChildRun {
  readonly stepId: string;
  /** The wait of the step that the end of the child ends. */
  readonly waitId: string;
}

/**
 * Starts a child run (S38). Its ID follows from the parent and the wait, so starting it twice makes one. It inherits labels and actor, and the
 * stricter of both policies. Throws `not-found`, `not-published`, `bad-input`, `too-deep`, `killed`.
 */
export async function startChild(context: RunStarting, parent: AcceptedRun, child: WantedChild): Promise<{ readonly runId: string }> {
  const runId = childId(parent.runId, child.waitId);
  if (await context.store.get(runs, runId)) return { runId };
  const link = linkOf(parent, child);
  const workflow = await getWorkflowRecord(context, child.workflowId);
  const number = child.version === 'live' ? liveVersionOf(workflow) : child.version;
  if (number === null) throw new AppError('not-published', `“${workflow.name}” isn’t published yet. Publish it, or choose another workflow.`);
  const { graph, hash } = await versionGraph(context, workflow.id, number);
  admitInput(context, graph, child.input);
  const policy = await policyFor(context, parent, workflow.id);
  const entered = await enterRun(context, policy, workflow.id, { kind: 'workflow', body: child.input ?? null }, { id: runId, parentId: parent.runId });
  try {
    await acceptRun(context, {
      workflow,
      version: number,
      graphHash: hash,
      ...entered,
      id: runId,
      labels: parent.labels,
      actor: parent.actor,
      chain: parent.chain,
      parent: link,
    });
  } catch (error) {
    if (!isAppError(error, 'already-exists')) throw error;
  }
  return { runId };
}

const childId = (parentId: string, waitId: string): string => `run_${createHash('sha256').update(childRunSeed(parentId, waitId)).digest('hex').slice(0, 32)}`;

function linkOf(parent: AcceptedRun, { stepId, waitId, isWaited }: WantedChild): ParentRun {
  const depth = (parent.parent?.depth ?? 0) + 1;
  if (depth > MOST_LEVELS) throw new AppError('too-deep', `Workflows can start each other up to ${MOST_LEVELS} levels deep.`);
  return { runId: parent.runId, stepId, waitId: isWaited ? waitId : null, rootId: parent.parent?.rootId ?? parent.runId, depth };
}

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
