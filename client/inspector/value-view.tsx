import { JsonView } from '../ui/json-view.tsx';
import classes from './step-details.module.css';

/** A value of a run: text as text, all else as JSON; what is large is loaded when it is asked for. */
export function ValueView({ value, runId, label }: { value: unknown; runId: string; label: string }) {
  if (typeof value === 'string') return <p className={classes.text}>{value === '' ? 'Empty text' : value}</p>;
  return <JsonView value={value ?? null} runId={runId} label={label} />;
}
