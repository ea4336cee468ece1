import type { BodyOf, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type * as contracts from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { type AlertRule, MOST_RULES, type Opening, type RuleDefinition, ruleDefinitionSchema } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { conditionWords, METRIC_KINDS } from '@switchyard/shared/insight/metrics.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import type { z } from 'zod';
import { type AlertRuleRecord, alertOpenings, alertRules } from '../../store/insight/alert-rule-collections.ts';
import type { Page } from '../../store/port.ts';
import type { AlertParts } from '../alerts/alert-settings.ts';
import { NO_SMTP, newSigningSecret } from '../alerts/send-alert.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { channelWords, endOpening, isOpen, latestOpening, unsettledOpenings, viewOpening } from './openings.ts';
import { ruleTestNotice } from './rule-notice.ts';
import { ruleSealName } from './send-opening.ts';

/* Use cases of alert rules (S86). Each change is recorded (S68). */

const LONGEST_QUIET_MS = 30 * 86_400_000;

export async function listAlertRules({ store }: ServiceContext, { sender }: AlertParts): Promise<ReplyOf<typeof contracts.listAlertRules>> {
  const [{ items }, openings] = await Promise.all([store.find(alertRules, { limit: MOST_RULES }), unsettledOpenings(store)]);
  const open = new Map(openings.filter(isOpen).map((opening) => [opening.ruleId, viewOpening(opening)]));
  return { items: items.map((rule) => viewOf(rule, open.get(rule.id))), canEmail: sender.canEmail };
}

export async function listOpenings(
  { store }: ServiceContext,
  { ruleId, limit, cursor }: z.output<typeof contracts.listOpenings.query>,
): Promise<Page<Opening>> {
  const query = ruleId === undefined ? { order: { field: 'openedAt', descending: true } } : { where: { ruleId }, order: { field: 'number', descending: true } };
  const { items, nextCursor } = await store.find(alertOpenings, { ...query, limit, ...(cursor !== undefined && { cursor }) });
  return { items: items.map(viewOpening), nextCursor };
}

const viewOf = (record: AlertRuleRecord, opening: Opening | undefined): AlertRule => {
  const { workspaceId: _, definition, defined: __, sealedSecret: ___, actor, ...rule } = record;
  return { ...rule, ...definition, opening: opening ?? null, actor: readActor(actor) };
};

const view = async ({ store }: ServiceContext, record: AlertRuleRecord): Promise<AlertRule> => {
  const last = await latestOpening(store, record.id);
  return viewOf(record, last && isOpen(last) ? viewOpening(last) : undefined);
};

/** Throws `bad-request` with the path of each problem, or `not-found` without the workflow. */
async function checkRule(context: ServiceContext, { sender }: AlertParts, { definition, channel }: Pick<AlertRuleRecord, 'definition' | 'channel'>) {
  const { metric, scope, comparison, threshold, hysteresis } = definition;
  const { unit } = METRIC_KINDS[metric];
  const narrow = scope.tenant !== undefined ? 'tenant' : scope.target !== undefined ? 'target' : undefined;
  const problems: [string, string | false][] = [
    ['threshold', unit === 'share' && threshold > 1 && 'must be a share from 0 to 1'],
    ['hysteresis', comparison === 'above' && hysteresis > threshold && 'must not be above the threshold: the alert would never resolve'],
    ['hysteresis', comparison === 'below' && unit === 'share' && threshold + hysteresis > 1 && 'leaves no share at which the alert resolves'],
    [`scope.${narrow}`, unit === 'ms' && narrow !== undefined && 'has no durations: use all runs, a workflow, or a version'],
    ['channel.kind', channel.kind === 'email' && !sender.canEmail && 'needs SMTP_URL'],
  ];
  const fields: FieldError[] = problems.flatMap(([path, message]) => (message ? [{ path, message }] : []));
  const message = fields.some(({ path }) => path === 'channel.kind') ? NO_SMTP : fields.map(({ path, message: text }) => `${path}: ${text}`).join('; ');
  if (fields.length > 0) throw new AppError('bad-request', message, { fields });
  if (scope.workflowId !== undefined) await getWorkflowRecord(context, scope.workflowId);
}

export async function createAlertRule(
  context: ServiceContext,
  parts: AlertParts,
  { name, channel, enabled, reason, ...given }: z.output<typeof contracts.createAlertRule.body>,
): Promise<AlertRule> {
  const { store, workspaceId, caller } = context;
  const definition = ruleDefinitionSchema.parse(given);
  await checkRule(context, parts, { definition, channel });
  if ((await store.count(alertRules, {}, MOST_RULES)) >= MOST_RULES)
    throw new AppError('bad-request', `There are already ${MOST_RULES} alert rules. Delete one first.`);
  const id = newId('alr', context.now());
  const at = timestamp(context);
  const record: AlertRuleRecord = {
    id,
    workspaceId,
    name: name ?? conditionWords(definition.metric, definition.comparison, definition.threshold),
    definition,
    defined: 1,
    channel,
    sealedSecret: sealed(parts, id),
    enabled,
    quietUntil: null,
    state: null,
    observed: null,
    lastDelivery: null,
    revision: 1,
    createdAt: at,
    updatedAt: at,
    actor: actorOf(caller),
  };
  const change = {
    workspaceId,
    actor: actorOf(caller),
    subject: { kind: 'alert-rule', id },
    action: 'create',
    before: null,
    after: shown(record),
    reason,
  } as const;
  await recordChange(context, { ...change, revision: 1 }, async () => {
    await store.insert(alertRules, record);
    return record;
  });
  return viewOf(record, undefined);
}

const sealed = ({ secrets }: AlertParts, id: string, secret = newSigningSecret()): string => secrets.seal(secret, ruleSealName(id));

export async function updateAlertRule(
  context: ServiceContext,
  parts: AlertParts,
  id: string,
  { name, channel, enabled, quietUntil, revision, reason, ...given }: BodyOf<typeof contracts.updateAlertRule>,
): Promise<AlertRule> {
  const known = await ruleOf(context, id);
  if (revision !== undefined && revision !== known.revision)
    throw new AppError('revision-conflict', 'This alert rule was changed elsewhere. Reload it, then make your change again.');
  const limit = new Date(context.now().getTime() + LONGEST_QUIET_MS).toISOString();
  if (quietUntil && quietUntil > limit)
    throw new AppError('bad-request', 'quietUntil: must be at most 30 days from now', {
      fields: [{ path: 'quietUntil', message: 'must be at most 30 days from now' }],
    });
  const definition: RuleDefinition = ruleDefinitionSchema.parse({ ...known.definition, ...given });
  const isRedefined = !sameJson(definition, known.definition);
  const next = { name: name ?? known.name, channel: channel ?? known.channel, enabled: enabled ?? known.enabled, definition };
  if (isRedefined || channel || enabled) await checkRule(context, parts, next);
  const isUnknown = isRedefined || next.enabled !== known.enabled;
  const saved = await save(context, known, 'update', reason, {
    ...next,
    quietUntil: quietUntil === undefined ? known.quietUntil : quietUntil,
    ...(isRedefined && { defined: known.defined + 1 }),
    ...(isUnknown && { state: null, observed: null }),
  });
  if (isUnknown) await endOpening(context.store, id, timestamp(context), next.enabled ? 'changed' : 'off');
  return view(context, saved);
}

export async function deleteAlertRule(context: ServiceContext, id: string, reason: string | undefined): Promise<AlertRule> {
  const { store, workspaceId, caller } = context;
  const known = await ruleOf(context, id);
  const { revision } = known;
  const change = {
    workspaceId,
    actor: actorOf(caller),
    subject: { kind: 'alert-rule', id },
    action: 'delete',
    before: shown(known),
    after: null,
    reason,
  } as const;
  await recordChange(context, { ...change, revision: revision + 1 }, async () =>
    (await store.delete(alertRules, id, { equal: { revision } })) ? known : undefined,
  );
  await endOpening(store, id, timestamp(context), 'deleted');
  return viewOf(known, undefined);
}

/** Sends a test message now. Its outcome is `lastDelivery` of the returned rule. */
export async function testAlertRule(context: ServiceContext, { sender }: AlertParts, id: string): Promise<AlertRule> {
  const rule = await ruleOf(context, id);
  const { channel, sealedSecret, name, definition } = rule;
  const notice = ruleTestNotice(newId('alm', context.now()), { id, name, scope: definition.scope }, context.now(), context.address());
  const error = await sender.send({ channel, sealedSecret, sealName: ruleSealName(id) }, notice, new AbortController().signal);
  const lastDelivery = { at: timestamp(context), kind: 'test', to: channelWords(channel), error } as const;
  return view(context, (await context.store.update(alertRules, id, { lastDelivery })) ?? { ...rule, lastDelivery });
}

/** Creates a new secret. It is returned only here. */
export async function makeAlertRuleSecret(context: ServiceContext, parts: AlertParts, id: string): Promise<{ secret: string }> {
  const known = await ruleOf(context, id);
  if (known.channel.kind !== 'webhook') throw new AppError('bad-request', 'Only messages to webhooks are signed.');
  const secret = newSigningSecret();
  await save(context, known, 'create-secret', undefined, { sealedSecret: sealed(parts, id, secret) });
  return { secret };
}

async function ruleOf({ store }: ServiceContext, id: string): Promise<AlertRuleRecord> {
  const record = await store.get(alertRules, id);
  if (!record) throw new AppError('not-found', `Alert rule “${id}” not found.`);
  return record;
}

/** Saves changes as the next revision, and records them. */
async function save(
  context: ServiceContext,
  known: AlertRuleRecord,
  action: 'update' | 'create-secret',
  reason: string | undefined,
  changes: Partial<AlertRuleRecord>,
): Promise<AlertRuleRecord> {
  const { store, workspaceId, caller } = context;
  const actor = actorOf(caller);
  const { id, revision } = known;
  const fields = { ...changes, revision: revision + 1, updatedAt: timestamp(context), actor };
  const before = shown(known);
  const change = { workspaceId, actor, subject: { kind: 'alert-rule', id }, action, before, after: shown({ ...known, ...changes }), reason } as const;
  return recordChange(context, { ...change, revision: revision + 1 }, () => store.update(alertRules, id, fields, { equal: { revision } }));
}

/** A rule for the audit trail. The path of a webhook URL is often a secret. */
const shown = ({ name, definition, channel, enabled, quietUntil }: AlertRuleRecord) => ({
  name,
  ...definition,
  channel: channel.kind === 'email' ? channel : { ...channel, url: new URL(channel.url).origin },
  enabled,
  quietUntil,
});
