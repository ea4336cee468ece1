import { Button, Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { useAddFromSamples } from '../../../api/evaluation/dataset-queries.ts';
import { useWorkflows } from '../../../api/queries.ts';
import { SendError } from '../../../frame/send-error.tsx';
import { AddedResult } from '../parts/added.tsx';
import styles from '../parts/dataset-forms.module.css';

/** Adds the sample inputs of a workflow. */
export function FromSamples({ datasetId, onClose }: { datasetId: string; onClose: () => void }) {
  const add = useAddFromSamples(datasetId);
  const workflows = useWorkflows();
  const [workflowId, setWorkflow] = useState<string | null>(null);
  return (
    <Modal opened onClose={onClose} size={460} title="Add sample inputs">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (workflowId !== null) add.mutate({ workflowId });
        }}
      >
        <Select
          label="Workflow"
          placeholder="Choose a workflow"
          searchable
          data={(workflows.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={workflowId}
          onChange={setWorkflow}
        />
        <p className={styles.hint}>Samples of its draft, with their expected outputs and decisions. Each is tagged with its name.</p>
        <SendError error={add.error} />
        {add.data && <AddedResult added={add.data} placeName="Sample" />}
        <div className={styles.buttons}>
          <Button onClick={onClose}>{add.data ? 'Close' : 'Cancel'}</Button>
          <Button type="submit" variant="filled" loading={add.isPending} disabled={workflowId === null}>
            Add samples
          </Button>
        </div>
      </form>
    </Modal>
  );
}
