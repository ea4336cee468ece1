import { isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { useLiveRun } from '../live/run-hooks.ts';
import { describeWait } from '../step-details/step-labels.ts';
import { ValueView } from '../step-details/value-view.tsx';
import classes from './run-panel.module.css';

/** The response to the caller: status, headers, value. */
export function OutputTab({ runId }: { runId: string | undefined }) {
  if (runId === undefined) return <p className={classes.words}>The output appears here after a run.</p>;
  return <Output runId={runId} />;
}

function Output({ runId }: { runId: string }) {
  const { state } = useLiveRun(runId);
  if (!state.reply) return <p className={classes.words}>{withoutReply(state)}</p>;
  const { value, status, headers, outcome } = state.reply;
  const lines = Object.entries(headers);
  return (
    <div className={classes.output}>
      <p className={classes.statusLine}>
        Status <b className="tabular">{status}</b>
        {outcome === 'failure' && <span className={classes.failure}>marks run failed</span>}
      </p>
      {lines.length > 0 && (
        <dl className={classes.headers}>
          {lines.map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
      <ValueView value={value} runId={runId} label="Response" />
    </div>
  );
}

function withoutReply(state: RunState): string {
  if (state.error && isEnded(state.status)) return `No output: the run failed. ${state.error.message}`;
  if (state.status === 'cancelled') return 'No output: the run was canceled.';
  if (isEnded(state.status)) return 'No Output node was reached. The webhook returns 204 with no body.';
  const waiting = [...state.steps.values()].find((step) => step.status === 'waiting');
  return waiting?.wait ? `No output yet. ${describeWait(waiting.wait)}` : 'No output yet.';
}
