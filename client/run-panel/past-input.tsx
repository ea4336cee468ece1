import { useRun } from '../api/queries.ts';
import { ValueView } from '../step-details/value-view.tsx';
import classes from './run-panel.module.css';

/** What a past run was started with, as it came. */
export function PastInput({ runId }: { runId: string }) {
  const { data } = useRun(runId);
  return data ? <ValueView value={data.input} runId={runId} label="Input of the run" /> : <p className={classes.words}>Loading the run…</p>;
}
