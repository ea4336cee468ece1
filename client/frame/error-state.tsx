import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { ApiError } from '../api/api-error.ts';
import { messageOf } from '../ui/message-of.ts';
import styles from './error-state.module.css';

interface ErrorStateProps {
  readonly title: string;
  readonly error: unknown;
  readonly retry?: () => void;
  /** `h1` if nothing else on the page is its title. */
  readonly heading?: 'h1' | 'h2';
}

/** What happened, what to do, and a retry button. */
export function ErrorState({ title, error, retry, heading: Heading = 'h2' }: ErrorStateProps) {
  const fields = error instanceof ApiError ? error.errors : [];
  return (
    <div className={styles.error} role="alert">
      <IconAlertTriangle size={20} stroke={1.6} className={styles.icon} aria-hidden />
      <Heading className={styles.title}>{title}</Heading>
      <p className={styles.text}>{messageOf(error)}</p>
      {fields.map((field) => (
        <p key={field.path + field.message} className={styles.text}>
          <code>{field.path}</code>: {field.message}
        </p>
      ))}
      {retry && (
        <Button className={styles.action} leftSection={<IconRefresh size={16} stroke={1.6} />} onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}
