import type { Observation, Opening, RESOLUTIONS, RuleChannel } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { workflows } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type AlertOpeningRecord, type AlertRuleRecord, alertOpenings } from '../../store/insight/alert-rule-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/*
 * Alerts from when they open until they resolve (S86). Invariants: 1. Opening is one insert under the next number of the rule, so it happens once
 * over all processes. 2. Everything later is a compare-and-set of the revision. 3. An alert and the message about it are one record, so a crash
 * loses neither.
 */

const MOST_UNSETTLED = 500;

/** Alerts that are open or have a message to send. A rule has at most two. */
export const unsettledOpenings = async (store: WorkspaceStore): Promise<AlertOpeningRecord[]> =>
  (await store.find(alertOpenings, { range: { field: 'unsettled', from: '' }, order: { field: 'unsettled' }, limit: MOST_UNSETTLED })).items;

export const isOpen = ({ resolvedAt }: Pick<Opening, 'resolvedAt'>): boolean => resolvedAt === null;

export const latestOpening = async (store: WorkspaceStore, ruleId: string): Promise<AlertOpeningRecord | undefined> =>
  (await store.find(alertOpenings, { where: { ruleId }, order: { field: 'number', descending: true }, limit: 1 })).items[0];

/** Changes an opening if nothing else has. Undefined otherwise. */
export const changeOpening = (
  store: WorkspaceStore,
  { id, revision }: AlertOpeningRecord,
  changes: Partial<AlertOpeningRecord>,
): Promise<AlertOpeningRecord | undefined> => store.update(alertOpenings, id, { ...changes, revision: revision + 1 }, { equal: { revision } });

/** The changes that set or clear the message of an opening. */
export const withMessage = ({ openedAt, resolvedAt }: Pick<Opening, 'openedAt' | 'resolvedAt'>, message: AlertOpeningRecord['message']) => ({
  message,
  unsettled: resolvedAt === null || message !== null ? openedAt : null,
});

/** Opens an alert after `last`, unless another process has. An undelivered message about `last` is dropped: the new one says more. */
export async function openAlert(store: WorkspaceStore, rule: AlertRuleRecord, last: AlertOpeningRecord | undefined, observed: Observation): Promise<void> {
  const { id: ruleId, workspaceId, name, definition, defined, quietUntil } = rule;
  if (last?.message) await changeOpening(store, last, withMessage(last, null));
  const number = (last?.number ?? 0) + 1;
  const workflow = definition.scope.workflowId === undefined ? undefined : await store.get(workflows, definition.scope.workflowId);
  await insertIfAbsent(store, alertOpenings, {
    id: `${ruleId}_${number}`,
    workspaceId,
    ruleId,
    number,
    name,
    definition,
    defined,
    workflowName: workflow?.name ?? null,
    openedAt: observed.at,
    opened: observed,
    latest: observed,
    resolvedAt: null,
    resolution: null,
    told: null,
    error: null,
    message: { what: 'opened', attempts: 0, dueAt: laterOf(observed.at, quietUntil) },
    unsettled: observed.at,
    revision: 1,
  });
}

const laterOf = (at: string, other: string | null): string => (other !== null && other > at ? other : at);

export interface Resolved {
  readonly at: string;
  readonly resolution: (typeof RESOLUTIONS)[number];
  readonly latest?: Observation | undefined;
  readonly quietUntil?: string | null | undefined;
}

/**
 * Resolves an open alert. Only one that recovered is reported, and not if its opening was kept quiet. False if something else changed it at
 * the same time: try again.
 */
export async function resolveOpening(
  store: WorkspaceStore,
  opening: AlertOpeningRecord,
  { at, resolution, latest, quietUntil = null }: Resolved,
): Promise<boolean> {
  const isKeptQuiet = opening.told === null && quietUntil !== null && quietUntil > at;
  const isReported = resolution === 'recovered' && (opening.told !== null || opening.message !== null) && !isKeptQuiet;
  const message = isReported ? ({ what: 'resolved', attempts: 0, dueAt: laterOf(at, quietUntil) } as const) : null;
  const resolved = { resolvedAt: at, resolution, ...(latest && { latest }) };
  return (await changeOpening(store, opening, { ...resolved, ...withMessage({ ...opening, resolvedAt: at }, message) })) !== undefined;
}

/** Resolves the open alert of a rule that no longer watches what it did. */
export async function endOpening(store: WorkspaceStore, ruleId: string, at: string, resolution: Resolved['resolution']): Promise<void> {
  for (;;) {
    const opening = await latestOpening(store, ruleId);
    if (!opening || !isOpen(opening) || (await resolveOpening(store, opening, { at, resolution }))) return;
  }
}

/** Where messages go, as people see it. The rest of a URL is often a secret. */
export const channelWords = (channel: RuleChannel): string =>
  channel.kind === 'email' ? channel.to : ((channel.kind === 'slack' ? channel.name : undefined) ?? new URL(channel.url).host);

/** As the API shows it. */
export function viewOpening(record: AlertOpeningRecord): Opening {
  const { workspaceId: _, number: __, defined: ___, message: ____, unsettled: _____, revision: ______, ...opening } = record;
  return opening;
}
