import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useAddItem } from '../../../api/evaluation/dataset-queries.ts';
import { SendError } from '../../../frame/send-error.tsx';
import { NEW_DRAFT, newItemOf, problemOf } from '../items/item-draft.ts';
import { ItemFields } from '../items/item-fields.tsx';
import styles from '../parts/dataset-forms.module.css';

interface AddProps {
  readonly datasetId: string;
  readonly tags: readonly string[];
  readonly onClose: () => void;
}

/** Adds an item by hand. */
export function AddItem({ datasetId, tags, onClose }: AddProps) {
  const add = useAddItem(datasetId);
  const [draft, setDraft] = useState(NEW_DRAFT);
  return (
    <Modal opened onClose={onClose} size={560} title="New item">
      <div className={styles.form}>
        <ItemFields draft={draft} tags={tags} onChange={setDraft} />
        <SendError error={add.error} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="filled"
            disabled={draft.input === undefined || problemOf(draft) !== undefined}
            loading={add.isPending}
            onClick={() => add.mutate(newItemOf(draft), { onSuccess: onClose })}
          >
            Add item
          </Button>
        </div>
      </div>
    </Modal>
  );
}
