import { ActionIcon } from '../redaction/action-select.tsx';
import styles from './test-text.module.css';

/** The replacement of a value. */
export function Placeholder({ choice, text }: { choice: string; text: string }) {
  return (
    <span className={styles.placeholder} data-action={choice}>
      {choice !== 'mask' && <ActionIcon choice={choice} size={13} />}
      {text}
    </span>
  );
}
