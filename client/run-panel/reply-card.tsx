import { isPlainObject } from '@switchyard/shared/json.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { ValueView } from '../inspector/value-view.tsx';
import classes from './run-panel.module.css';

/** The reply of a run in short: status and value, or why there is none. */
export function ReplyCard({ state, runId }: { state: RunState; runId: string }) {
  const { reply, error } = state;
  const failed = state.status === 'failed' || reply?.outcome === 'failure';
  return (
    <section className={classes.reply} aria-label="Reply" aria-live="polite">
      <h3 className={classes.replyTitle}>
        {reply ? 'Reply' : 'Failed'}
        <span data-failed={failed || undefined}>{reply ? reply.status : ''}</span>
      </h3>
      {reply && <ReplyValue value={reply.value} runId={runId} />}
      {!reply && error && isEnded(state.status) && <p className={classes.failure}>{error.message}</p>}
    </section>
  );
}

/** A reply as a person reads it: the fields of an object one by one, texts as text. */
function ReplyValue({ value, runId }: { value: unknown; runId: string }) {
  const fields = isPlainObject(value) && !isBlobRef(value) ? Object.entries(value) : [];
  if (fields.length === 0 || fields.length > 8) return <ValueView value={value} runId={runId} label="Reply" />;
  return (
    <dl className={classes.replyFields}>
      {fields.map(([name, field]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof field === 'object' && field !== null ? <ValueView value={field} runId={runId} label={name} /> : String(field)}</dd>
        </div>
      ))}
    </dl>
  );
}
