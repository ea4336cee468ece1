import { Button } from '@mantine/core';
import { pauseWorkflow, resumeWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { showFailure } from '../ui/toast.tsx';
import classes from './webhook-panel.module.css';

/** Pauses the webhook, and links to the runs that its requests have started. */
export function PauseFooter({ workflowId }: { workflowId: string }) {
  const editor = useEditorApi();
  const paused = useEditor((state) => state.paused);
  const [busy, setBusy] = useState(false);
  const toggle = async () => {
    setBusy(true);
    try {
      const workflow = await call(paused ? resumeWorkflow : pauseWorkflow, { params: { id: workflowId } });
      editor.getState().setPaused(workflow.paused);
    } catch (thrown) {
      showFailure(paused ? 'Couldn’t resume webhook' : 'Couldn’t pause webhook', thrown);
    }
    setBusy(false);
  };
  return (
    <footer className={classes.footer}>
      <Button loading={busy} leftSection={paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />} onClick={() => void toggle()}>
        {paused ? 'Resume webhook' : 'Pause webhook'}
      </Button>
      <Link to="/runs" search={{ workflow: workflowId }} className={classes.link}>
        Runs
      </Link>
    </footer>
  );
}
