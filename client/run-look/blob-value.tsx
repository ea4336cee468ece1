import { isPlainObject } from '@switchyard/shared/json.ts';
import { useState } from 'react';
import { useRunBlob } from '../api/queries.ts';
import { formatBytes } from '../ui/format.ts';
import { messageOf } from '../ui/message-of.ts';
import styles from './json-view.module.css';

/** A value over 64 KB, stored separately under its hash. */
interface Blob {
  readonly $blob: string;
  readonly bytes: number;
  readonly preview?: unknown;
}

export const isBlob = (value: unknown): value is Blob => isPlainObject(value) && typeof value.$blob === 'string' && typeof value.bytes === 'number';

const MAX_CHARS = 200_000;

/** The beginning of a large value. The rest is fetched on demand. */
export function BlobValue({ name, blob, runId }: { name: string | undefined; blob: Blob; runId: string | undefined }) {
  const [wanted, setWanted] = useState(false);
  const { data, error } = useRunBlob(runId ?? '', blob.$blob, wanted && runId !== undefined);
  const whole = data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data, null, 2);
  const preview = typeof blob.preview === 'string' ? blob.preview : JSON.stringify(blob.preview ?? '');
  return (
    <div className={styles.line}>
      {name !== undefined && <span className={styles.name}>{JSON.stringify(name)}: </span>}
      <span className={styles.string}>{whole === undefined ? `${preview}…` : whole.slice(0, MAX_CHARS)}</span>
      {whole === undefined && runId && (
        <button type="button" className={styles.more} disabled={wanted && !error} onClick={() => setWanted(true)}>
          {wanted && !error ? 'Loading…' : `Load all ${formatBytes(blob.bytes)}`}
        </button>
      )}
      {whole !== undefined && whole.length > MAX_CHARS && <span className={styles.nothing}> … Showing the beginning of {formatBytes(blob.bytes)}</span>}
      {error && <span className={styles.failure}>{messageOf(error)}</span>}
    </div>
  );
}
