import { LRUCache } from 'lru-cache';
import type { StreamedWords } from '../../engine/bus.ts';

/*
 * Words that come from another process may be lost or doubled. Owns what of each call may be shown: only its words from the beginning,
 * without a gap. After a gap, those shown so far are void, and the call stays silent until it starts again or its text is committed.
 */

/** The words of a call of a run. `isLost`: they only say that some are missing. */
export interface OrderedWords extends Omit<StreamedWords, 'at'> {
  readonly workspaceId: string;
  readonly runId: string;
  readonly isLost?: true;
}

type Arriving = Omit<OrderedWords, 'isLost'> & Pick<StreamedWords, 'at'>;

/** Calls whose position is known. A forgotten one falls silent. */
const MOST_CALLS = 10_000;

export function inOrder<T extends Arriving>(pass: (words: Omit<T, 'at'> & Pick<OrderedWords, 'isLost'>) => void): (words: T) => void {
  const positions = new LRUCache<string, number | 'silent'>({ max: MOST_CALLS });
  return ({ at, ...words }) => {
    const key = `${words.runId} ${words.callId}`;
    const next = positions.get(key);
    const end = at + words.text.length + (words.restart ? 1 : 0);
    if (typeof next === 'number' && at > 0 && end <= next) return;
    if (at === next || at === 0 || words.restart) {
      positions.set(key, end);
      // Another process began the call again.
      pass(at === 0 && next !== undefined && next !== 0 ? { ...words, restart: true } : words);
      return;
    }
    if (next === 'silent') return;
    positions.set(key, 'silent');
    pass({ ...words, text: '', restart: true, isLost: true });
  };
}
