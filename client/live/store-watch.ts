import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { getReady } from '@switchyard/shared/contracts/system.ts';
import { create } from 'zustand';
import { queryClient } from '../api/query-client.ts';
import { useConnection } from './socket.ts';

/*
 * Polls whether the server can reach its database and Redis, so that an idle page reports it too. The live connection handles a server that
 * can’t be reached at all. Refetches the page’s data once each is back, and repeatedly while Redis isn’t, because changes are not announced
 * without it.
 */

const LOOK_MS = 4_000;

interface StoreState {
  /** What the server can’t reach, if it responds at all. */
  readonly away: 'database' | 'redis' | null;
}

export const useStoreState = create<StoreState>(() => ({ away: null }));

/** Polls until the page is closed. */
export function watchStore(): void {
  let looking = false;
  const look = async () => {
    if (looking || document.hidden) return;
    looking = true;
    const away = await whatIsAway();
    looking = false;
    if (away !== useStoreState.getState().away) useStoreState.setState({ away });
    else if (away === 'redis') askAnew();
  };
  setInterval(() => void look(), LOOK_MS);
  const askAnew = () => void queryClient.invalidateQueries();
  useStoreState.subscribe((now, before) => before.away !== null && now.away !== before.away && askAnew());
  useConnection.subscribe((now, before) => !before.online && now.online && askAnew());
}

async function whatIsAway(): Promise<StoreState['away']> {
  try {
    const reply = await fetch('/api/ready');
    if (reply.status === 503) return 'database';
    const { redis } = (await reply.json()) as ReplyOf<typeof getReady>;
    return redis?.state === 'away' ? 'redis' : null;
  } catch {
    return null;
  }
}
