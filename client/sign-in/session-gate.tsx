import { Loader } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useSession } from '../api/session.ts';
import { Mark } from '../frame/mark.tsx';
import { SignInDialog } from './sign-in-dialog.tsx';
import { SignInForm } from './sign-in-form.tsx';
import styles from './sign-in-page.module.css';

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

/** Stands in the place of every page until somebody has signed in; the address stays, so that is where one goes on. */
function SignInPage() {
  return (
    <main className={styles.page}>
      <div className={styles.panel}>
        <div className={styles.name}>
          <Mark />
          Switchyard
        </div>
        <h1 className={styles.title}>Sign in</h1>
        <p className={styles.text}>
          to <span className={styles.host}>{window.location.host}</span>
        </p>
        <SignInForm />
      </div>
      <p className={styles.note}>The password is the one that this server was started with. Whoever runs it knows it.</p>
    </main>
  );
}
