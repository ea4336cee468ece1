import { Button, Modal, NumberInput, SegmentedControl, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { MOST_AT_ONCE } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { useState } from 'react';
import { useAddFromRuns } from '../../../api/evaluation/dataset-queries.ts';
import { useWorkflows } from '../../../api/queries.ts';
import { SendError } from '../../../frame/send-error.tsx';
import { AddedResult } from '../parts/added.tsx';
import styles from '../parts/dataset-forms.module.css';

interface FromRunsProps {
  readonly datasetId: string;
  readonly tags: readonly string[];
  readonly onClose: () => void;
}

const SAMPLES = [
  { value: 'random', label: 'At random' },
  { value: 'newest', label: 'The newest' },
] as const;
const STATUSES = [
  { value: '', label: 'Any' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'failed', label: 'Failed' },
] as const;

/** Adds a sample of filtered runs. */
export function FromRuns({ datasetId, tags, onClose }: FromRunsProps) {
  const add = useAddFromRuns(datasetId);
  const workflows = useWorkflows();
  const [workflowId, setWorkflow] = useState<string | null>(null);
  const [status, setStatus] = useState<(typeof STATUSES)[number]['value']>('succeeded');
  const [label, setLabel] = useState('');
  const [search, setSearch] = useState('');
  const [sample, setSample] = useState<(typeof SAMPLES)[number]['value']>('random');
  const [count, setCount] = useState<number | string>(50);
  const [hasExpected, setExpected] = useState(true);
  const [own, setOwn] = useState<string[]>([]);
  const hasLabelFault = label.trim() !== '' && !/^[^:]+:/.test(label.trim());
  const runs = {
    count: Number(count),
    sample,
    ...(workflowId !== null && { workflowId }),
    ...(status !== '' && { status }),
    ...(label.trim() !== '' && { label: label.trim() }),
    ...(search.trim() !== '' && { search: search.trim() }),
  };
  const { data } = add;
  return (
    <Modal opened onClose={onClose} size={560} title="Add items from runs">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ runs, expected: hasExpected ? 'output' : 'none', tags: own });
        }}
      >
        <Select
          label="Workflow"
          placeholder="All workflows"
          clearable
          searchable
          data={(workflows.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={workflowId}
          onChange={setWorkflow}
        />
        <div className={styles.two}>
          <Select
            label="Status"
            data={STATUSES}
            value={status}
            allowDeselect={false}
            onChange={(value) => setStatus(STATUSES.find((one) => one.value === value)?.value ?? '')}
          />
          <TextInput
            label="Label"
            placeholder="tenant:acme"
            value={label}
            error={hasLabelFault && 'Must be name:value'}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
        </div>
        <TextInput label="Text in the input" value={search} maxLength={200} onChange={(event) => setSearch(event.currentTarget.value)} />
        <div className={styles.two}>
          <NumberInput label="At most" suffix=" runs" min={1} max={MOST_AT_ONCE} allowDecimal={false} value={count} onChange={setCount} />
          <SegmentedControl
            aria-label="Which runs"
            data={[...SAMPLES]}
            value={sample}
            onChange={(value) => setSample(SAMPLES.find((one) => one.value === value)?.value ?? 'random')}
          />
        </div>
        <Switch
          label="Use the output of succeeded runs as the expected value"
          checked={hasExpected}
          onChange={(event) => setExpected(event.currentTarget.checked)}
        />
        <TagsInput label="Tags" data={[...tags]} value={own} maxTags={20} onChange={setOwn} />
        <p className={styles.hint}>Skips runs of experiments, replays, and shadow runs, and runs whose data policy doesn’t keep values.</p>
        <SendError error={add.error} />
        {data && 'added' in data && <AddedResult added={data} placeName="Run" />}
        <div className={styles.buttons}>
          <Button onClick={onClose}>{data ? 'Close' : 'Cancel'}</Button>
          <Button type="submit" variant="filled" loading={add.isPending} disabled={hasLabelFault || !(Number(count) >= 1)}>
            Add items
          </Button>
        </div>
      </form>
    </Modal>
  );
}
