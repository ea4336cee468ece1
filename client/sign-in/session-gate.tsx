import { Loader } from '@mantine/core';
import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useSession } from '../api/session.ts';
import { lazyPart } from '../ui/lazy-part.ts';
import styles from './sign-in-page.module.css';

const SignInDialog = lazyPart(() => import('./sign-in-dialog.tsx').then((module) => module.SignInDialog));
const SignInPage = lazyPart(() => import('./sign-in-page.tsx').then((module) => module.SignInPage));

/** Shows the page, the sign-in page instead of it, or the sign-in dialog over a page already displayed. */
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

/** The server usually responds at once. Only a slow response needs a placeholder. */
function Waiting() {
  return (
    <div className={styles.waiting} role="status">
      <Loader size="sm" type="oval" />
      <span className="visually-hidden">Loading</span>
    </div>
  );
}
