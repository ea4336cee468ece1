import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import { IconCheck } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useWorkflow } from '../api/queries.ts';
import { startNode } from '../graph-editing/samples.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { ButtonLink } from '../ui/button-link.tsx';
import { messageOf } from '../ui/message-of.ts';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import styles from './share-dialog.module.css';
import { useSaveTemplate } from './share-queries.ts';

/** Name, description, and samples of a new template. */
export function TemplateForm({ workflowId, onLeave }: { workflowId: string; onLeave: () => void }) {
  const name = useEditor((state) => state.name);
  const start = useEditor((state) => startNode(state.graph));
  const { data: workflow } = useWorkflow(workflowId);
  const { texts, keep, forget } = useLocalTexts(`template:${workflowId}`);
  const samples = [...new Set(samplesOf(start?.data.params).map((sample) => sample.name))];
  const [without, setWithout] = useState<readonly string[]>([]);
  const save = useSaveTemplate();
  const title = texts.name ?? name;
  const text = texts.text ?? workflow?.description ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = samples.filter((sample) => !without.includes(sample));
    save.mutate({ workflowId, name: title.trim(), description: text.trim(), samples: chosen }, { onSuccess: forget });
  };
  return (
    <form className={styles.form} onSubmit={submit} onChange={save.reset}>
      <TextInput label="Name" value={title} maxLength={200} onChange={(event) => keep({ name: event.currentTarget.value })} />
      <Textarea
        label="Description"
        value={text}
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={6}
        onChange={(event) => keep({ text: event.currentTarget.value })}
      />
      {samples.length > 0 && <SampleChoice samples={samples} without={without} onChange={setWithout} />}
      {save.isError && (
        <p className={styles.failed} role="alert">
          Couldn’t save template. {messageOf(save.error)}
        </p>
      )}
      <div className={styles.submit}>
        {save.isSuccess ? (
          <>
            <span className={styles.done} role="status">
              <IconCheck size={16} stroke={1.8} aria-hidden />
              Added to templates
            </span>
            <ButtonLink to="/templates" onClick={onLeave}>
              See templates
            </ButtonLink>
          </>
        ) : (
          <Button type="submit" loading={save.isPending} disabled={title.trim() === ''}>
            Save as template
          </Button>
        )}
      </div>
    </form>
  );
}

interface SampleChoiceProps {
  readonly samples: readonly string[];
  /** Names of the samples to leave out. */
  readonly without: readonly string[];
  readonly onChange: (without: readonly string[]) => void;
}

function SampleChoice({ samples, without, onChange }: SampleChoiceProps) {
  return (
    <fieldset className={styles.samples}>
      <legend>
        Included samples{' '}
        <span className={styles.count}>
          {samples.filter((name) => !without.includes(name)).length} of {samples.length}
        </span>
      </legend>
      {samples.map((name) => (
        <Checkbox
          key={name}
          label={name}
          checked={!without.includes(name)}
          onChange={(event) => onChange(event.currentTarget.checked ? without.filter((other) => other !== name) : [...without, name])}
        />
      ))}
    </fieldset>
  );
}
