import type { StandIns } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import type { RunLabels, TriggerData } from '@switchyard/shared/run/events.ts';
import type { Fault } from '@switchyard/shared/run/faults.ts';
import type { ParentRun } from '@switchyard/shared/run/parent-run.ts';
import { queueKey } from '@switchyard/shared/run/queue-key.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import type { AcceptedRun, InsertRun, RunSummaryData } from '../../engine/ports.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import { staysInPlace } from '../../store/payloads.ts';
import { unplaced } from '../../store/run-placement.ts';
import { ownTurn } from '../../turns.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId, newToken } from '../ids.ts';
import { orForgotten } from '../policies/ended-runs.ts';
import { type RunSeal, sealedRow, sealedSummary, sealedTrigger } from '../policies/run-seal.ts';
import type { RunRelease } from '../releases/choose-version.ts';
import { withEndMark } from '../triggers/ended/watch-board.ts';
import { type CallKey, keyedUntil } from '../webhooks/call-keys.ts';
import { refuseOverload } from '../webhooks/overload.ts';
import { inputHash } from './input-hash.ts';
import { insertForRun, writeForRun } from './insert-for-run.ts';

/** A new run, before it is accepted. */
export interface NewRun {
  /** Its ID, if values were redacted for it already. */
  readonly id?: string | undefined;
  /** The content hash of its data policy. Everything here is as the policy leaves it. */
  readonly policy?: string | undefined;
  /** Its payloads are encrypted with this (S66). */
  readonly seal?: RunSeal | undefined;
  readonly workflow: { readonly id: string; readonly name: string };
  readonly version: 'draft' | number;
  readonly graphHash: string;
  readonly trigger: TriggerData;
  /** The body as text, if it was text. */
  readonly inputText?: string | undefined;
  readonly labels?: RunLabels | undefined;
  readonly actor: Actor;
  /** Prevents a second run: `already-exists` of the index `idempotency`. */
  readonly key?: CallKey | undefined;
  /** A caller waits for the output: the pure part runs before the run is on disk (S40). */
  readonly waited?: boolean | undefined;
  /** The run that starts it. A child run is never rejected for overload or a full queue (S38). */
  readonly parent?: ParentRun | undefined;
  /** How many triggers in a row led to it, by ends of runs. */
  readonly chain?: number | undefined;
  /** Its caller is told of its end. */
  readonly notifies?: boolean | undefined;
  /** Versions of prompts to use instead of the current ones. */
  readonly prompts?: readonly ResolvedPrompt[] | undefined;
  /** It ends at this node. */
  readonly only?: string | undefined;
  /** It performs only reads, and recorded responses replace its calls (S82). Not limited by the queue of its workflow. */
  readonly standIns?: StandIns | undefined;
  /** What it breaks on purpose. */
  readonly faults?: readonly Fault[] | undefined;
  /** How its version was chosen, if its workflow divides its live runs. */
  readonly release?: RunRelease | undefined;
  readonly rerun?: { readonly runId: string; readonly from?: string | undefined; readonly failedItems?: boolean | undefined } | undefined;
}

/** What accepting a run needs. */
export type RunStarting = Pick<
  ServiceContext,
  'catalog' | 'engine' | 'holdBody' | 'kills' | 'now' | 'payloads' | 'policies' | 'queues' | 'store' | 'watched' | 'workspaceId'
>;

/** After this time, the large body of a run no longer counts against the limit. */
const LONGEST_HOLD_MS = 600_000;

export interface StartedRun {
  readonly record: RunRecord;
  /** The committed state, if a caller waits and nothing has happened since. */
  readonly state?: RunState | undefined;
}

/**
 * Accepts a run: it is on disk when this resolves, and the engine drives it (S16). If a caller waits, the run starts with its pure part
 * (S40). Returns the record as it was when the run was accepted. Throws `overloaded` if the server is at capacity, `killed` if a kill switch
 * stops it (S64), and `queue-full` if the queue of its workflow is (S46). In these cases, nothing of the run remains.
 */
export async function acceptRun(context: RunStarting, run: NewRun): Promise<StartedRun> {
  const { id } = run;
  return id === undefined ? accept(context, run) : orForgotten(context, id, () => accept(context, run));
}

async function accept(context: RunStarting, run: NewRun): Promise<StartedRun> {
  if (!run.parent) refuseOverload(context.engine);
  refuseKilled(context, run);
  const workflow = { workspaceId: context.workspaceId, workflowId: run.workflow.id };
  const limits = context.queues.limitsOf(workflow);
  if (limits.queueLimit === null || run.parent || run.standIns) return insertNew(context, run);
  const settled = await context.queues.room.admit(context.store, workflow, limits);
  return insertNew(context, run).finally(settled);
}

async function insertNew(context: RunStarting, run: NewRun): Promise<StartedRun> {
  const { body } = run.trigger;
  if (run.seal || staysInPlace(body)) {
    const record = newRecord(context, run, body);
    return run.waited ? begin(context, record, run) : insertAndWake(context, record, run);
  }
  await ownTurn();
  const held = context.holdBody();
  held.add((run.inputText ?? (typeof body === 'string' ? body : JSON.stringify(body ?? null))).length);
  try {
    const kept = await context.payloads.offload(context.workspaceId, body);
    const record = newRecord(context, run, kept);
    await insertForRun(context, runs, record, record.id);
    await ownTurn();
    context.engine.wake(record.id, acceptedRun(record, run));
    context.engine.ended(record.id, LONGEST_HOLD_MS).then(held.release, held.release);
    return { record };
  } catch (error) {
    held.release();
    throw error;
  }
}

function refuseKilled({ kills, workspaceId }: RunStarting, { workflow, version, labels = {} }: NewRun): void {
  const refusal = kills.refusalOfRun({ workspaceId, workflowId: workflow.id, version, labels });
  if (refusal) throw refusal;
}

async function insertAndWake(context: RunStarting, record: RunRecord, run: NewRun): Promise<StartedRun> {
  await insertForRun(context, runs, record, record.id);
  context.engine.wake(record.id, acceptedRun(record, run));
  return { record };
}

async function begin(context: RunStarting, record: RunRecord, run: NewRun): Promise<StartedRun> {
  const { store } = context;
  const insert: InsertRun = (first) =>
    first
      ? store.insertRun(runs, begun(record, withEndMark(context.watched, record, first.summary)), { runId: record.id, ...first.row })
      : store.insert(runs, record);
  const { seal } = run;
  const sealing: InsertRun = (first) => insert(first && seal && { row: sealedRow(seal, first.row), summary: sealedSummary(first.summary) });
  let state: RunState | undefined;
  await writeForRun(context, record.id, async () => {
    state = await context.engine.begin(acceptedRun(record, run), seal ? sealing : insert);
  });
  return { record, state };
}

/** The record after the first row of its journal. */
const begun = (record: RunRecord, summary: RunSummaryData): RunRecord => ({ ...record, ...summary, ...(record.owner && unplaced(summary.status)) });

/** The record of a run with an owner, if records name owners (S41), or in the queue, also if its workflow has a limit (S46). */
function placed({ engine, queues }: RunStarting, record: RunRecord): RunRecord {
  const owner = engine.ownerOfNew();
  const { concurrency, priority } = queues.limitsOf(record);
  if (owner === null || (concurrency !== null && !record.standIns)) return { ...record, queue: queueKey(record, priority) };
  return owner === undefined ? record : { ...record, owner, ownerEpoch: 1 };
}

function newRecord(context: RunStarting, run: NewRun, body: unknown): RunRecord {
  const id = run.id ?? newId('run', context.now());
  const record: RunRecord = {
    id,
    workspaceId: context.workspaceId,
    workflowId: run.workflow.id,
    workflowName: run.workflow.name,
    version: run.version,
    versionText: String(run.version),
    graphHash: run.graphHash,
    trigger: run.standIns?.as ?? run.trigger.kind,
    triggerData: run.seal ? sealedTrigger(run.seal, run.trigger) : { ...run.trigger, body },
    inputHash: inputHash(context.policies, body),
    labels: run.labels ?? {},
    status: 'queued',
    output: null,
    error: null,
    createdAt: timestamp(context),
    startedAt: null,
    endedAt: null,
    usage: { inputTokens: 0, outputTokens: 0 },
    costMicros: 0,
    demo: false,
    seq: 0,
    wakeAt: null,
    rerunOf: run.rerun?.runId ?? null,
    rerunFrom: run.rerun?.from ?? null,
    ...(run.rerun?.failedItems && { rerunFailedItems: true }),
    statusToken: newToken(),
    salt: newToken(),
    idempotencyKey: run.key?.name ?? null,
    bodyHash: run.key?.bodyHash ?? null,
    keyedUntil: run.key && !run.key.permanent ? keyedUntil(context.now()) : null,
    actor: run.actor,
    ...(run.prompts && { prompts: [...run.prompts] }),
    ...(run.only !== undefined && { only: run.only }),
    ...(run.faults && { faults: [...run.faults] }),
    ...(run.standIns && { standIns: run.standIns }),
    ...(run.policy !== undefined && { policy: run.policy }),
    ...(run.chain !== undefined && { chain: run.chain }),
    ...(run.notifies && { notifies: true }),
    ...run.release,
    ...(run.labels?.tenant !== undefined && { tenant: run.labels.tenant }),
    ...(run.parent?.costOf !== undefined && { costOf: run.parent.costOf }),
    ...(run.parent && { parent: run.parent, parentRunId: run.parent.runId, untold: run.parent.waitId === null ? null : run.parent.runId }),
  };
  return placed(context, record);
}

const acceptedRun = (record: RunRecord, run: NewRun): AcceptedRun => ({
  runId: record.id,
  workspaceId: record.workspaceId,
  workflowId: record.workflowId,
  version: record.version,
  graphHash: record.graphHash,
  // The body itself, even if the record only refers to it.
  trigger: run.trigger,
  labels: record.labels,
  actor: run.actor,
  ...(run.prompts && { prompts: run.prompts }),
  ...(run.policy !== undefined && { policy: run.policy }),
  ...(run.only !== undefined && { only: run.only }),
  ...(run.faults && { faults: run.faults }),
  ...(run.standIns && { standIns: run.standIns }),
  ...(run.seal && { sealed: true }),
  ...(run.chain !== undefined && { chain: run.chain }),
  ...(run.notifies && { notifies: true as const }),
  ...(record.shadow !== undefined && { shadow: record.shadow }),
  ...(run.parent && { parent: run.parent }),
  ...(record.queue && { queued: true }),
  ...(run.rerun?.from !== undefined && { rerun: { runId: run.rerun.runId, from: run.rerun.from, ...(run.rerun.failedItems && { failedItems: true }) } }),
});
