import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { ApiError, messageOf } from '../api/api-error.ts';
import styles from './error-state.module.css';

/** What happened, what to do, and a way to try again. */
export function ErrorState({ title, error, retry }: { title: string; error: unknown; retry?: () => void }) {
  const fields = error instanceof ApiError ? error.errors : [];
  return (
    <div className={styles.error} role="alert">
      <IconAlertTriangle size={20} stroke={1.6} className={styles.icon} aria-hidden />
      <h2 className={styles.title}>{title}</h2>
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
