import type { Alert, AlertChannel } from '@switchyard/shared/contracts/alerts.ts';

/** Alert settings as the form shows them: unsaved text on top of the saved settings. */
export interface AlertDraft {
  readonly enabled: boolean;
  readonly kind: AlertChannel['kind'];
  readonly url: string;
  readonly to: string;
}

type Texts = Readonly<Record<string, string>>;

export const draftOf = ({ enabled, channel }: Alert, texts: Texts): AlertDraft => ({
  enabled: texts.enabled === undefined ? enabled : texts.enabled === 'on',
  kind: texts.kind === 'webhook' || texts.kind === 'email' ? texts.kind : (channel?.kind ?? 'webhook'),
  url: texts.url ?? (channel?.kind === 'webhook' ? channel.url : ''),
  to: texts.to ?? (channel?.kind === 'email' ? channel.to : ''),
});

export function channelOf({ kind, url, to }: AlertDraft): AlertChannel | null {
  const target = (kind === 'webhook' ? url : to).trim();
  if (target === '') return null;
  return kind === 'webhook' ? { kind, url: target } : { kind, to: target };
}

/** Whether saving the draft would change anything. */
export function isChanged(alert: Alert, draft: AlertDraft): boolean {
  const channel = channelOf(draft);
  const target = (given: AlertChannel | null): string => (given?.kind === 'webhook' ? `webhook ${given.url}` : given ? `email ${given.to}` : '');
  return draft.enabled !== alert.enabled || target(channel) !== target(alert.channel);
}
