import { CloseButton, Skeleton } from '@mantine/core';
import styles from './run-detail.module.css';

/** Placeholder for a run while it loads. */
export function RunDetailSkeleton({ onClose }: { onClose: () => void }) {
  return (
    <div className={styles.detail} role="status" aria-label="Loading the run">
      <header className={styles.head}>
        <div className={styles.places}>
          <Skeleton height={12} width="55%" />
          <Skeleton height={16} width="35%" mt={10} />
        </div>
        <CloseButton onClick={onClose} aria-label="Close run" />
      </header>
    </div>
  );
}
