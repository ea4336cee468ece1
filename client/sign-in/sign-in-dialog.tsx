import { Modal } from '@mantine/core';
import { useEffect } from 'react';
import { checkSession } from '../api/check-session.ts';
import { SignInForm } from './sign-in-form.tsx';
import styles from './sign-in-page.module.css';

const nothing = (): void => {};

/** Opens over a page whose session has expired, or that needs a sign-in only for an action. Pending calls wait for it. */
export function SignInDialog({ again }: { again: boolean }) {
  // The user may have signed in on another tab.
  useEffect(() => {
    const look = () => void checkSession();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, []);
  return (
    <Modal
      opened
      onClose={nothing}
      title={again ? 'Sign in again' : 'Sign in'}
      size={400}
      zIndex={400}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      <p className={styles.text}>{again ? 'Your session expired. Your edits are saved; sign in to continue.' : 'Sign in to continue.'}</p>
      <SignInForm />
    </Modal>
  );
}
