import { randomBytes } from 'node:crypto';
import type { putRelease as putContract, WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';
import { compileTemplate } from '@switchyard/shared/expression/template.ts';
import type { z } from 'zod';
import { type VersionRecord, versions, type WorkflowRecord } from '../../store/collections.ts';
import { actorOf } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { contentHash } from '../workflows/content-hash.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { changeRelease, isSame, stableVersionsOf, watchOf } from './change-release.ts';
import { gatedVersion, passGate } from './gate/gate-check.ts';
import { releaseView } from './get-release.ts';
import { nextShadow } from './shadows/next-shadow.ts';

/* Divides live runs between the stable version and a canary, promotes the canary, and sends it back (S83). */

type Body = z.output<(typeof putContract)['body']>;
type Weights = Body['versions'];

/**
 * Changes a release. With a gate, first checks the version that takes live runs; if that takes longer than a minute, `isChecking` is true and
 * the release is applied later. Throws `bad-request`, `not-found` for a version that does not exist, `gate-failed`, and `revision-conflict`.
 */
export async function putRelease(context: ServiceContext, workflowId: string, body: Body): Promise<{ release: WorkflowRelease; isChecking: boolean }> {
  const workflow = await getWorkflowRecord(context, workflowId);
  const revision = workflow.releaseRevision ?? 0;
  if (body.revision !== undefined && body.revision !== revision)
    throw new AppError('revision-conflict', 'This release was changed elsewhere. Reload it, then make your change again.', { details: { revision } });
  refuseBadWeights(body.versions);
  if (body.sticky) refuseBadSticky(body.sticky);
  refuseOtherGate(workflow, body);
  const found = await refuseMissing(context, workflowId, body.versions);
  const shadow = nextShadow(context, workflow, body, found);
  const release = orderedRelease(liveVersionOf(workflow), body.versions);
  const known = watchOf(workflow);
  const wanted = {
    action: actionOf(workflow, { release, shadow }),
    release,
    settings: {
      releaseSalt: workflow.releaseSalt ?? randomBytes(12).toString('base64url'),
      ...(body.sticky !== undefined && { sticky: body.sticky }),
      ...(body.watch && { watch: { minRuns: body.watch.minRuns ?? known.minRuns, margins: { ...known.margins, ...given(body.watch.margins) } } }),
      ...(body.gate && { gate: body.gate }),
      ...(shadow && { shadow }),
    },
    reason: body.reason,
  };
  const gate = body.gate ?? workflow.gate;
  const gated = gate ? gatedVersion(workflow, release) : undefined;
  if (gate && gated !== undefined && !(await passGate(context, workflow, gate, gated, wanted)))
    return { release: await releaseView(context, workflow), isChecking: true };
  const changed = await changeRelease(context, workflow, { actor: actorOf(context.caller), ...wanted });
  return { release: await releaseView(context, changed), isChecking: false };
}

/** Removes the gate. Does nothing without one. */
export async function removeGate(context: ServiceContext, workflowId: string, reason: string): Promise<WorkflowRelease> {
  const workflow = await getWorkflowRecord(context, workflowId);
  if (!workflow.gate) return releaseView(context, workflow);
  const change = { actor: actorOf(context.caller), action: 'remove-gate', release: workflow.release, settings: { gate: null }, reason };
  return releaseView(context, await changeRelease(context, workflow, change));
}

const given = (margins: NonNullable<Body['watch']>['margins'] = {}) => Object.fromEntries(Object.entries(margins).filter(([, margin]) => margin !== undefined));

/** Sends live runs back to the stable version, or without a canary to the one that was stable before. Throws `bad-request` if there is none. */
export async function rollBackRelease(context: ServiceContext, workflowId: string, reason: string | undefined): Promise<WorkflowRelease> {
  const workflow = await getWorkflowRecord(context, workflowId);
  const stable = liveVersionOf(workflow);
  const target = workflow.release.length > 1 ? stable : stableVersionsOf(workflow).findLast((version) => version !== stable);
  if (target === null || target === undefined) throw new AppError('bad-request', 'No earlier version was live, so there is nothing to roll back to.');
  const release = [{ version: target, weight: 100 }];
  return releaseView(context, await changeRelease(context, workflow, { actor: actorOf(context.caller), action: 'rollback', release, reason }));
}

function actionOf(
  { release: before, shadow: was }: Pick<WorkflowRecord, 'release' | 'shadow'>,
  { release: after, shadow }: Pick<WorkflowRecord, 'release' | 'shadow'>,
): string {
  const [stable, canary] = [after[0]?.version, after[1]];
  const isShadowChanged = shadow && (shadow.id !== was?.id || shadow.status !== was.status || shadow.percent !== was.percent);
  if (isShadowChanged && isSame(before, after)) return 'shadow';
  if (canary && canary.version === before[1]?.version && canary.weight === before[1].weight) return 'settings';
  if (!canary && after[0]?.version === before[0]?.version) return before.length > 1 ? 'rollback' : 'settings';
  const isPromoted = canary ? canary.version === before[1]?.version && canary.weight > before[1].weight : stable === before[1]?.version;
  return isPromoted ? 'promote' : 'release';
}

const bad = (fields: readonly [FieldError, ...FieldError[]]): AppError => {
  const [{ path, message }] = fields;
  return new AppError('bad-request', `${path} ${message}.`, { fields: [...fields] });
};

function refuseBadWeights(weights: Weights): void {
  const sum = weights.reduce((total, { weight }) => total + weight, 0);
  if (sum !== 100) throw bad([{ path: 'versions', message: `must have weights that add up to 100, not ${sum}` }]);
  const repeated = weights.findIndex(({ version }, index) => weights.findIndex((one) => one.version === version) !== index);
  if (repeated >= 0) throw bad([{ path: `versions.${repeated}.version`, message: 'is listed twice' }]);
  if (weights.filter(({ weight }) => weight > 0).length > 2)
    throw bad([{ path: 'versions', message: 'can have at most two weights above 0: the stable version and one canary' }]);
  const shadows = weights.flatMap(({ shadow = 0, weight }, index) => (shadow > 0 ? [{ weight, index }] : []));
  const live = shadows.find(({ weight }) => weight > 0);
  if (live) throw bad([{ path: `versions.${live.index}.shadow`, message: 'needs a weight of 0: a version that takes live runs can’t run in shadow' }]);
  if (shadows.length > 1) throw bad([{ path: 'versions', message: 'can have one version in shadow' }]);
}

function refuseBadSticky(sticky: string): void {
  try {
    const template = compileTemplate(sticky);
    const other = template.references.find(({ root }) => root !== 'trigger' && root !== 'labels');
    if (other) throw bad([{ path: 'sticky', message: `can only use trigger and labels, not ${other.root}` }]);
    if (template.isConstant) throw bad([{ path: 'sticky', message: 'must contain an expression, for example {{ trigger.body.customer }}' }]);
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    throw bad([{ path: 'sticky', message: `is not a valid expression: ${error.message}` }]);
  }
}

/** Another gate takes the place of the present one, so it needs what removing one needs. */
function refuseOtherGate({ gate: present }: WorkflowRecord, { gate, reason }: Body): void {
  if (!present || !gate || reason?.trim() || contentHash(gate) === contentHash(present)) return;
  throw bad([{ path: 'reason', message: 'is needed to change the gate' }]);
}

async function refuseMissing({ store }: ServiceContext, workflowId: string, weights: Weights): Promise<VersionRecord[]> {
  const found = await Promise.all(weights.map(({ version }) => store.get(versions, `${workflowId}:${version}`)));
  const missing = weights.find((_, index) => !found[index]);
  if (missing) throw new AppError('not-found', `Version ${missing.version} of this workflow not found. Choose a published version.`, { place: { workflowId } });
  return found.filter((version) => version !== undefined);
}

/** The stable version first: the current one if it keeps a weight, otherwise the one with the larger weight. */
function orderedRelease(current: number | null, weights: Weights): WorkflowRecord['release'] {
  const live = weights.filter(({ weight }) => weight > 0).map(({ version, weight }) => ({ version, weight }));
  return live.sort((a, b) => Number(b.version === current) - Number(a.version === current) || b.weight - a.weight || a.version - b.version);
}
