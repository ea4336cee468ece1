import { Button } from '@mantine/core';
import type { WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { Link } from '@tanstack/react-router';
import { useEndRun, useRunsInFlight } from '../api/evaluation/release-queries.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { showFailure } from '../ui/toast.tsx';
import styles from './runs-in-flight.module.css';

/** After a rollback: runs that are still on the version that went back. */
export function RunsInFlight({ id, release: { stable, canary, history } }: { id: string; release: WorkflowRelease }) {
  const last = history.find(({ action }) => action !== 'settings' && action !== 'shadow');
  const lost = last?.action === 'rollback' ? last.before.find(({ version }) => version !== stable && version !== canary) : undefined;
  if (!lost || stable === null) return null;
  return <List id={id} version={lost.version} stable={stable} />;
}

function List({ id, version, stable }: { id: string; version: number; stable: number }) {
  const { data } = useRunsInFlight(id, version);
  const end = useEndRun();
  if (!data || data.length === 0) return null;
  const failed = (thrown: unknown) => showFailure('Couldn’t cancel run', thrown);
  return (
    <section aria-label="Runs in flight">
      <h2 className={styles.title}>
        {data.length === 1 ? '1 run is' : `${data.length} runs are`} still on v{version}
      </h2>
      <ul className={styles.list}>
        {data.map((run) => (
          <li key={run.id}>
            <Link to="/runs/$id" params={{ id: run.id }} className={styles.run}>
              {run.id}
            </Link>
            <span className={styles.quiet}>
              {run.status}, started <TimeAgo at={run.createdAt} />
            </span>
            <span className={styles.actions}>
              <Button size="compact-sm" disabled={end.isPending} onClick={() => end.mutate({ id: run.id }, { onError: failed })}>
                Cancel
              </Button>
              <Button size="compact-sm" disabled={end.isPending} onClick={() => end.mutate({ id: run.id, rerunOn: stable }, { onError: failed })}>
                Rerun on v{stable}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
