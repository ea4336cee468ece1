import type { EnginePorts } from '../ports.ts';
import type { RecoveryQueue } from './recovery-queue.ts';

/*
 * Runs without an owner that this process had no slot for. When a slot is free, they are searched at once instead of at the next
 * regular search.
 */

export function createBacklog({ ownership, report }: Pick<EnginePorts, 'ownership' | 'report'>, recovery: RecoveryQueue) {
  let isOpen = false;
  let searching = false;
  const add = (runIds: readonly string[]): void => {
    recovery.add(runIds);
    isOpen = recovery.queued() > 0;
  };
  return {
    add,
    /** A run was offered, but no slot was free. */
    note: (): void => {
      isOpen = true;
    },
    /** A slot is free. */
    pull: (): void => {
      if (!isOpen || searching || recovery.queued() > 0) return;
      searching = true;
      ownership
        .unowned()
        .then(add, (error) => report('Searching for runs without an owner failed; retrying', { runId: '', error }))
        .finally(() => {
          searching = false;
        });
    },
  };
}
