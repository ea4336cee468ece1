import { Button, Textarea, TextInput } from '@mantine/core';
import { declaredVariables } from '@switchyard/shared/model/declared-variables.ts';
import { IconTrash } from '@tabler/icons-react';
import { readLabels } from '../../tries/labels-text.ts';
import type { DraftContent } from '../draft/prompt-draft.ts';
import { type Sample, sampleTitle } from './samples.ts';
import styles from './try.module.css';
import type { Samples } from './use-samples.ts';

interface Props {
  readonly content: DraftContent;
  readonly sample: Sample;
  readonly samples: Samples;
}

/** The values of a sample: one field per variable, and the run labels if the prompt has variants. */
export function SampleFields({ content, sample, samples }: Props) {
  const names = [...declaredVariables(content.variables).names];
  const change = (changes: Partial<Sample>) => samples.change(sample.id, changes);
  return (
    <section className={styles.fields} aria-label="Sample">
      <TextInput
        label="Sample name"
        placeholder={sampleTitle({ ...sample, title: '' })}
        maxLength={100}
        value={sample.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      {names.map((name) => (
        <Textarea
          key={name}
          label={name}
          classNames={{ label: styles.mono ?? '' }}
          autosize
          minRows={1}
          maxRows={6}
          value={sample.values[name] ?? ''}
          onChange={(event) => change({ values: { ...sample.values, [name]: event.currentTarget.value } })}
        />
      ))}
      {content.variants.length > 0 && (
        <TextInput
          label="Run labels"
          placeholder="language: de"
          value={sample.labels}
          error={readLabels(sample.labels) ? undefined : 'Write each label as name: value'}
          onChange={(event) => change({ labels: event.currentTarget.value })}
        />
      )}
      {samples.list.length > 1 && (
        <Button
          className={styles.remove ?? ''}
          variant="subtle"
          size="xs"
          leftSection={<IconTrash size={14} stroke={1.7} />}
          onClick={() => samples.remove(sample)}
        >
          Remove sample
        </Button>
      )}
    </section>
  );
}
