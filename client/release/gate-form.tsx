import { Button, Modal, NativeSelect, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
import type { Grader } from '@switchyard/shared/contracts/evaluation/graders.ts';
import type { WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { type FormEvent, useState } from 'react';
import { useDatasets } from '../api/evaluation/dataset-queries.ts';
import { useExperiments } from '../api/evaluation/experiment-queries.ts';
import { usePutRelease } from '../api/evaluation/release-queries.ts';
import { messageOf } from '../ui/message-of.ts';
import styles from './rule-form.module.css';
import { withShadow } from './words.ts';

const EXACT: readonly Grader[] = [{ kind: 'exact' }];

/** Sets the gate: a dataset, the graders of an experiment on it, and the least score. */
export function GateForm({ id, release, onClose }: { id: string; release: WorkflowRelease; onClose: () => void }) {
  const { gate, versions, revision } = release;
  const [datasetId, setDataset] = useState(gate?.datasetId ?? '');
  const [from, setFrom] = useState('');
  const [minScore, setMinScore] = useState<string | number>(Math.round((gate?.minScore ?? 0.9) * 1_000) / 10);
  const [minItems, setMinItems] = useState<string | number>(gate?.minItems ?? 20);
  const [bound, setBound] = useState<'point' | 'lower'>(gate?.bound ?? 'lower');
  const [reason, setReason] = useState('');
  const put = usePutRelease(id);
  const fitting = useExperiments(datasetId).data?.pages.flatMap(({ items }) => items) ?? [];
  const own = datasetId === gate?.datasetId ? gate.graders : (fitting[0]?.graders ?? EXACT);
  const graders = fitting.find((one) => one.id === from)?.graders ?? own;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = {
      datasetId,
      graders: [...graders],
      minScore: Number(minScore) / 100,
      bound,
      minItems: Number(minItems),
      noRegression: gate?.noRegression ?? [],
    };
    put.mutate({ versions: withShadow(release, versions), gate: next, revision, ...(reason.trim() && { reason: reason.trim() }) }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title="Gate">
      <form className={styles.form} onSubmit={submit}>
        <p>A version takes live runs only once it reaches this score. The stable version and rollbacks to an earlier one are exempt.</p>
        <DatasetSelect value={datasetId} onChange={setDataset} />
        <NativeSelect
          label="Graders"
          description={`Now: ${graders.map((one) => one.name ?? one.kind).join(', ')}`}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          data={[{ value: '', label: 'As shown' }, ...fitting.map((one) => ({ value: one.id, label: `As in “${one.name}”` }))]}
        />
        <NumberInput label="Minimum score (percent)" min={0} max={100} decimalScale={1} value={minScore} onChange={setMinScore} />
        <SegmentedControl
          aria-label="Value to compare"
          value={bound}
          onChange={(value) => setBound(value === 'point' ? 'point' : 'lower')}
          data={[
            { value: 'lower', label: 'Lower bound (95%)' },
            { value: 'point', label: 'Score' },
          ]}
        />
        <NumberInput
          label="Minimum items"
          description="Only items in the “gate” split count."
          min={1}
          max={10_000}
          allowDecimal={false}
          value={minItems}
          onChange={setMinItems}
        />
        {gate && (
          <TextInput
            label="Reason"
            description="For the audit trail."
            required
            maxLength={1_000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {put.error && (
          <p role="alert" className={styles.error}>
            {messageOf(put.error)}
          </p>
        )}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={put.isPending} disabled={datasetId === '' || minScore === '' || minItems === ''}>
            Save gate
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function DatasetSelect({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { data = [] } = useDatasets();
  const none = data.length === 0 ? 'No datasets yet. Create one under Evaluate.' : 'Choose a dataset';
  return (
    <NativeSelect
      label="Dataset"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[{ value: '', label: none }, ...data.map((one) => ({ value: one.id, label: one.name }))]}
    />
  );
}
