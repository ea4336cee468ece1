import { isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { isFilesRef } from '@switchyard/shared/files/stored-value.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { JsonView } from '../run-look/json-view.tsx';
import classes from './step-details.module.css';

interface ValueProps {
  readonly value: unknown;
  readonly runId: string;
  readonly label: string;
}

/** A value of a run: text as text, everything else as JSON. Large values are loaded on demand. */
export function ValueView({ value, runId, label }: ValueProps) {
  if (typeof value === 'string') return <p className={classes.text}>{value === '' ? 'Empty text' : value}</p>;
  return <JsonView value={value ?? null} runId={runId} label={label} />;
}

const MAX_FIELDS = 8;
const LONG = 60;
const isLong = (value: unknown): boolean => typeof value === 'string' && (value.length > LONG || value.includes('\n'));

/** A value for reading: an object with long texts field by field, the texts as text, anything else as is. */
export function ReadableValue({ value, runId, label }: ValueProps) {
  const fields = isPlainObject(value) && !isBlobRef(value) && !isFileHandle(value) && !isFilesRef(value) ? Object.entries(value) : [];
  if (fields.length > MAX_FIELDS || !fields.some(([, field]) => isLong(field))) return <ValueView value={value} runId={runId} label={label} />;
  return (
    <dl className={classes.readable} aria-label={label}>
      {fields.map(([name, field]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof field === 'object' && field !== null ? <ValueView value={field} runId={runId} label={name} /> : String(field)}</dd>
        </div>
      ))}
    </dl>
  );
}
