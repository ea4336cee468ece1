import { Button } from '@mantine/core';
import { IconHistory, IconPlayerPlay } from '@tabler/icons-react';
import { useHeldRuns, useReleaseRuns } from '../api/kill-switch-queries.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { formatNumber } from '../ui/format.ts';
import styles from './kill-strip.module.css';

/** Shows how many runs a restore holds, and a button to release them. */
export function HeldRunsStrip() {
  const { data } = useHeldRuns();
  const release = useReleaseRuns();
  if (!data || data.backupAt === null) return null;
  const runs = data.count === 1 ? '1 run' : `${formatNumber(data.count)} runs`;
  return (
    <div className={styles.strip}>
      <IconHistory size={17} stroke={1.7} className={styles.icon} aria-hidden />
      {data.releasedAt === null ? (
        <>
          <div className={styles.words}>
            <p>
              <b>{runs} held</b>: this installation was restored from a backup made <TimeAgo at={data.backupAt} />
            </p>
            <p className={styles.effect}>Anything they did after the backup may happen again. Cancel runs that must not continue, then release the rest.</p>
          </div>
          <Button size="xs" leftSection={<IconPlayerPlay size={15} stroke={1.7} />} loading={release.isPending} onClick={() => release.mutate()}>
            Release runs
          </Button>
        </>
      ) : (
        <p className={styles.words}>Releasing runs, {formatNumber(data.count)} left</p>
      )}
    </div>
  );
}
