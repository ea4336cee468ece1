import { ActionIcon, Button, Modal, Textarea, TextInput } from '@mantine/core';
import type { DatasetDetails } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { IconSettings } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useDeleteDataset, useUpdateDataset } from '../../api/evaluation/dataset-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import { ConfirmButton } from '../../ui/confirm/confirm-button.tsx';
import { showDone, showFailure } from '../../ui/toast.tsx';
import styles from './parts/dataset-forms.module.css';

/** A button for the name and description of a dataset, and to delete it. */
export function DatasetSettings({ dataset }: { dataset: DatasetDetails }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <ActionIcon size={32} aria-label="Dataset settings" onClick={() => setOpen(true)}>
        <IconSettings size={17} stroke={1.6} />
      </ActionIcon>
      {isOpen && <Settings dataset={dataset} onClose={() => setOpen(false)} />}
    </>
  );
}

function Settings({ dataset, onClose }: { dataset: DatasetDetails; onClose: () => void }) {
  const update = useUpdateDataset(dataset.id);
  const remove = useDeleteDataset(dataset.id);
  const navigate = useNavigate();
  const [name, setName] = useState(dataset.name);
  const [description, setDescription] = useState(dataset.description);
  const onDeleted = () => {
    showDone('Dataset deleted');
    void navigate({ to: '/evaluate/datasets' });
  };
  return (
    <Modal opened onClose={onClose} size={460} title="Dataset settings">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate({ name, description }, { onSuccess: onClose });
        }}
      >
        <TextInput label="Name" value={name} maxLength={100} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        <Textarea
          label="Description"
          value={description}
          maxLength={2_000}
          autosize
          minRows={2}
          maxRows={6}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <SendError error={update.error} />
        <div className={styles.buttons}>
          <div className={styles.apart}>
            <ConfirmButton
              label={`Delete dataset ${dataset.name}`}
              question="Deletes the dataset with all its items. Experiments that used it can still read them."
              busy={remove.isPending}
              onConfirm={() => remove.mutate(undefined, { onSuccess: onDeleted, onError: (error) => showFailure('Couldn’t delete dataset', error) })}
            >
              Delete
            </ConfirmButton>
          </div>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={update.isPending} disabled={name.trim() === ''}>
            Save settings
          </Button>
        </div>
      </form>
    </Modal>
  );
}
