import { LRUCache } from 'lru-cache';
import type { StreamedWords } from '../../engine/bus.ts';

/*
 * Streamed text from another process may be lost or duplicated. Owns which text of each call may be shown: only text from the beginning,
 * without a gap. After a gap, the text shown so far is void, and the call stays silent until it restarts or its text is committed.
 */

/** Streamed text of a call. `isLost`: only reports that some is missing. */
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
      // Another process restarted the call.
      pass(at === 0 && next !== undefined && next !== 0 ? { ...words, restart: true } : words);
      return;
    }
    if (next === 'silent') return;
    positions.set(key, 'silent');
    pass({ ...words, text: '', restart: true, isLost: true });
  };
}
