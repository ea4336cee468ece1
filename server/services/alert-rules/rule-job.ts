import type { Observation } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { MOST_RULES } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { type Judgment, judge } from '../../insight/alerts/judge.ts';
import { metricValue } from '../../insight/read/metric-value.ts';
import { type AlertOpeningRecord, type AlertRuleRecord, alertRules } from '../../store/insight/alert-rule-collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { latest } from '../latest.ts';
import { changeOpening, endOpening, isOpen, latestOpening, openAlert, resolveOpening, unsettledOpenings } from './openings.ts';
import { type SendingParts, sendDue } from './send-opening.ts';

/*
 * Checks alert rules against the figures of live runs (S86). One process does, under a lease, and not at all without rules. Should two do, what
 * they write is safe by compare-and-set.
 */

/** As often as figures are rolled up, and often enough to hold the lease. */
const EVERY_MS = 5_000;
/** The maximum number of concurrent attempts to send. */
const MOST_AT_ONCE = 10;

export interface RuleJobParts extends SendingParts {
  readonly stores: Store;
  readonly workspaces: Workspaces;
  readonly lease: { hold(): Promise<boolean>; release(): Promise<void> };
  readonly report: (problem: string, error: unknown) => void;
}

export function createRuleJob(parts: RuleJobParts) {
  const { stores, workspaces, lease, now, report } = parts;
  const stop = new AbortController();
  const active = new Map<string, Promise<void>>();
  let isHolder = false;
  const mayGoOn = async (): Promise<boolean> => {
    isHolder = !stop.signal.aborted && (await lease.hold());
    return isHolder;
  };
  const begin = (store: WorkspaceStore, opening: AlertOpeningRecord): void => {
    if (!opening.message || active.has(opening.id) || active.size >= MOST_AT_ONCE) return;
    const attempt = sendDue(parts, store, opening, stop.signal)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) report('Sending an alert failed; retrying', error);
      })
      .finally(() => active.delete(opening.id));
    active.set(opening.id, attempt);
  };

  const pass = latest(async () => {
    for (const workspaceId of await workspaces()) {
      const store = stores.in(workspaceId);
      const [{ items: rules }, openings] = await Promise.all([store.find(alertRules, { limit: MOST_RULES }), unsettledOpenings(store)]);
      if (rules.length + openings.length === 0) continue;
      const open = new Map(openings.filter(isOpen).map((opening) => [opening.ruleId, opening]));
      for (const rule of rules) {
        if (!(await mayGoOn())) return;
        await check(store, rule, open.get(rule.id), now).catch((error: unknown) => report(`Checking alert rule ${rule.id} failed; retrying`, error));
        open.delete(rule.id);
      }
      for (const ruleId of open.keys()) await endOpening(store, ruleId, now().toISOString(), 'deleted');
      for (const opening of await unsettledOpenings(store)) begin(store, opening);
    }
  });
  const soon = (): void => void pass().catch((error: unknown) => report('Checking alert rules failed; retrying', error));
  return {
    /** Does everything that is due. For tests with their own clock. */
    work: async (): Promise<void> => {
      await pass();
      await Promise.all(active.values());
    },
    start: (): void => {
      const timer = setInterval(soon, EVERY_MS).unref();
      stop.signal.addEventListener('abort', () => clearInterval(timer));
      soon();
    },
    /** Stops immediately. Interrupted attempts are repeated. */
    stop: async (): Promise<void> => {
      stop.abort();
      await pass().catch(() => {});
      await Promise.all(active.values());
      if (isHolder) await lease.release().catch(() => {});
    },
  };
}

type Now = () => Date;

async function observe(store: WorkspaceStore, { definition }: AlertRuleRecord, now: Date): Promise<Observation & { readonly judgment: Judgment }> {
  const { metric, scope, windowMinutes } = definition;
  const found = await metricValue(store, metric, scope, { windowMs: windowMinutes * 60_000, now });
  return { at: now.toISOString(), value: found.value, samples: found.samples, judgment: judge(definition, found) };
}

async function check(store: WorkspaceStore, rule: AlertRuleRecord, opening: AlertOpeningRecord | undefined, now: Now): Promise<void> {
  const at = now().toISOString();
  if (!rule.enabled || (opening && opening.defined !== rule.defined)) return opening && endOpening(store, rule.id, at, rule.enabled ? 'changed' : 'off');
  const { judgment, ...seen } = await observe(store, rule, now());
  if (judgment === 'past' && !opening) await openIfStillPast(store, rule, now);
  else if (opening && judgment === 'back') await resolveOpening(store, opening, { at, resolution: 'recovered', latest: seen, quietUntil: rule.quietUntil });
  else if (opening && judgment !== 'no-data' && differs(opening.latest, seen)) await changeOpening(store, opening, { latest: seen });
  const isStillOpen = judgment === 'past' || (opening && judgment === 'between');
  const state = judgment === 'no-data' ? 'no-data' : isStillOpen ? 'open' : 'ok';
  // A rule that was redefined meanwhile has no state yet.
  if (rule.state !== state || !rule.observed || differs(rule.observed, seen))
    await store.update(alertRules, rule.id, { state, observed: seen }, { equal: { defined: rule.defined, enabled: true } });
}

const differs = (one: Observation, other: Observation): boolean => one.value !== other.value || one.samples !== other.samples;

/** Looks again once the number of the next opening is known, so that a process that was paused opens nothing that has long resolved. */
async function openIfStillPast(store: WorkspaceStore, rule: AlertRuleRecord, now: Now): Promise<void> {
  const last = await latestOpening(store, rule.id);
  if (last && isOpen(last)) return;
  const { judgment, ...seen } = await observe(store, rule, now());
  if (judgment === 'past') await openAlert(store, rule, last, seen);
}
