import { Button, Skeleton } from '@mantine/core';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { useSessions, useSignInNeeded, useSignOut, useSignOutEverywhere } from '../api/sign-in-queries.ts';
import { ConfirmButton } from '../ui/confirm/confirm-button.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { messageOf } from '../ui/message-of.ts';
import { browserLabel } from './browser-label.ts';
import styles from './sign-in.module.css';

/** Devices that are signed in, and signing out, here or everywhere. */
export function Sessions() {
  return useSignInNeeded() ? <SignedIn /> : <NotNeeded />;
}

function NotNeeded() {
  return (
    <p className={styles.text}>
      No password is set, so only this machine can reach the server. Set <code>SWITCHYARD_PASSWORD</code> to open it to others.
    </p>
  );
}

function SignedIn() {
  const signOut = useSignOut();
  const everywhere = useSignOutEverywhere();
  return (
    <>
      <SessionList />
      <div className={styles.actions}>
        <Button loading={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out
        </Button>
        <ConfirmButton
          question="Signs out every browser, including this one. API tokens keep working."
          busy={everywhere.isPending}
          onConfirm={() => everywhere.mutate()}
        >
          Sign out everywhere
        </ConfirmButton>
      </div>
    </>
  );
}

function SessionList() {
  const { data, error } = useSessions();
  if (!data && error) return <p className={styles.text}>{messageOf(error)}</p>;
  if (!data) {
    return (
      <div role="status" aria-label="Loading sessions">
        <Skeleton height={14} width="50%" />
      </div>
    );
  }
  return (
    <ul className={styles.list} aria-label="Sessions">
      {data.map(({ id, userAgent, lastSeenAt, current }) => (
        <li key={id} className={styles.row}>
          <IconDeviceDesktop size={17} stroke={1.6} className={styles.icon} aria-hidden />
          <div className={styles.what} title={userAgent}>
            <span className={styles.name}>{browserLabel(userAgent)}</span>
            {current && <span className={styles.here}>this browser</span>}
          </div>
          <span className={styles.when}>
            seen <TimeAgo at={lastSeenAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
