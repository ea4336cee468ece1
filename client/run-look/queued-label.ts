import type { Queued } from '@switchyard/shared/contracts/controls/queue.ts';

const SUFFIXES: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = { one: 'st', two: 'nd', few: 'rd' };
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const ordinal = (number: number): string => `${number.toLocaleString('en')}${SUFFIXES[ordinals.select(number)] ?? 'th'}`;

/** The place of a queued run, and why it waits. */
export const queuedLabel = (queued: Queued): string => `${ordinal(queued.place)} in the queue: ${reasonLabel(queued)}`;

function reasonLabel({ reason, running, concurrency }: Queued): string {
  switch (reason) {
    case 'concurrency':
      return `${running} of ${concurrency ?? running} allowed runs are in progress`;
    case 'workers-busy':
      return 'all workers are busy';
    case 'no-worker':
      return 'no worker is running';
    case 'unknown-version':
      return 'needs a newer version than any worker has';
    case 'upgrade':
      return 'waits for the upgrade to finish';
    case 'kill-switch':
      return 'held by a kill switch';
    case 'turn':
      return 'starts when its turn comes';
  }
}
