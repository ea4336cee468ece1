import { type ReactNode, useEffect, useRef } from 'react';
import { useSession } from './session.ts';
import { SignInDialog } from './sign-in-dialog.tsx';
import { SignInPage } from './sign-in-page.tsx';

/** Shows the page to who may see it; the sign-in instead of it, or over what was shown before. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { phase, needed, entered } = useSession();
  const wasIn = useRef(false);
  useEffect(() => {
    if (phase === 'in' && needed) wasIn.current = true;
  }, [phase, needed]);
  if (!entered) return phase === 'out' ? <SignInPage /> : null;
  return (
    <>
      {children}
      {phase === 'out' && <SignInDialog again={wasIn.current} />}
    </>
  );
}
