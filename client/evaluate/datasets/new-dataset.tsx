import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import type { Dataset } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { useState } from 'react';
import { useCreateDataset } from '../../api/evaluation/dataset-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import styles from './parts/dataset-forms.module.css';

/** Asks for the name of a new dataset. */
export function NewDataset({ onClose, onCreated }: { onClose: () => void; onCreated: (dataset: Dataset) => void }) {
  const create = useCreateDataset();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  return (
    <Modal opened onClose={onClose} size={460} title="New dataset">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ name, description }, { onSuccess: onCreated });
        }}
      >
        <TextInput
          label="Name"
          placeholder="support-golden"
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Textarea
          label="Description"
          placeholder="What the items have in common"
          value={description}
          maxLength={2_000}
          autosize
          minRows={2}
          maxRows={6}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <SendError error={create.error} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={create.isPending} disabled={name.trim() === ''}>
            Create dataset
          </Button>
        </div>
      </form>
    </Modal>
  );
}
