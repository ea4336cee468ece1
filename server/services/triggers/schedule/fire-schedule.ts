import { type ScheduleSettings, scheduleSettings } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { runs, workflows } from '../../../store/collections.ts';
import { type TriggerRecord, triggers } from '../../../store/triggers/trigger-collections.ts';
import { coversRun } from '../../kill-switches/kill-scope.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { liveVersionOf } from '../../workflows/live-version.ts';
import { noteDelivery } from '../note-delivery.ts';
import { startTriggered } from '../start-triggered.ts';
import { dueTimes, nextDueTimes } from './due-times.ts';
import { scheduleInput } from './schedule-input.ts';

/*
 * Decides the due times of one schedule. Invariants: 1. The due time is the idempotency key of its run, so several processes, and one that
 * repeats after a crash, start it once. 2. The schedule moves past a due time by compare-and-set, after its run or its record is on disk. 3.
 * While the workflow is paused or stopped, due times wait where they are, unless it skips them (`paused`), or missed ones (`missed`).
 */

/** A due time is missed if it could not be started within this time. */
const GRACE_MS = 60_000;
/** Due times decided at once. */
const MOST = 500;
/** Errors that pass: the due time waits. */
const PASSING: ReadonlySet<string> = new Set(['paused', 'killed', 'overloaded', 'queue-full', 'not-ready']);

/** Starts, skips, or keeps what is due. Returns whether the schedule moved on, so more may be due. */
export async function fireSchedule(context: RunStarting, trigger: TriggerRecord): Promise<boolean> {
  const { store, now } = context;
  const { dueAt } = trigger;
  if (dueAt === null) return false;
  const settings = scheduleSettings.parse(trigger.settings);
  const workflow = await store.get(workflows, trigger.workflowId);
  if (!workflow || workflow.deletedAt !== null) {
    await moveOn(context, trigger, { dueAt: nextDueTimes(settings, now(), 1)[0] ?? null, waitsFor: null });
    return false;
  }
  if (trigger.waitsFor === 'killed' && isStopped(context, workflow.id, liveVersionOf(workflow))) return false;
  const { due, next } = dueTimes(settings, dueAt, now(), MOST);
  const { starts, skipped } = sort(settings.missed, trigger, due, isDue(next, now()), now());
  await noteSkipped(context, trigger, skipped, 'missed');
  let current: TriggerRecord | undefined = trigger;
  if (starts.length === 0) return (await moveOn(context, trigger, { dueAt: next, waitsFor: null })) !== undefined;
  for (const [index, time] of starts.entries()) {
    const decision = await decide(context, current, settings, time);
    const rest: string | null = starts[index + 1] ?? next;
    const changes: Partial<TriggerRecord> = decision.waitsFor === null ? { dueAt: rest, ...decision } : { dueAt: time, ...decision };
    current = await moveOn(context, current, changes);
    if (!current || decision.waitsFor !== null) return false;
  }
  return true;
}

const isDue = (time: string | null, now: Date): boolean => time !== null && time <= isoTime(now.getTime());

/** Which due times are started, and which are skipped as missed. `more`: further ones are due. Those that waited for a run aren’t missed. */
function sort(policy: string, { waitsFor }: TriggerRecord, due: string[], more: boolean, now: Date) {
  const limit = isoTime(now.getTime() - GRACE_MS);
  const missed = policy === 'all' || waitsFor === 'overlap' ? [] : due.filter((time) => time < limit);
  const current = due.slice(missed.length);
  if (policy === 'once' && missed.length > 0 && !more) return { starts: [...missed.slice(-1), ...current], skipped: missed.slice(0, -1) };
  return { starts: current, skipped: missed };
}

type Decision = Pick<TriggerRecord, 'waitsFor'> & Partial<Pick<TriggerRecord, 'lastRunId'>>;

async function decide(context: RunStarting, trigger: TriggerRecord, settings: ScheduleSettings, dueAt: string): Promise<Decision> {
  const { store, now } = context;
  const { overlap, missed, paused } = settings;
  if (overlap !== 'allow' && (await isRunning(context, trigger, dueAt))) {
    if (overlap === 'queue') return { waitsFor: 'overlap' };
    await noteSkipped(context, trigger, [dueAt], 'overlap');
    return { waitsFor: null };
  }
  const at = isoTime(now().getTime());
  try {
    const { runId } = await startTriggered(context, { trigger, kind: 'schedule', input: scheduleInput(settings, { dueAt, firedAt: at }), event: dueAt });
    await noteDelivery(store, trigger, dueAt, { at, dueAt, outcome: 'started', runId });
    // Even if another process moves the schedule on first.
    await store.update(triggers, trigger.id, { lastRunId: runId });
    return { waitsFor: null, lastRunId: runId };
  } catch (thrown) {
    const { code } = toAppError(thrown);
    if (code === 'internal') throw thrown;
    const isSkipped = (paused === 'skip' || missed === 'skip') && (code === 'paused' || code === 'killed');
    if (PASSING.has(code) && !isSkipped) return { waitsFor: code };
    await noteDelivery(store, trigger, dueAt, { at, dueAt, outcome: isSkipped ? 'skipped' : 'rejected', code });
    return { waitsFor: null };
  }
}

/** The previous run is in progress. A repeated attempt at this due time isn’t stopped by its own run. */
async function isRunning({ store }: RunStarting, { id, workflowId, lastRunId }: TriggerRecord, dueAt: string): Promise<boolean> {
  const last = lastRunId === null ? undefined : await store.get(runs, lastRunId);
  return last !== undefined && !isEnded(last.status) && last.idempotencyKey !== `${workflowId}:trigger:${id}:${dueAt}`;
}

async function noteSkipped({ store, now }: RunStarting, trigger: TriggerRecord, times: readonly string[], code: string): Promise<void> {
  const [first] = times;
  if (first === undefined) return;
  await noteDelivery(store, trigger, first, { at: isoTime(now().getTime()), dueAt: times.at(-1) ?? first, outcome: 'skipped', code, count: times.length });
}

/** Undefined if another process moved it on, or its settings were changed. */
async function moveOn({ store }: RunStarting, trigger: TriggerRecord, changes: Partial<TriggerRecord>): Promise<TriggerRecord | undefined> {
  const { id, turn, dueAt, waitsFor } = trigger;
  if (changes.dueAt === dueAt && changes.waitsFor === waitsFor) return trigger;
  return store.update(triggers, id, { ...changes, turn: turn + 1 }, { equal: { turn } });
}

/** Without counting it: waiting isn’t another refusal. */
const isStopped = ({ kills, workspaceId }: RunStarting, workflowId: string, version: number | null): boolean =>
  kills.all().some((record) => record.workspaceId === workspaceId && coversRun(record.scope, { workflowId, version: version ?? 'draft', labels: {} }));
