import { type Icon, IconCircleCheck, IconCircleX, IconClock, IconLoader2, IconPlayerSkipForward, IconSquare, IconUserCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type AnyStatus, STATUS_LABELS } from './status-labels.ts';
import styles from './status-mark.module.css';

const ICONS: Readonly<Record<AnyStatus, Icon>> = {
  queued: IconClock,
  running: IconLoader2,
  waiting: IconUserCheck,
  succeeded: IconCircleCheck,
  failed: IconCircleX,
  cancelled: IconSquare,
  skipped: IconPlayerSkipForward,
};

interface StatusMarkProps {
  readonly status: AnyStatus;
  /** Replaces the status label: “Waiting for Support”. */
  readonly children?: ReactNode;
  /** What a waiting step waits for. Defaults to a person. */
  readonly waitsFor?: 'person' | 'time';
  readonly iconOnly?: boolean;
}

/** A status as icon and label, never only as a color. */
export function StatusMark({ status, children, waitsFor = 'person', iconOnly = false }: StatusMarkProps) {
  const StatusIcon = status === 'waiting' && waitsFor === 'time' ? IconClock : ICONS[status];
  const words = children || STATUS_LABELS[status];
  return (
    <span className={styles.mark} data-status={status}>
      <StatusIcon size={16} stroke={1.7} className={styles.icon} aria-hidden />
      <span className={iconOnly ? 'visually-hidden' : styles.words}>{words}</span>
    </span>
  );
}
