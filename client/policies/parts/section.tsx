import type { ReactNode } from 'react';
import styles from './section.module.css';

interface Props {
  readonly title: string;
  /** What the section decides, beside its title. */
  readonly note: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the policy, as a card. */
export function Section({ title, note, action, children }: Props) {
  return (
    <section className={styles.section} aria-label={title}>
      <header className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        <p className={styles.note}>{note}</p>
        {action && <div className={styles.action}>{action}</div>}
      </header>
      {children}
    </section>
  );
}
