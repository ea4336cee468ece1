import { Button, Tooltip } from '@mantine/core';
import { replayRun } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { cancelRun, type Run, rerunRun } from '@switchyard/shared/contracts/runs.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { IconPencil, IconPlayerStopFilled, IconPlayerTrackNext, IconRepeat } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { TopBar } from '../frame/top-bar.tsx';
import { useLiveRun } from '../live/run-hooks.ts';
import { queuedLabel } from '../run-look/queued-label.ts';
import { usedDemo } from '../run-look/run-facts.ts';
import { shortId, versionLabel } from '../run-look/run-labels.ts';
import { StatusMark } from '../run-look/status-mark.tsx';
import { ButtonLink } from '../ui/button-link.tsx';
import { classes } from '../ui/class-names.ts';
import { CostSum, Duration, TimeAgo } from '../ui/figures.tsx';
import { showFailure } from '../ui/toast.tsx';
import styles from '../workbench/editor-bar.module.css';
import { EvidenceButton } from './evidence-button.tsx';

/** The bar of a run: ID, workflow, status, duration, and cost. */
export function RunBar({ run }: { run: Run }) {
  const { state } = useLiveRun(run.id);
  const status = state.seq > 0 ? state.status : run.status;
  const startedAt = state.startedAt ?? run.startedAt;
  const endedAt = state.endedAt ?? run.endedAt;
  return (
    <TopBar
      parent={{ to: '/runs', label: 'Runs' }}
      title={<span title={run.id}>Run {shortId(run.id)}</span>}
      state={
        <span className={classes(styles.state, styles.line)}>
          <span className={classes(styles.mark, styles.of)}>
            <span className={styles.ofName}>{run.workflowName}</span>
          </span>
          <span className={styles.mark}>{versionLabel(run.version)}</span>
          {run.parent && (
            <Link className={styles.mark} to="/runs/$id" params={{ id: run.parent.runId }} search={{ step: run.parent.stepId }}>
              Parent run {shortId(run.parent.runId)}
            </Link>
          )}
          {run.replayOf && (
            <Link className={styles.mark} to="/runs" search={{ run: run.replayOf, compare: run.id }}>
              {run.trigger === 'shadow' ? 'Shadow' : 'Replay'} of run {shortId(run.replayOf)}
            </Link>
          )}
          <span className={styles.mark}>
            <StatusMark status={status} />
          </span>
          {run.queued && (status === 'queued' || status === 'waiting') && <span className={styles.mark}>{queuedLabel(run.queued)}</span>}
          <span className={styles.mark}>
            <Duration from={startedAt} to={endedAt} />
          </span>
          <span className={styles.mark}>
            <TimeAgo at={run.createdAt} />
          </span>
          <span className={classes(styles.mark, styles.cost)}>
            <CostSum of={state} demo={usedDemo(state)} />
          </span>
        </span>
      }
      actions={<Actions run={run} ended={isEnded(status)} />}
    />
  );
}

function Actions({ run, ended }: { run: Run; ended: boolean }) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const perform = async (words: string, act: () => Promise<unknown>) => {
    setBusy(true);
    await act().catch((thrown) => showFailure(words, thrown));
    setBusy(false);
  };
  const rerun = async () => {
    const next = await call(rerunRun, { params: { id: run.id }, body: {} });
    await navigate({ to: '/runs/$id', params: { id: next.id } });
  };
  const replay = async () => {
    const next = await call(replayRun, { params: { id: run.id }, body: { version: 'draft' } });
    await navigate({ to: '/runs/$id', params: { id: next.id } });
  };
  return (
    <>
      <ButtonLink to="/workflows/$id" params={{ id: run.workflowId }} leftSection={<IconPencil size={16} stroke={1.6} />}>
        Back to draft
      </ButtonLink>
      <EvidenceButton runId={run.id} />
      {ended && run.payloadsRemovedAt == null && (
        <Tooltip label="Runs on the draft with the recorded responses: nothing is written, and no one is notified">
          <Button leftSection={<IconPlayerTrackNext size={16} stroke={1.7} />} loading={busy} onClick={() => void perform('Couldn’t replay', replay)}>
            Replay
          </Button>
        </Tooltip>
      )}
      {ended && run.payloadsRemovedAt == null && (
        <Button variant="filled" leftSection={<IconRepeat size={16} stroke={1.7} />} loading={busy} onClick={() => void perform('Couldn’t rerun', rerun)}>
          Rerun
        </Button>
      )}
      {!ended && (
        <Button
          className={styles.stop}
          leftSection={<IconPlayerStopFilled size={15} />}
          loading={busy}
          onClick={() => void perform('Couldn’t cancel run', () => call(cancelRun, { params: { id: run.id } }))}
        >
          Cancel run
        </Button>
      )}
    </>
  );
}
