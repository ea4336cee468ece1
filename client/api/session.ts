import { create } from 'zustand';

/*
 * Whether this page may call the API. A call rejected for lack of a sign-in waits here until the user has signed in and then retries, so an
 * expired session loses no work.
 */

export interface Session {
  /** `asking`: not known yet. */
  readonly phase: 'asking' | 'in' | 'out';
  /** The server has a password. */
  readonly needed: boolean;
  /** A page is already displayed, so the sign-in opens on top of it. */
  readonly entered: boolean;
  /** Counts sign-ins, to recognize responses from before the last one. */
  readonly signIns: number;
}

export const useSession = create<Session>(() => ({ phase: 'asking', needed: false, entered: false, signIns: 0 }));

/** Marks the page as signed in. */
export const letIn = (needed: boolean): void => useSession.setState((before) => ({ phase: 'in', needed, entered: true, signIns: before.signIns + 1 }));

/** The server requires a sign-in. */
export const shutOut = (): void => useSession.setState({ phase: 'out', needed: true });

/** Resolves after a sign-in later than `since`, the count when the rejected call started. Rejects when `signal` aborts. */
export function untilSignedIn(since: number, signal?: AbortSignal): Promise<void> {
  const isIn = ({ phase, signIns }: Session): boolean => phase === 'in' && signIns > since;
  if (isIn(useSession.getState())) return Promise.resolve();
  shutOut();
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      stop();
      signal?.removeEventListener('abort', giveUp);
      then();
    };
    const giveUp = (): void => settle(() => reject(signal?.reason));
    const stop = useSession.subscribe((session) => {
      if (isIn(session)) settle(resolve);
    });
    if (signal?.aborted) giveUp();
    else signal?.addEventListener('abort', giveUp);
  });
}
