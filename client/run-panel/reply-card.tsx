import { isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { ReadableValue } from '../step-details/value-view.tsx';
import classes from './run-panel.module.css';

/** The reply of a run in short: status and value, or why there is none. */
export function ReplyCard({ state, runId }: { state: RunState; runId: string }) {
  const { reply, error } = state;
  const failed = state.status === 'failed' || reply?.outcome === 'failure';
  return (
    <section className={classes.reply} aria-label="Reply" aria-live="polite">
      <h2 className={classes.replyTitle}>
        {reply ? 'Reply' : 'Failed'}
        <span data-failed={failed || undefined}>{reply ? reply.status : ''}</span>
      </h2>
      {reply && <ReadableValue value={reply.value} runId={runId} label="Reply" />}
      {!reply && error && isEnded(state.status) && <p className={classes.failure}>{error.message}</p>}
    </section>
  );
}
