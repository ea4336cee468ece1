import type { Gate, GateResult } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { type GatedItem, judgeGate } from '../../../evaluation/gate/judge-gate.ts';
import { type WorkflowRecord, workflows } from '../../../store/collections.ts';
import { experiments } from '../../../store/evaluation/experiment-collections.ts';
import { type GateCheckRecord, gateChecks, type WantedRelease } from '../../../store/evaluation/release-collections.ts';
import type { WorkspaceStore } from '../../../store/port.ts';
import { inTurns } from '../../../turns.ts';
import { actorOf } from '../../caller.ts';
import { type ServiceContext, timestamp } from '../../context.ts';
import { resultsOf } from '../../experiments/results.ts';
import { newId } from '../../ids.ts';
import { liveVersionOf } from '../../workflows/live-version.ts';
import { changeRelease, type ReleaseParts, stableVersionsOf } from '../change-release.ts';
import { gateExperiment, hasEnded } from './gate-experiments.ts';
import { withoutTexts } from './gate-texts.ts';

/*
 * A version at a gate (S83). Invariants: 1. Nothing is applied before the gate has passed. 2. A check that outlasts its request is stored with
 * what it applies, and any process carries it on. 3. It applies only if the release still has the revision it was asked for.
 */

/** How long a request waits for its gate. */
const WAIT_MS = 60_000;
const LOOK_MS = 250;
const AGAIN_MS = 2_000;
/** An experiment that takes longer does not count. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * The version that must pass the gate: one that takes live runs, and is not the stable one. A rollback needs none. Throws `bad-request` for two,
 * because a check decides about one.
 */
export function gatedVersion(workflow: WorkflowRecord, release: WorkflowRecord['release']): number | undefined {
  const stable = liveVersionOf(workflow);
  const [first] = release;
  if (release.length === 1 && first && stableVersionsOf(workflow).includes(first.version)) return undefined;
  const [gated, other] = release.filter(({ version }) => version !== stable);
  if (other) {
    const message = `can have only one version besides v${stable}, which is stable, while there is a gate`;
    throw new AppError('bad-request', `versions ${message}.`, { fields: [{ path: 'versions', message }] });
  }
  return gated?.version;
}

/**
 * Checks a version before `wanted` is applied. Resolves to true once it has passed, and to false if it takes longer: the check then continues,
 * and applies the release. Throws `gate-failed` with the failing items, and `not-found` if the dataset is gone.
 */
export async function passGate(context: ServiceContext, workflow: WorkflowRecord, gate: Gate, version: number, wanted: WantedRelease): Promise<boolean> {
  const { store } = context;
  const stable = liveVersionOf(workflow);
  const experiment = await gateExperiment(context, gate, { id: workflow.id, version });
  const baseline = gate.noRegression.length > 0 && stable !== null ? await gateExperiment(context, gate, { id: workflow.id, version: stable }) : undefined;
  const check: GateCheckRecord = {
    id: newId('gat', context.now()),
    workspaceId: context.workspaceId,
    workflowId: workflow.id,
    version,
    status: 'checking',
    gate,
    experimentId: experiment?.id ?? null,
    baselineId: baseline?.id ?? null,
    result: null,
    revision: workflow.releaseRevision ?? 0,
    wanted,
    actor: actorOf(context.caller),
    createdAt: timestamp(context),
    endedAt: null,
    dueAt: null,
  };
  const until = context.now().getTime() + WAIT_MS;
  let result = await resultOf(store, check);
  while (!result && context.now().getTime() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    result = await resultOf(store, check);
  }
  if (!result) {
    await store.insert(gateChecks, { ...check, dueAt: context.now().toISOString() });
    return false;
  }
  await store.insert(gateChecks, { ...check, result: withoutTexts(result), status: result.passed ? 'passed' : 'failed', endedAt: timestamp(context) });
  if (!result.passed) throw gateFailed(version, result);
  return true;
}

function gateFailed(version: number, result: GateResult): AppError {
  const { problems, failing } = result;
  return new AppError('gate-failed', `v${version} didn’t pass the gate. ${problems.join(' ')}`, {
    details: { version, problems, failing, score: result.score, lower: result.lower },
  });
}

/** What the experiments of a check say. Undefined until they have ended. */
async function resultOf(store: WorkspaceStore, { gate, experimentId, baselineId }: GateCheckRecord): Promise<GateResult | undefined> {
  const ids = [experimentId, baselineId].filter((id) => id !== null);
  const records = await Promise.all(ids.map((id) => store.get(experiments, id)));
  if (records.some((record) => record && !hasEnded(record))) return undefined;
  const unfinished = records.some((record) => record?.status !== 'finished');
  const items = experimentId === null ? [] : await itemsOf(store, experimentId);
  const baseline = baselineId === null ? [] : await itemsOf(store, baselineId);
  const result = await inTurns(judgeGate({ gate, items, baseline }));
  return unfinished ? { ...result, passed: false, problems: ['The gate’s experiment didn’t finish.', ...result.problems] } : result;
}

async function itemsOf(store: WorkspaceStore, experimentId: string): Promise<GatedItem[]> {
  const items: GatedItem[] = [];
  for await (const { index, itemId, title, tags, status, score, passed, reason, trials, cluster } of resultsOf(store, experimentId))
    items.push({ index, itemId, title, tags, status, score, passed, reason, runId: trials[0]?.runId ?? null, cluster });
  return items;
}

/** Carries on checks that outlast their requests. */
export async function continueChecks(parts: ReleaseParts, store: WorkspaceStore): Promise<void> {
  const now = parts.now();
  const { items } = await store.find(gateChecks, { range: { field: 'dueAt', to: now.toISOString() }, order: { field: 'dueAt' }, limit: 50 });
  for (const check of items) {
    const result = await resultOf(store, check);
    const isLate = now.getTime() - Date.parse(check.createdAt) > LONGEST_MS;
    if (!result && !isLate) await store.update(gateChecks, check.id, { dueAt: new Date(now.getTime() + AGAIN_MS).toISOString() });
    else if (result?.passed) await settle(store, check, result, (await applied(parts, store, check)) ? 'passed' : 'superseded', now);
    else await settle(store, check, result ?? null, 'failed', now);
  }
}

const settle = (store: WorkspaceStore, { id }: GateCheckRecord, result: GateResult | null, status: GateCheckRecord['status'], now: Date) =>
  store.update(gateChecks, id, { status, result: result && withoutTexts(result), endedAt: now.toISOString(), dueAt: null });

/** Applies a release whose gate has passed. False if the release was changed meanwhile. Applying it twice is the same as once. */
async function applied(parts: ReleaseParts, store: WorkspaceStore, { workflowId, revision, wanted, actor, id }: GateCheckRecord): Promise<boolean> {
  const workflow = await store.get(workflows, workflowId);
  if (!workflow || workflow.deletedAt !== null) return false;
  if (workflow.appliedCheck === id) return true;
  if ((workflow.releaseRevision ?? 0) !== revision) return false;
  try {
    const { action, settings, reason } = wanted;
    const release = wanted.release.map(({ version, weight }) => ({ version, weight }));
    await changeRelease(parts, workflow, { actor: readActor(actor), action, release, settings, also: { appliedCheck: id }, reason });
    return true;
  } catch (thrown) {
    if (!isAppError(thrown, 'revision-conflict')) throw thrown;
    // Another process may have applied it.
    return (await store.get(workflows, workflowId))?.appliedCheck === id;
  }
}
