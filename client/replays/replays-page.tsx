import type { Replay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { IconShieldCheck } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useReplaysOf } from '../api/evaluation/replay-queries.ts';
import { useWorkflow } from '../api/queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { PageLoading } from '../frame/page-loading.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { versionLabel } from '../run-look/run-labels.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { formatNumber } from '../ui/format.ts';
import { differing } from './replay-words.ts';
import styles from './replays-page.module.css';
import { StartReplay } from './start-replay.tsx';

const PARENT = { to: '/workflows', label: 'Workflows' } as const;

/** “What if this had been live last week?”: replays live runs of a workflow on a version. */
export function ReplaysPage() {
  const { id } = useParams({ from: '/workflows/$id/replays' });
  const { data: workflow, error, refetch } = useWorkflow(id);
  return (
    <>
      <TopBar parent={PARENT} title="Replay" {...(workflow && { workflow: { id, name: workflow.name } })} />
      {workflow ? (
        <div className={styles.page}>
          <h2 className={styles.question}>What if this had been live last week?</h2>
          <p className={styles.intro}>
            Replays live runs with their recorded responses. Only changed model calls and other reads are made again. Delays don’t wait, and reviewers’
            decisions are reused.
          </p>
          <p className={styles.safe}>
            <IconShieldCheck size={16} stroke={1.6} aria-hidden /> Nothing is written, and no one is notified.
          </p>
          <StartReplay workflow={workflow} />
          <Earlier workflowId={id} />
        </div>
      ) : error ? (
        <ErrorState title="Couldn’t load workflow" error={error} retry={() => void refetch()} />
      ) : (
        <PageLoading />
      )}
    </>
  );
}

function Earlier({ workflowId }: { workflowId: string }) {
  const { data } = useReplaysOf(workflowId);
  if (!data || data.length === 0) return null;
  return (
    <section className={styles.earlier} aria-label="Earlier replays">
      <h3>Earlier replays</h3>
      <ul>
        {data.map((replay) => (
          <li key={replay.id}>
            <Link to="/replays/$id" params={{ id: replay.id }}>
              {formatNumber(replay.counts.total)} {replay.isShadow ? 'shadow runs' : 'runs'} on{' '}
              {replay.version === 'draft' ? 'the draft' : versionLabel(replay.version)}
            </Link>
            <span>{outcomeWords(replay)}</span>
            <TimeAgo at={replay.createdAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function outcomeWords(replay: Pick<Replay, 'status' | 'counts'>): string {
  if (replay.status === 'running') return `${formatNumber(replay.counts.done)} replayed so far`;
  const count = differing(replay);
  return count === 0 ? 'none differs' : count === 1 ? '1 differs' : `${formatNumber(count)} differ`;
}
