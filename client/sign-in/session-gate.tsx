import { Loader } from '@mantine/core';
import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useSession } from '../api/session.ts';
import { lazyPart } from '../ui/lazy-part.ts';
import styles from './sign-in-page.module.css';

const SignInDialog = lazyPart(() => import('./sign-in-dialog.tsx').then((module) => module.SignInDialog));
const SignInPage = lazyPart(() => import('./sign-in-page.tsx').then((module) => module.SignInPage));

/** Shows the page to who may see it; the sign-in instead of it, or over what was shown before. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { phase, needed, entered } = useSession();
  const wasIn = useRef(false);
  useEffect(() => {
    if (phase === 'in' && needed) wasIn.current = true;
  }, [phase, needed]);
  if (!entered)
    return phase === 'out' ? (
      <Suspense fallback={<Waiting />}>
        <SignInPage />
      </Suspense>
    ) : (
      <Waiting />
    );

  return (
    <>
      {children}
      <Suspense>{phase === 'out' && <SignInDialog again={wasIn.current} />}</Suspense>
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
