import { Button, TextInput } from '@mantine/core';
import type { PromptVariant } from '@switchyard/shared/model/prompt.ts';
import { IconTrash } from '@tabler/icons-react';
import { labelsText, readLabels } from '../../tries/labels-text.ts';
import { useTypedText, useTypedValue } from '../../ui/use-typed-text.ts';
import type { DraftContent } from '../draft/prompt-draft.ts';
import { withChangedVariant, withoutVariant } from '../draft/variants.ts';
import styles from './messages.module.css';

interface Props {
  readonly variant: PromptVariant;
  readonly index: number;
  readonly change: ((update: (content: DraftContent) => DraftContent) => void) | undefined;
  readonly onRemoved: () => void;
}

/** The name of a variant, and the run labels that select it. */
export function VariantFields({ variant, index, change, onRemoved }: Props) {
  const set = (changes: Partial<PromptVariant>) => change?.((content) => withChangedVariant(content, index, changes));
  const name = useTypedText(variant.name, (text) => set({ name: text }));
  const when = useTypedValue(variant.when, {
    show: labelsText,
    read: (text) => readLabels(text) ?? {},
    accepts: (text) => readLabels(text) !== undefined,
    commit: (labels) => set({ when: labels }),
  });
  const labels = readLabels(when.value);
  return (
    <div className={styles.variant}>
      <TextInput label="Name" maxLength={100} readOnly={!change} {...name} />
      <TextInput
        label="Used for runs with the labels"
        placeholder="language: de, channel: chat"
        readOnly={!change}
        error={labels === undefined ? 'Enter name: value, separated by commas' : Object.keys(labels).length === 0 ? 'Add at least one label' : undefined}
        {...when}
      />
      {change && (
        <Button
          variant="subtle"
          leftSection={<IconTrash size={15} stroke={1.6} />}
          onClick={() => {
            onRemoved();
            change((content) => withoutVariant(content, index));
          }}
        >
          Remove variant
        </Button>
      )}
    </div>
  );
}
