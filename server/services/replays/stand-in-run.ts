import { AppError } from '@switchyard/shared/errors.ts';
import type { StandIns } from '@switchyard/shared/evaluation/stand-ins.ts';
import { WITH_STAND_INS } from '@switchyard/shared/run/event-versions.ts';
import type { RunLabels, TriggerData } from '@switchyard/shared/run/events.ts';
import type { RunRecord } from '../../store/collections.ts';
import { actorOf } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { enterRun } from '../policies/enter-run.ts';
import { copyTokens } from '../policies/token-vault.ts';
import { acceptRun, type RunStarting } from '../runs/accept-run.ts';
import { refuseRemoved } from '../runs/get-run.ts';
import { loadValue } from '../runs/load-value.ts';
import { recordedPrompts } from '../runs/rerun.ts';
import type { CallKey } from '../webhooks/call-keys.ts';

/** What starting such a run needs. */
export type StandInStarting = RunStarting & Pick<ServiceContext, 'caller' | 'processes'>;

/** A run that performs only reads. */
export interface StandInRun extends Omit<StandIns, 'source'> {
  readonly workflow: { readonly id: string; readonly name: string };
  readonly version: 'draft' | number;
  readonly graphHash: string;
  /** The run whose recorded responses are used. Its input, labels, trigger, and prompts are also those of this run, unless there is an `input`. */
  readonly source?: RunRecord | undefined;
  readonly input?: unknown;
  readonly labels?: RunLabels | undefined;
  /** Prevents a second run: `already-exists` of the index `idempotency`. */
  readonly key?: CallKey | undefined;
}

/**
 * Starts a run in which recorded responses, given outputs, and reads replace effects (S82, S82a). Delays end at once, reviews take the
 * recorded or given decision, and no one is notified. It ends `failed` with `stopped` where it would need more; `standInFacts` says what it did.
 * Throws `payload-removed` if the values of the source are gone or were never kept, and what accepting a run throws.
 */
export async function startStandInRun(context: StandInStarting, wanted: StandInRun): Promise<RunRecord> {
  refuseOldBuilds(context);
  const { as, workflow, version, graphHash, source, recorded, allow, decision, limit, key } = wanted;
  if (source) refuseUnreplayable(source);
  const policy = await context.policies.ofWorkflow(context.store, workflow.id);
  if (policy?.content.logging === 'metadata')
    throw new AppError('payload-removed', 'The workflow’s data policy keeps no run data, so its runs can’t be replayed or compared.');
  const entered = await enterRun(context, policy, workflow.id, await triggerOf(context, wanted));
  if (source && entered.id !== undefined)
    await copyTokens(context.store, context.policies.secrets, source.id, { runId: entered.id, workspaceId: context.workspaceId });
  const { record } = await acceptRun(context, {
    workflow,
    version,
    graphHash,
    ...entered,
    labels: wanted.labels ?? source?.labels,
    actor: actorOf(context.caller),
    standIns: { as, source: source?.id, recorded, allow, decision, limit },
    prompts: source && (await recordedPrompts(context, source.id)),
    key,
    waited: true,
  });
  return record;
}

/** Throws if nothing of the run can be replayed. */
export function refuseUnreplayable(source: RunRecord): void {
  refuseRemoved(source);
  if (source.journalRemovedAt !== undefined) throw new AppError('payload-removed', 'The journal of this run was removed, so it can’t be replayed.');
  if (source.endedAt === null) throw new AppError('bad-request', 'This run hasn’t ended yet. Replay it once it has.');
}

async function triggerOf(context: StandInStarting, { source, input }: StandInRun): Promise<TriggerData> {
  if (input !== undefined || !source) return { ...(source?.triggerData ?? { kind: 'api' }), body: input ?? null };
  return { ...source.triggerData, body: await loadValue(context, source.triggerData.body) };
}

/** A process of an older build would perform the effects. */
export function refuseOldBuilds({ processes }: Pick<StandInStarting, 'processes'>): void {
  const isOld = processes()?.some(({ versions }) => (versions?.event ?? 0) < WITH_STAND_INS);
  if (isOld) throw new AppError('not-ready', 'A process of an older version is still running. Try again once the upgrade is complete.');
}
