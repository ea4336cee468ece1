import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

/** An empty place that teaches: what this is, one action, one picture. */
export function EmptyState({ title, text, picture, action }: { title: string; text?: ReactNode; picture?: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      {picture && (
        <div className={styles.picture} aria-hidden>
          {picture}
        </div>
      )}
      <h2 className={styles.title}>{title}</h2>
      {text && <p className={styles.text}>{text}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
