import { Button, Popover } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import styles from './confirm-button.module.css';

interface ConfirmButtonProps {
  /** The label of the button and of its confirmation. */
  readonly children: string;
  /** Distinguishes it from similar buttons, for screen readers. */
  readonly label?: string;
  /** What will happen. */
  readonly question: ReactNode;
  readonly busy: boolean;
  readonly size?: 'xs';
  readonly disabled?: boolean;
  readonly onConfirm: () => void;
}

/** A button for an irreversible action, which asks for confirmation. */
export function ConfirmButton({ children, label, question, busy, size, disabled = false, onConfirm }: ConfirmButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={280} trapFocus returnFocus>
      <Popover.Target>
        <Button {...(size && { size })} disabled={disabled} loading={busy} aria-label={label} aria-expanded={open} onClick={() => setOpen(!open)}>
          {children}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label ?? children}>
        <div className={styles.question}>
          <p>{question}</p>
          <div className={styles.answers}>
            <Button onClick={() => setOpen(false)} data-autofocus>
              Cancel
            </Button>
            <Button
              color="red"
              variant="filled"
              onClick={() => {
                setOpen(false);
                onConfirm();
              }}
            >
              {children}
            </Button>
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
