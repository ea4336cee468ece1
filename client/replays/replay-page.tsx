import { Button } from '@mantine/core';
import type { Replay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { IconArrowUpRight, IconHistory, IconPencil, IconPlayerStopFilled, IconRefresh } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useCancelReplay, useReplay, useReplayGraph } from '../api/evaluation/replay-queries.ts';
import { useWorkflow } from '../api/queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { PageLoading } from '../frame/page-loading.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { versionLabel } from '../run-look/run-labels.ts';
import { ButtonLink } from '../ui/button-link.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { showFailure } from '../ui/toast.tsx';
import bar from '../workbench/editor-bar.module.css';
import { ReplayView } from './replay-view.tsx';

const PARENT = { to: '/workflows', label: 'Workflows' } as const;

/** Many runs replayed on one version: how they differ, on the canvas and one by one. */
export function ReplayPage() {
  const { id } = useParams({ from: '/replays/$id' });
  const replay = useReplay(id);
  const graph = useReplayGraph(id);
  const workflow = useWorkflow(replay.data?.workflowId ?? '', replay.data !== undefined);
  const error = replay.data && graph.data ? undefined : (replay.error ?? graph.error);
  const name = workflow.data?.name;
  return (
    <>
      <TopBar
        parent={PARENT}
        title={replay.data?.isShadow ? 'Shadow' : 'Replay'}
        {...(replay.data && name !== undefined && { workflow: { id: replay.data.workflowId, name } })}
        state={replay.data && <Facts replay={replay.data} />}
        actions={replay.data && <Actions replay={replay.data} />}
      />
      {error ? (
        <ErrorState
          title="Couldn’t load replay"
          error={error}
          retry={() => {
            void replay.refetch();
            void graph.refetch();
          }}
        />
      ) : replay.data && graph.data ? (
        <ReplayView key={id} replay={replay.data} graph={graph.data} name={name ?? ''} />
      ) : (
        <PageLoading />
      )}
    </>
  );
}

function Facts({ replay: { counts, version, createdAt } }: { replay: Replay }) {
  return (
    <span className={`${bar.state} ${bar.line}`}>
      <span className={bar.mark}>
        <IconHistory size={15} stroke={1.6} aria-hidden />
        {counts.total} live runs
      </span>
      <span className={bar.mark}>on {version === 'draft' ? 'the draft' : versionLabel(version)}</span>
      <span className={bar.mark}>
        <TimeAgo at={createdAt} />
      </span>
    </span>
  );
}

function Actions({ replay }: { replay: Replay }) {
  const cancel = useCancelReplay(replay.id);
  return (
    <>
      {replay.status === 'running' ? (
        <Button
          className={bar.stop}
          leftSection={<IconPlayerStopFilled size={15} />}
          loading={cancel.isPending}
          onClick={() =>
            cancel.mutate(undefined, { onError: (error) => showFailure(replay.isShadow ? 'Couldn’t end shadow' : 'Couldn’t cancel replay', error) })
          }
        >
          {replay.isShadow ? 'End shadow' : 'Cancel'}
        </Button>
      ) : replay.isShadow ? (
        <ButtonLink to="/workflows/$id/release" params={{ id: replay.workflowId }} leftSection={<IconArrowUpRight size={16} stroke={1.7} />}>
          Open release
        </ButtonLink>
      ) : (
        <ButtonLink to="/workflows/$id/replays" params={{ id: replay.workflowId }} leftSection={<IconRefresh size={16} stroke={1.7} />}>
          Replay again
        </ButtonLink>
      )}
      <ButtonLink to="/workflows/$id" params={{ id: replay.workflowId }} leftSection={<IconPencil size={16} stroke={1.6} />}>
        Back to the draft
      </ButtonLink>
    </>
  );
}
