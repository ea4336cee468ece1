import { Modal } from '@mantine/core';
import { useEffect } from 'react';
import { checkSession } from '../api/check-session.ts';
import { SignInForm } from './sign-in-form.tsx';
import styles from './sign-in-page.module.css';

const nothing = (): void => {};

/** Comes over a page whose session has ended, or that needs none until something is done with it. What is under way waits beneath. */
export function SignInDialog({ again }: { again: boolean }) {
  // Somebody may have signed in with another tab.
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
