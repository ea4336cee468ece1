import { Button, NumberInput, Select } from '@mantine/core';
import { PRIORITIES } from '@switchyard/shared/run/queue-key.ts';
import { type FormEvent, useId } from 'react';
import { useQueueSettings, useSaveQueueSettings } from '../../api/queue-queries.ts';
import { messageOf } from '../../ui/message-of.ts';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import { Section } from '../parts/section.tsx';
import { contentOf, draftOf, isChanged } from './queue-draft.ts';
import styles from './queue-section.module.css';

const PRIORITY_LABELS = { high: 'High', normal: 'Normal', low: 'Low' } as const;
const PRIORITY_OPTIONS = PRIORITIES.map((value) => ({ value, label: PRIORITY_LABELS[value] }));
const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

/** How many runs of a workflow are driven at once, and what happens beyond that. Edits are kept in this browser until they are saved or discarded. */
export function QueueSection({ workflowId }: { workflowId: string }) {
  const { data: saved, error } = useQueueSettings(workflowId);
  const { texts, keep, forget } = useLocalTexts(`queue:${workflowId}`);
  const save = useSaveQueueSettings(workflowId);
  const problemId = useId();
  if (!saved)
    return (
      <Section title="Queue" note="how many runs at once">
        <p className={styles.words}>{error ? `Couldn’t load limits: ${messageOf(error)}` : 'Loading limits…'}</p>
      </Section>
    );
  const draft = draftOf(saved, texts);
  const edit = (changes: Record<string, string>) => {
    save.reset();
    keep({ revision: String(saved.revision), ...texts, ...changes });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ ...contentOf(draft), revision: Number(texts.revision ?? saved.revision) }, { onSuccess: forget });
  };
  const discard = () => {
    save.reset();
    forget();
  };
  const number = { allowNegative: false, allowDecimal: false, thousandSeparator: ',', placeholder: 'No limit', inputWrapperOrder: ORDER };
  return (
    <Section title="Queue" note="how many runs at once">
      <form onSubmit={submit} noValidate aria-describedby={save.error ? problemId : undefined}>
        <div className={styles.fields}>
          <NumberInput
            {...number}
            label="Runs at once"
            max={1_000}
            value={draft.concurrency}
            description="More runs wait their turn. A run that waits for a person or a time doesn’t count."
            onChange={(next) => edit({ concurrency: String(next) })}
          />
          <NumberInput
            {...number}
            label="Queued runs"
            max={100_000}
            value={draft.queueLimit}
            description="Beyond this many, new runs are rejected with 429 and Retry-After."
            onChange={(next) => edit({ queueLimit: String(next) })}
          />
          <Select
            label="Priority"
            data={PRIORITY_OPTIONS}
            allowDeselect={false}
            value={draft.priority}
            inputWrapperOrder={ORDER}
            description="Of 7 turns, high gets 4, normal 2, and low 1. Applies to runs queued from now on."
            onChange={(priority) => priority && edit({ priority })}
          />
        </div>
        {save.error && (
          <p className={styles.problem} role="alert" id={problemId}>
            {messageOf(save.error)}
          </p>
        )}
        {isChanged(saved, draft) && (
          <div className={styles.buttons}>
            <Button type="submit" variant="filled" loading={save.isPending}>
              Save limits
            </Button>
            <Button onClick={discard}>Discard</Button>
          </div>
        )}
      </form>
    </Section>
  );
}
