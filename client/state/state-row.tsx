import { Button } from '@mantine/core';
import type { StateEntry } from '@switchyard/shared/contracts/state/stored-values.ts';
import type { StateSpace } from '@switchyard/shared/run/state-change.ts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useDeleteState } from '../api/state/state-queries.ts';
import { ConfirmButton } from '../ui/confirm/confirm-button.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { showFailure } from '../ui/toast.tsx';
import styles from './state-page.module.css';
import { ValueForm } from './value-form.tsx';

const MOST_SHOWN = 300;

const shorten = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);

interface Props {
  readonly workflowId: string;
  readonly space: StateSpace;
  readonly entry: StateEntry;
}

/** A stored value: key, value, and who changed it last. */
export function StateRow({ workflowId, space, entry: { key, value, updatedAt, runId } }: Props) {
  const remove = useDeleteState(workflowId);
  const [isOpen, setOpen] = useState(false);
  return (
    <li className={styles.row}>
      <code className={styles.key}>{key}</code>
      <code className={styles.value}>{shorten(JSON.stringify(value))}</code>
      <span className={styles.when}>
        <TimeAgo at={updatedAt} />
        {runId === null ? (
          ', by hand'
        ) : (
          <>
            {', by a '}
            <Link to="/runs/$id" params={{ id: runId }}>
              run
            </Link>
          </>
        )}
      </span>
      <span className={styles.actions}>
        <Button size="xs" aria-label={`Edit ${key}`} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Edit
        </Button>
        <ConfirmButton
          size="xs"
          label={`Delete ${key}`}
          question={`Deletes the value of “${key}”. This can’t be undone.`}
          busy={remove.isPending}
          onConfirm={() => remove.mutate({ space, key }, { onError: (error) => showFailure('Couldn’t delete value', error) })}
        >
          Delete
        </ConfirmButton>
      </span>
      {isOpen && (
        <div className={styles.edit}>
          <ValueForm workflowId={workflowId} space={space} entry={{ key, value }} onClose={() => setOpen(false)} />
        </div>
      )}
    </li>
  );
}
