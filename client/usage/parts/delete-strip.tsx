import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { SendError } from '../../frame/send-error.tsx';
import styles from './strip.module.css';

interface Props {
  /** What will happen. */
  readonly text: string;
  /** On the button: “Delete budget”. */
  readonly action: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onDelete: (reason: string | undefined) => void;
  readonly onCancel: () => void;
}

/** Asks for a reason below the row that is deleted, so the row stays in view. */
export function DeleteStrip({ text, action, busy, error, onDelete, onCancel }: Props) {
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onDelete(reason.trim() || undefined);
  };
  return (
    <form className={styles.strip} aria-label={action} onSubmit={submit}>
      <p className={styles.text}>{text}</p>
      <div className={styles.line}>
        <TextInput
          label="Reason (optional)"
          value={reason}
          maxLength={1_000}
          className={styles.reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className={styles.buttons}>
          <Button onClick={onCancel}>Cancel</Button>
          <Button type="submit" variant="filled" color="red" loading={busy}>
            {action}
          </Button>
        </div>
      </div>
      <SendError error={error} />
    </form>
  );
}
