import { create } from 'zustand';
import { queryClient } from '../api/query-client.ts';
import { useConnection } from './socket.ts';

/*
 * Looks now and then whether the server can reach its records, so that a page that nobody touches says so too. A server that cannot
 * be reached at all is the business of the live connection. Once either is back, what is shown is asked for anew.
 */

const LOOK_MS = 4_000;

interface StoreState {
  /** The server answers, but its database does not. */
  readonly away: boolean;
}

export const useStoreState = create<StoreState>(() => ({ away: false }));

/** Looks until the page is left. */
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
