import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { SendError } from '../send-error.tsx';
import styles from './delete-dialog.module.css';
import { ReasonField, reasonOf } from './reason-field.tsx';

interface Props {
  readonly name: string;
  /** For example `Delete route`. */
  readonly action: string;
  /** It can’t be deleted, because something uses it. */
  readonly isUsed: boolean;
  readonly isBusy?: boolean;
  readonly error?: unknown;
  readonly onDelete: (query: { readonly reason?: string }) => void;
  readonly onClose: () => void;
  /** What uses it, and what deleting it changes. */
  readonly children: ReactNode;
}

/** Asks for a reason before something is deleted, or says that it is in use. */
export function DeleteDialog({ name, action, isUsed, isBusy = false, error, onDelete, onClose, children }: Props) {
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={onClose} size={460} title={isUsed ? `“${name}” is in use` : `Delete “${name}”?`}>
      <div className={styles.form}>
        {children}
        {!isUsed && <ReasonField value={reason} onChange={setReason} />}
        <SendError error={error} />
        <div className={styles.foot}>
          <Button onClick={onClose} data-autofocus>
            {isUsed ? 'Close' : 'Cancel'}
          </Button>
          {!isUsed && (
            <Button color="red" variant="filled" loading={isBusy} onClick={() => onDelete(reasonOf(reason))}>
              {action}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}
