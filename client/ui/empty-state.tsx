import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

interface EmptyStateProps {
  readonly title: string;
  readonly text?: ReactNode;
  readonly picture?: ReactNode;
  readonly action?: ReactNode;
  /** `h1` if nothing else on the page is its title. */
  readonly heading?: 'h1' | 'h2';
}

/** An empty state: what belongs here, one action, one picture. */
export function EmptyState({ title, text, picture, action, heading: Heading = 'h2' }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {picture && (
        <div className={styles.picture} aria-hidden>
          {picture}
        </div>
      )}
      <Heading className={styles.title}>{title}</Heading>
      {text && <p className={styles.text}>{text}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
