import { getSession } from '@switchyard/shared/contracts/sign-in.ts';
import { call } from './call.ts';
import { letIn, shutOut, useSession } from './session.ts';

/** Pages opened from a message or link, possibly by someone without access to the rest. */
const BARE = /^\/(r|shared)\//;
export const isBare = (path: string): boolean => BARE.test(path);

let checking: Promise<void> | undefined;

/** Asks the server whether this browser is signed in. Without a response, the state stays as it is and the page reports the error. */
export function checkSession(): Promise<void> {
  checking ??= ask().finally(() => {
    checking = undefined;
  });
  return checking;
}

async function ask(): Promise<void> {
  const { phase } = useSession.getState();
  try {
    const { signInNeeded, signedIn } = await call(getSession);
    if (!signedIn) shutOut();
    else if (phase !== 'in') letIn(signInNeeded);
  } catch {
    if (phase === 'asking') letIn(false);
  }
}

/** Checks the session when the page opens. Pages that need no sign-in are shown at once. */
export const enter = (path: string): void => {
  if (isBare(path)) letIn(false);
  else void checkSession();
};
