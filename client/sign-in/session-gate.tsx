import { Loader } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useSession } from '../api/session.ts';
import { SignInDialog } from './sign-in-dialog.tsx';
import styles from './sign-in-page.module.css';
import { SignInPage } from './sign-in-page.tsx';

/** Shows the page to who may see it; the sign-in instead of it, or over what was shown before. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { phase, needed, entered } = useSession();
  const wasIn = useRef(false);
  useEffect(() => {
    if (phase === 'in' && needed) wasIn.current = true;
  }, [phase, needed]);
  if (!entered) return phase === 'out' ? <SignInPage /> : <Waiting />;
  return (
    <>
      {children}
      {phase === 'out' && <SignInDialog again={wasIn.current} />}
    </>
  );
}

/** The server mostly says at once who may come in; only a slow one is worth a sign. */
function Waiting() {
  return (
    <div className={styles.waiting} role="status">
      <Loader size="sm" type="oval" />
      <span className="visually-hidden">Loading</span>
    </div>
  );
}
