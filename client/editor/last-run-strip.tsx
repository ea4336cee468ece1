import { CloseButton } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useRunProgress } from '../live/run-hooks.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { shortId } from '../run-look/run-labels.ts';
import { TimeAgo } from '../ui/figures.tsx';
import styles from './last-run-strip.module.css';

/** Names the run whose values stay on the canvas while the graph is edited. */
export function LastRunStrip() {
  const runId = useEditor((state) => (state.changedSince === null ? null : state.activeRunId));
  const startedAt = useRunProgress(runId)?.startedAt;
  const clearRun = useEditor((state) => state.clearRun);
  if (runId === null) return null;
  return (
    <div className={styles.strip} role="status">
      <IconHistory size={15} stroke={1.7} aria-hidden />
      <span>
        Values from run <b>{shortId(runId)}</b>
        {startedAt && (
          <>
            , <TimeAgo at={startedAt} />
          </>
        )}
        <span className={styles.more}>, kept while you edit</span>
      </span>
      <Link to="/runs/$id" params={{ id: runId }} className={styles.link}>
        Open run
      </Link>
      <CloseButton size={24} iconSize={14} className={styles.hide} aria-label="Hide run" onClick={clearRun} />
    </div>
  );
}
