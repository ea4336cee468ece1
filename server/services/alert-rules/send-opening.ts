import { type AlertOpeningRecord, type AlertRuleRecord, alertOpenings, alertRules } from '../../store/insight/alert-rule-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import type { AlertSender } from '../alerts/send-alert.ts';
import { changeOpening, channelWords, viewOpening, withMessage } from './openings.ts';
import { openingNotice } from './rule-notice.ts';

/*
 * Sends the message about an opening. Invariants: 1. An attempt is claimed by compare-and-set until after its time limit. 2. All attempts of a
 * message have the same ID, so a duplicate after a crash can be recognized. 3. Attempts end after about half a day: by then, the page tells.
 */

/** The time to the next attempt, by attempts made. */
const RETRY_MS = [30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 14_400_000];

/** The additional authenticated data of the secret that signs a rule’s messages. */
export const ruleSealName = (ruleId: string): string => `alert-rule:${ruleId}`;

export interface SendingParts {
  readonly sender: Pick<AlertSender, 'send'>;
  /** The base of links. */
  readonly address: string;
  readonly now: () => Date;
}

/** Makes the next attempt if it is due. */
export async function sendDue({ sender, address, now }: SendingParts, store: WorkspaceStore, due: AlertOpeningRecord, signal: AbortSignal): Promise<void> {
  const { message } = due;
  const at = now().toISOString();
  if (!message || message.dueAt > at) return;
  const rule = await store.get(alertRules, due.ruleId);
  const wait = RETRY_MS[message.attempts];
  if (!rule?.enabled || wait === undefined) return void (await changeOpening(store, due, withMessage(due, null)));
  if (rule.quietUntil !== null && rule.quietUntil > at) return void (await changeOpening(store, due, { message: { ...message, dueAt: rule.quietUntil } }));
  const dueAt = new Date(Date.parse(at) + wait).toISOString();
  const claimed = await changeOpening(store, due, { message: { ...message, attempts: message.attempts + 1, dueAt } });
  if (!claimed) return;
  const to = { channel: rule.channel, sealedSecret: rule.sealedSecret, sealName: ruleSealName(rule.id) };
  const error = await sender.send(to, openingNotice(viewOpening(claimed), message.what, address), signal);
  await record(store, claimed, { rule, what: message.what, at: now().toISOString(), error });
}

interface Attempt {
  readonly rule: AlertRuleRecord;
  readonly what: 'opened' | 'resolved';
  readonly at: string;
  readonly error: string | null;
}

/** Records how an attempt ended. The alert may have resolved meanwhile; its next message then stays. */
async function record(store: WorkspaceStore, claimed: AlertOpeningRecord, { rule, what, at, error }: Attempt): Promise<void> {
  const to = channelWords(rule.channel);
  await store.update(alertRules, rule.id, { lastDelivery: { at, kind: what, to, error } });
  let current: AlertOpeningRecord | undefined = claimed;
  while (current) {
    const isSent = error === null && current.message?.what === what;
    const told = error === null ? { at, what, to } : current.told;
    if (await changeOpening(store, current, { told, error, ...(isSent && withMessage(current, null)) })) return;
    current = await store.get(alertOpenings, claimed.id);
  }
}
