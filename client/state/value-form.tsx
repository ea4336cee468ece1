import { Button, Textarea, TextInput } from '@mantine/core';
import { LONGEST_STATE_KEY, type StateSpace } from '@switchyard/shared/run/state-change.ts';
import { useState } from 'react';
import { usePutState } from '../api/state/state-queries.ts';
import { describeFault, readJson } from '../expressions/json-text.ts';
import { SendError } from '../frame/send-error.tsx';
import styles from './state-page.module.css';

interface Props {
  readonly workflowId: string;
  readonly space: StateSpace;
  /** The value to edit. Missing for a new one. */
  readonly entry?: { readonly key: string; readonly value: unknown };
  readonly onClose: () => void;
}

/** Sets a stored value by hand. */
export function ValueForm({ workflowId, space, entry, onClose }: Props) {
  const put = usePutState(workflowId);
  const [key, setKey] = useState(entry?.key ?? '');
  const [text, setText] = useState(entry ? JSON.stringify(entry.value, null, 2) : '');
  const read = readJson(text);
  const fault = text.trim() !== '' && !read.ok ? describeFault(read.fault) : undefined;
  return (
    <form
      className={styles.form}
      aria-label={entry ? `Edit ${entry.key}` : 'Set a value'}
      onSubmit={(event) => {
        event.preventDefault();
        if (read.ok && key !== '') put.mutate({ space, key, value: read.value }, { onSuccess: onClose });
      }}
    >
      {!entry && (
        <TextInput label="Key" value={key} maxLength={LONGEST_STATE_KEY} onChange={(event) => setKey(event.currentTarget.value)} data-autofocus autoFocus />
      )}
      <Textarea
        label="Value"
        description="JSON: put text in double quotes."
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={fault}
        classNames={{ input: styles.json ?? '' }}
        autosize
        minRows={2}
        maxRows={14}
      />
      <SendError error={put.error} />
      <div className={styles.buttons}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" loading={put.isPending} disabled={!read.ok || key === ''}>
          Save value
        </Button>
      </div>
    </form>
  );
}
