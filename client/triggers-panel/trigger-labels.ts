import type { ConfiguredKind, Trigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { type Icon, IconAlertTriangle, IconArrowRampRight, IconCalendarClock, IconForms, IconMessageCircle, IconStack2 } from '@tabler/icons-react';
import { STATUS_LABELS } from '../run-look/status-labels.ts';
import { timingLabel } from './timing.ts';

interface Kind {
  readonly title: string;
  readonly icon: Icon;
  /** In the menu. */
  readonly summary: string;
}

export const KINDS: Readonly<Record<ConfiguredKind, Kind>> = {
  schedule: { title: 'Schedule', icon: IconCalendarClock, summary: 'Runs at set times' },
  form: { title: 'Form', icon: IconForms, summary: 'Runs when people send a web form' },
  chat: { title: 'Chat', icon: IconMessageCircle, summary: 'Runs for each message on a chat page' },
  queue: { title: 'Queue', icon: IconStack2, summary: 'Runs for each message in a Redis stream' },
  'workflow-ended': { title: 'Workflow ended', icon: IconArrowRampRight, summary: 'Runs when a run of another workflow ends' },
  error: { title: 'Error', icon: IconAlertTriangle, summary: 'Runs when a run of another workflow fails' },
};
export const KIND_ORDER = ['schedule', 'form', 'chat', 'queue', 'workflow-ended', 'error'] as const satisfies readonly ConfiguredKind[];

/** What it does, below its name. `nameOf` returns the name of a workflow. */
export function triggerSummary(trigger: Trigger, nameOf: (workflowId: string) => string): string {
  switch (trigger.kind) {
    case 'schedule':
      return timingLabel(trigger.settings.cron);
    case 'form':
    case 'chat':
      return trigger.settings.title;
    case 'queue':
      return `Redis stream ${trigger.settings.source.stream}`;
    case 'workflow-ended':
      return `${nameOf(trigger.settings.workflowId)}: ${trigger.settings.statuses.map((status) => STATUS_LABELS[status].toLowerCase()).join(', ')}`;
    case 'error':
      return trigger.settings.workflowId === null ? 'Any other workflow fails' : `${nameOf(trigger.settings.workflowId)} fails`;
  }
}

const WAITS: Readonly<Record<string, string>> = {
  overlap: 'Waiting for the previous run',
  paused: 'Waiting until the workflow is resumed',
  killed: 'Waiting for a kill switch to be released',
  overloaded: 'Waiting for capacity',
  'queue-full': 'Waiting for capacity',
  'not-ready': 'Waiting for the server to be ready',
  'not-published': 'Waiting until the workflow is published',
  'connect-failed': 'Redis is unavailable, reconnecting',
  'dns-failed': 'Redis host not found, retrying',
  'egress-refused': 'Redis has a private address that EGRESS_ALLOW doesn’t list',
  'provider-auth': 'Redis rejected the user name or password',
  'unknown-secret': 'The Redis connection was deleted',
  'secret-unreadable': 'The Redis password can’t be decrypted',
  internal: 'A message couldn’t be started; trying again',
};

/** Its state in words. */
export function triggerState({ enabled, waitsFor }: Pick<Trigger, 'enabled' | 'waitsFor'>): {
  readonly label: string;
  readonly tone: 'on' | 'off' | 'waiting';
} {
  if (!enabled) return { label: 'Off', tone: 'off' };
  return waitsFor === null ? { label: 'On', tone: 'on' } : { label: WAITS[waitsFor] ?? `Waiting: ${waitsFor}`, tone: 'waiting' };
}
