import { create } from 'zustand';
import { queryClient } from '../api/query-client.ts';
import { useConnection } from './socket.ts';

/*
 * Polls whether the server can reach its database, so that an idle page reports it too. The live connection handles a server that can’t be
 * reached at all. Refetches the page’s data once either is back.
 */

const LOOK_MS = 4_000;

interface StoreState {
  /** The server responds, but its database doesn’t. */
  readonly away: boolean;
}

export const useStoreState = create<StoreState>(() => ({ away: false }));

/** Polls until the page is closed. */
export function watchStore(): void {
  let looking = false;
  const look = async () => {
    if (looking || document.hidden) return;
    looking = true;
    const away = await isAway();
    looking = false;
    if (away !== useStoreState.getState().away) useStoreState.setState({ away });
  };
  setInterval(() => void look(), LOOK_MS);
  const askAnew = () => void queryClient.invalidateQueries();
  useStoreState.subscribe((now, before) => before.away && !now.away && askAnew());
  useConnection.subscribe((now, before) => !before.online && now.online && askAnew());
}

async function isAway(): Promise<boolean> {
  try {
    return (await fetch('/api/ready')).status === 503;
  } catch {
    return false;
  }
}
