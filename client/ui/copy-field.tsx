import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import styles from './copy-field.module.css';

/** A button that copies a text and confirms it. */
export function CopyIcon({ text, label = 'Copy' }: { text: string; label?: string }) {
  return (
    <CopyButton value={text} timeout={1_500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : label}>
          <ActionIcon size={26} onClick={copy} aria-label={copied ? 'Copied' : label}>
            {copied ? <IconCheck size={16} stroke={1.7} /> : <IconCopy size={16} stroke={1.6} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** A text with a copy button: a URL, a command. */
export function CopyField({ value, label }: { value: string; label: string }) {
  return (
    <div className={styles.field}>
      <input className={styles.value} value={value} readOnly aria-label={label} onFocus={(event) => event.currentTarget.select()} />
      <CopyIcon text={value} label={`Copy ${label}`} />
    </div>
  );
}
