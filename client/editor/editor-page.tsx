import { Button } from '@mantine/core';
import { getWorkflow, undeleteWorkflow, type Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { PageLoading } from '../frame/page-loading.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import type { Editor } from '../graph-editing/create-editor.ts';
import { openEditor } from '../graph-editing/open-editor.ts';
import { EditorContext } from '../open-workflow/editor-store.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { showFailure } from '../ui/toast.tsx';
import { EditorView } from './editor-view.tsx';

const WORKFLOWS = { to: '/workflows', label: 'Workflows' } as const;

/** The page of one workflow: loads it, then opens the editor. */
export function EditorPage() {
  const { id } = useParams({ from: '/workflows/$id' });
  return <WorkflowPage key={id} id={id} />;
}

function WorkflowPage({ id }: { id: string }) {
  // Fetched on every visit and never refetched: from here on, the editor owns the draft.
  const { data, error, refetch } = useQuery({
    queryKey: ['editor', id],
    queryFn: ({ signal }) => call(getWorkflow, { params: { id }, signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  });
  if (error) {
    return (
      <>
        <TopBar title="Workflow" parent={WORKFLOWS} />
        <ErrorState title="Couldn’t open workflow" error={error} retry={() => void refetch()} />
      </>
    );
  }
  if (!data) return <PageLoading />;
  return data.deletedAt ? <Deleted workflow={data} onBack={() => void refetch()} /> : <OpenEditor workflow={data} />;
}

function OpenEditor({ workflow }: { workflow: Workflow }) {
  const [editor, setEditor] = useState<Editor>();
  const queries = useQueryClient();
  useEffect(() => {
    let left = false;
    const opening = openEditor(workflow);
    void opening.then((opened) => left || setEditor(opened));
    return () => {
      left = true;
      void opening.then((opened) => opened.close());
      void queries.invalidateQueries({ queryKey: keys.workflows });
    };
  }, [workflow, queries]);
  if (!editor) return <PageLoading />;
  return (
    <EditorContext.Provider value={editor.store}>
      <EditorView />
    </EditorContext.Provider>
  );
}

function Deleted({ workflow, onBack }: { workflow: Workflow; onBack: () => void }) {
  const [busy, setBusy] = useState(false);
  const bringBack = async () => {
    setBusy(true);
    try {
      await call(undeleteWorkflow, { params: { id: workflow.id } });
      onBack();
    } catch (thrown) {
      showFailure('Couldn’t restore workflow', thrown);
    }
    setBusy(false);
  };
  return (
    <>
      <TopBar title={workflow.name} parent={WORKFLOWS} state="Deleted" />
      <EmptyState
        title={`“${workflow.name}” was deleted`}
        text="Deleted workflows are kept for 30 days. Restore it to edit and run it."
        action={
          <Button variant="filled" loading={busy} onClick={() => void bringBack()}>
            Restore
          </Button>
        }
      />
    </>
  );
}
