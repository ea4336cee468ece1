import { UnstyledButton } from '@mantine/core';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import { IconChevronUp } from '@tabler/icons-react';
import { useRef } from 'react';
import { useRunProgress } from '../live/run-hooks.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { Duration, TimeAgo } from '../ui/figures.tsx';
import { useReturnFocus } from '../ui/use-return-focus.ts';
import classes from './run-panel.module.css';

const ENDED: Partial<Record<RunStatus, string>> = { succeeded: 'succeeded in', failed: 'failed after', cancelled: 'canceled after' };

/** The run panel, collapsed to one line. */
export function LastRunLine({ onOpen }: { onOpen: () => void }) {
  const runId = useEditor((state) => state.lastRun?.id);
  const line = useRef<HTMLButtonElement>(null);
  useReturnFocus(line, () => document.querySelector<HTMLElement>('[data-run-panel] [role="tab"][aria-selected="true"]'));
  return (
    <UnstyledButton ref={line} className={classes.line} data-run-line aria-expanded={false} onClick={onOpen}>
      <IconChevronUp size={18} aria-hidden />
      <span>{runId === undefined ? 'Not run yet. Open to choose an input.' : <Summary runId={runId} />}</span>
    </UnstyledButton>
  );
}

function Summary({ runId }: { runId: string }) {
  const run = useRunProgress(runId);
  const changed = useEditor((state) => state.changedSince);
  if (!run?.startedAt) return 'Starting…';
  if (!isEnded(run.status)) {
    return (
      <>
        Run started <TimeAgo at={run.startedAt} />, {run.status === 'waiting' ? 'waiting' : 'running'}
      </>
    );
  }
  return (
    <>
      Last run <TimeAgo at={run.startedAt} />, {ENDED[run.status]} <Duration from={run.startedAt} to={run.endedAt} />
      {changed !== null && ` · ${changed.length === 0 ? '' : `${changed.length} ${changed.length === 1 ? 'node' : 'nodes'} `}changed since`}
    </>
  );
}
