import { Button, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import type { Experiment } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useDatasets } from '../../../api/evaluation/dataset-queries.ts';
import { useCreateExperiment } from '../../../api/evaluation/experiment-queries.ts';
import { SendError } from '../../../frame/send-error.tsx';
import { ButtonLink } from '../../../ui/button-link.tsx';
import { itemWords } from '../common/words.ts';
import { bodyOf, type ExperimentDraft, newDraft } from './experiment-draft.ts';
import { GraderFields } from './grader-fields.tsx';
import styles from './new-experiment.module.css';
import { SubjectFields } from './subject-fields.tsx';

interface Props {
  /** Experiments so far, newest first. The new one starts with the settings of the first. */
  readonly latest: readonly Experiment[];
  readonly onClose: () => void;
}

/** Sets up an experiment and starts it. */
export function NewExperiment({ latest, onClose }: Props) {
  const [draft, setDraft] = useState<ExperimentDraft>(() => newDraft(latest[0]));
  const change = (changes: Partial<ExperimentDraft>) => setDraft((before) => ({ ...before, ...changes }));
  const create = useCreateExperiment();
  const navigate = useNavigate();
  const body = bodyOf(draft);
  return (
    <Modal opened onClose={onClose} title="New experiment" size="lg">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (body) create.mutate(body, { onSuccess: ({ id }) => void navigate({ to: '/evaluate/experiments/$id', params: { id } }) });
        }}
      >
        <TextInput label="Name" value={draft.name} maxLength={200} data-autofocus onChange={(event) => change({ name: event.currentTarget.value })} />
        <SubjectFields draft={draft} onChange={change} />
        <DatasetField value={draft.datasetId} onChange={(datasetId) => change({ datasetId })} />
        <GraderFields graders={draft.graders} onChange={(graders) => change({ graders })} />
        <div className={styles.row}>
          <NumberInput
            label="Cost limit"
            description="The experiment pauses before it exceeds this limit."
            prefix="$"
            placeholder="No limit"
            min={0}
            decimalScale={4}
            value={draft.limit ?? ''}
            onChange={(value) => change({ limit: typeof value === 'number' && value > 0 ? value : null })}
          />
          <NumberInput
            label="Trials per item"
            description="Scores are averaged."
            min={1}
            max={10}
            allowDecimal={false}
            value={draft.trials}
            onChange={(value) => change({ trials: typeof value === 'number' ? Math.min(10, Math.max(1, value)) : 1 })}
          />
        </div>
        {draft.kind === 'workflow' && (
          <TextInput
            label="Perform the effects of these nodes"
            description="Node keys, separated by commas. Other effects use a recorded response, or the item stops there."
            placeholder="None"
            value={draft.allow}
            onChange={(event) => change({ allow: event.currentTarget.value })}
          />
        )}
        <SendError error={create.error} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" disabled={!body} loading={create.isPending}>
            Run experiment
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function DatasetField({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const { data } = useDatasets();
  if (data?.length === 0) {
    return (
      <p className={styles.help}>
        There is no dataset yet. <ButtonLink to="/evaluate/datasets">Create a dataset</ButtonLink>
      </p>
    );
  }
  return (
    <Select
      label="Dataset"
      searchable
      data={(data ?? []).map(({ id, name, items }) => ({ value: id, label: `${name} · ${itemWords(items)}` }))}
      value={value}
      onChange={onChange}
    />
  );
}
