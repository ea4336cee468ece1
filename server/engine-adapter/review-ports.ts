import { AppError } from '@switchyard/shared/errors.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { reviews } from '../store/collections.ts';
import type { Store } from '../store/port.ts';

/** Tasks for people. */
export function reviewPorts(store: Store, changed: () => void): Pick<EnginePorts, 'openReview' | 'closeReviews'> {
  return {
    openReview: async ({ workspaceId }, { task, ...review }) => {
      const { title, instructions, assignee, decisions, fields, context } = task;
      const undecided = { decidedAt: null, decidedBy: null, decision: null };
      const shown = { title, instructions: instructions ?? null, assignee: assignee ?? null };
      const lists = { decisions: [...decisions], fields: [...fields], context: [...context] };
      try {
        await store.in(workspaceId).insert(reviews, { ...review, ...shown, ...lists, ...undecided, workspaceId, status: 'open' });
      } catch (thrown) {
        if (!(thrown instanceof AppError && thrown.code === 'already-exists')) throw thrown;
      }
      changed();
    },
    closeReviews: async ({ workspaceId }, ids) => {
      await Promise.all(ids.map((id) => store.in(workspaceId).update(reviews, id, { status: 'closed' }, { equal: { status: 'open' } })));
      changed();
    },
  };
}
