import { getSession } from '@switchyard/shared/contracts/sign-in.ts';
import { call } from './call.ts';
import { letIn, shutOut, useSession } from './session.ts';

/** Pages that are opened from a message or a link, perhaps by somebody who may see nothing else. */
const BARE = /^\/(r|shared)\//;
export const isBare = (path: string): boolean => BARE.test(path);

let checking: Promise<void> | undefined;

/** Asks the server whether this browser is signed in. When it cannot say, things stay as they are, and the page tells of the trouble itself. */
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

/** The first question of a page; one that needs no sign-in is shown at once. */
export const enter = (path: string): void => {
  if (isBare(path)) letIn(false);
  else void checkSession();
};
