import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand';
import { useCreateWorkflow } from '../../api/make-workflow.ts';
import { newWorkflow } from './new-workflow.ts';
import styles from './new-workflow-dialog.module.css';

const close = () => newWorkflow.setState({ isOpen: false });

/** Asks for the name of a new workflow. Opened from anywhere with `askForNewWorkflow`. */
export function NewWorkflowDialog() {
  const isOpen = useStore(newWorkflow, (state) => state.isOpen);
  return (
    <Modal opened={isOpen} onClose={close} size={440} title="New workflow">
      <NameForm />
    </Modal>
  );
}

function NameForm() {
  const [name, setName] = useState('');
  const [isMissing, setMissing] = useState(false);
  const create = useCreateWorkflow();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = name.trim();
    if (chosen === '') setMissing(true);
    else create.mutate(chosen, { onSuccess: close });
  };
  return (
    <form onSubmit={submit} noValidate>
      <TextInput
        data-autofocus
        label="Name"
        description="For example, Refund requests. You can change it later."
        maxLength={200}
        value={name}
        error={isMissing && name.trim() === '' ? 'Enter a name' : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className={styles.actions}>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" variant="filled" loading={create.isPending}>
          Create workflow
        </Button>
      </div>
    </form>
  );
}
