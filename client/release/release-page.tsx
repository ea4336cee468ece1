import { Button, Skeleton } from '@mantine/core';
import type { WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { IconArrowBackUp, IconEye } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { usePutRelease, useRelease, useRollBack } from '../api/evaluation/release-queries.ts';
import { useWorkflow } from '../api/queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { showFailure } from '../ui/toast.tsx';
import { GatePanel } from './gate-panel.tsx';
import { MeasureRows } from './measure-rows.tsx';
import { NoCanary } from './no-canary.tsx';
import { ReleaseHistory } from './release-history.tsx';
import styles from './release-page.module.css';
import { ReleaseSteps } from './release-steps.tsx';
import { RuleForm } from './rule-form.tsx';
import { RunsInFlight } from './runs-in-flight.tsx';
import { ShadowPanel } from './shadow/shadow-panel.tsx';
import { nextStep } from './steps.ts';
import { points, withShadow } from './words.ts';

const PARENT = { to: '/workflows', label: 'Workflows' } as const;

/** How live runs of a workflow are divided between versions, and how the new one compares. */
export function ReleasePage() {
  const { id } = useParams({ from: '/workflows/$id/release' });
  const { data: workflow } = useWorkflow(id);
  const { data: release, error, refetch } = useRelease(id);
  return (
    <>
      <TopBar
        parent={PARENT}
        {...(workflow && { workflow })}
        title="Release"
        state={release && <State release={release} />}
        actions={release && release.stable !== null && <Actions id={id} release={release} />}
      />
      {error && !release && <ErrorState title="Couldn’t load release" error={error} retry={() => void refetch()} />}
      {!release && !error && (
        <div className={styles.page} role="status" aria-label="Loading release">
          <Skeleton height={14} width="40%" />
        </div>
      )}
      {release && (
        <div className={styles.page}>
          <div className={styles.main}>
            <Main id={id} release={release} />
          </div>
          <aside className={styles.side}>
            {release.stable !== null && <GatePanel id={id} release={release} />}
            <ReleaseHistory release={release} />
          </aside>
        </div>
      )}
    </>
  );
}

function State({ release: { versions, since } }: { release: WorkflowRelease }) {
  return (
    <>
      {versions.map(({ version, weight }, index) => (
        <span key={version} className={styles.share} data-new={index > 0 || undefined}>
          <i aria-hidden /> v{version} takes {weight}%
        </span>
      ))}
      {versions.length > 1 && since !== null && (
        <span className={styles.share}>
          <IconEye size={15} stroke={1.6} aria-hidden /> Watched since <TimeAgo at={since} />
        </span>
      )}
    </>
  );
}

/** Promotes the canary by one step, or rolls back. */
function Actions({ id, release }: { id: string; release: WorkflowRelease }) {
  const { stable, versions, revision, history } = release;
  const canary = versions[1];
  const put = usePutRelease(id);
  const back = useRollBack(id);
  const busy = put.isPending || back.isPending;
  const canGoBack = canary !== undefined || history.some(({ before }) => before[0] !== undefined && before[0].version !== stable);
  const promote = (weight: number) => {
    if (!canary || stable === null) return;
    const rest = weight < 100 ? [{ version: stable, weight: 100 - weight }] : [];
    const body = { versions: withShadow(release, [...rest, { version: canary.version, weight }]), revision };
    put.mutate(body, { onError: (thrown) => showFailure(`Couldn’t promote v${canary.version}`, thrown) });
  };
  return (
    <>
      {canGoBack && (
        <Button
          className={styles.back}
          leftSection={<IconArrowBackUp size={16} stroke={1.8} />}
          loading={back.isPending}
          disabled={busy}
          onClick={() => back.mutate(undefined, { onError: (thrown) => showFailure('Couldn’t roll back', thrown) })}
        >
          Roll back
        </Button>
      )}
      {canary && (
        <Button variant="filled" loading={put.isPending} disabled={busy} onClick={() => promote(nextStep(canary.weight))}>
          Promote to {nextStep(canary.weight)}%
        </Button>
      )}
    </>
  );
}

function Main({ id, release }: { id: string; release: WorkflowRelease }) {
  const { canary, figures, watch } = release;
  const [isEditing, setEditing] = useState(false);
  return (
    <>
      {canary === null ? <NoCanary id={id} release={release} /> : <ReleaseSteps release={release} />}
      {canary !== null && !figures && (
        <p className={styles.waiting} role="status">
          Waiting for the first look at v{canary}. It comes within seconds.
        </p>
      )}
      {figures && <MeasureRows figures={figures} minRuns={watch.minRuns} />}
      {release.stable !== null && (
        <p className={styles.rule}>
          <IconArrowBackUp size={15} stroke={1.6} aria-hidden />
          <span>
            {canary === null ? 'A canary' : `v${canary}`} rolls back to 0% automatically when the whole range of a measure is above 0 and the difference reaches
            its margin, after {watch.minRuns} runs. Margins: {Object.values(watch.margins).map(points).join(', ')} pt.{' '}
            <button type="button" className={styles.link} onClick={() => setEditing(true)}>
              Change rules
            </button>
          </span>
        </p>
      )}
      {release.stable !== null && <ShadowPanel id={id} release={release} />}
      <RunsInFlight id={id} release={release} />
      {isEditing && <RuleForm id={id} release={release} onClose={() => setEditing(false)} />}
    </>
  );
}
