import { CloseButton } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './panel-frame.module.css';

interface Props {
  readonly title: string;
  readonly icon: Icon;
  /** Below the title. */
  readonly subtitle?: string;
  /** Beside the title. */
  readonly actions?: ReactNode;
  readonly closeLabel: string;
  readonly onClose: () => void;
  /** Below the body. It has its own look. */
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** A panel beside the canvas: a head that stays, and a body that scrolls. */
export function PanelFrame({ title, icon: Glyph, subtitle, actions, closeLabel, onClose, foot, children }: Props) {
  return (
    <section className={styles.panel} aria-label={title}>
      <header className={styles.header}>
        <span className={styles.icon}>
          <Glyph size={17} stroke={1.6} aria-hidden />
        </span>
        <div className={styles.names}>
          <h2 className={styles.title}>{title}</h2>
          {subtitle !== undefined && <p className={styles.subtitle}>{subtitle}</p>}
        </div>
        {actions}
        <CloseButton aria-label={closeLabel} onClick={onClose} />
      </header>
      <div className={styles.body}>{children}</div>
      {foot}
    </section>
  );
}
