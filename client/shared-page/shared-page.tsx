import { Button } from '@mantine/core';
import { getShared, type SharedWorkflow, useShared } from '@switchyard/shared/contracts/sharing.ts';
import { IconEye, IconLinkOff } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { ReactFlowProvider } from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { call } from '../api/call.ts';
import { refreshAfterCreation } from '../api/make-workflow.ts';
import { CanvasUiContext, createCanvasUi } from '../canvas/view/canvas-ui.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { Mark } from '../frame/mark.tsx';
import { PageLoading } from '../frame/page-loading.tsx';
import bar from '../frame/top-bar.module.css';
import { openReadOnly } from '../graph-editing/open-editor.ts';
import { EditorContext } from '../open-workflow/editor-store.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { showFailure, showNotes } from '../ui/toast.tsx';
import styles from './shared-page.module.css';
import { SharedView } from './shared-view.tsx';

/** A shared workflow, opened by its link: read-only, with a button to copy it. */
export function SharedPage() {
  const { token } = useParams({ from: '/shared/$token' });
  const { data, error, refetch } = useQuery({
    queryKey: ['shared', token],
    queryFn: ({ signal }) => call(getShared, { params: { token }, signal }),
    retry: (count, thrown) => count < 2 && !isGone(thrown),
  });
  useTitle(data?.name);
  return (
    <>
      <SharedBar token={token} shared={data} />
      {data ? <OpenShared key={token} token={token} shared={data} /> : <Without error={error} retry={() => void refetch()} />}
    </>
  );
}

const isGone = (thrown: unknown): boolean => thrown instanceof ApiError && thrown.status === 404;

/** Names the browser tab after the workflow. */
function useTitle(name: string | undefined): void {
  useEffect(() => {
    const before = document.title;
    if (name) document.title = name;
    return () => {
      document.title = before;
    };
  }, [name]);
}

function Without({ error, retry }: { error: unknown; retry: () => void }) {
  if (!error) return <PageLoading />;
  if (!isGone(error)) return <ErrorState title="Couldn’t load workflow" error={error} retry={retry} />;
  return (
    <EmptyState
      picture={<IconLinkOff size={32} stroke={1.4} className={styles.off} />}
      title="Link not found"
      text="It was turned off, or the URL is incomplete. Ask the sender for a new one."
    />
  );
}

function SharedBar({ token, shared }: { token: string; shared: SharedWorkflow | undefined }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const use = useMutation({
    mutationFn: () => call(useShared, { params: { token } }),
    onSuccess: (workflow) => {
      refreshAfterCreation(queries);
      showNotes(workflow.notes);
      return navigate({ to: '/workflows/$id', params: { id: workflow.id } });
    },
    onError: (thrown) => showFailure('Couldn’t copy workflow', thrown),
  });
  return (
    <header className={bar.bar}>
      <div className={bar.place}>
        <span className={styles.mark}>
          <Mark />
        </span>
        <h1 className={bar.title}>{shared?.name ?? 'Shared workflow'}</h1>
      </div>
      {shared && (
        <div className={bar.state}>
          <IconEye size={16} stroke={1.6} aria-hidden />
          {shared.version === null ? 'Draft, view only' : `v${shared.version}, view only`}
        </div>
      )}
      <div className={bar.space} />
      {shared && (
        <div className={bar.actions}>
          <Button variant="filled" loading={use.isPending} onClick={() => use.mutate()}>
            Use this template
          </Button>
        </div>
      )}
    </header>
  );
}

function OpenShared({ token, shared }: { token: string; shared: SharedWorkflow }) {
  const [ui] = useState(createCanvasUi);
  const store = useMemo(
    () =>
      openReadOnly({
        id: `shared:${token}`,
        name: shared.name,
        draft: shared.graph,
        draftRevision: 0,
        liveVersion: shared.version,
        paused: false,
        updatedAt: null,
      }).store,
    [token, shared],
  );
  return (
    <EditorContext.Provider value={store}>
      <CanvasUiContext.Provider value={ui}>
        <ReactFlowProvider>
          <SharedView shared={shared} />
        </ReactFlowProvider>
      </CanvasUiContext.Provider>
    </EditorContext.Provider>
  );
}
