import { create } from 'zustand';

/*
 * Whether this page may ask the server for what needs a sign-in. Whoever is told that it may not waits here until somebody has signed
 * in and then asks again, so nothing that was under way is lost when a session ends.
 */

export interface Session {
  /** `asking`: the server has not said yet. */
  readonly phase: 'asking' | 'in' | 'out';
  /** The server has a password. */
  readonly needed: boolean;
  /** Something was shown already: a sign-in comes over it, not instead of it. */
  readonly entered: boolean;
  /** Counts the sign-ins, so that an answer from before one is known to be old. */
  readonly signIns: number;
}

export const useSession = create<Session>(() => ({ phase: 'asking', needed: false, entered: false, signIns: 0 }));

/** The page may go on. */
export const letIn = (needed: boolean): void => useSession.setState((before) => ({ phase: 'in', needed, entered: true, signIns: before.signIns + 1 }));

/** The server wants a sign-in first. */
export const shutOut = (): void => useSession.setState({ phase: 'out', needed: true });

/** Resolves when somebody has signed in after `since`, the count of sign-ins when the refused call began. Rejects when the signal aborts. */
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
