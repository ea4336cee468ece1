import { TagsInput, TextInput } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { JsonInput } from '../../../expressions/json-input.tsx';
import { type ItemDraft, problemOf } from './item-draft.ts';
import styles from './items.module.css';

interface FieldsProps {
  readonly draft: ItemDraft;
  readonly tags: readonly string[];
  readonly onChange: (draft: ItemDraft) => void;
}

/** The fields of an item. */
export function ItemFields({ draft, tags, onChange }: FieldsProps) {
  const problem = problemOf(draft);
  return (
    <>
      <JsonField label="Input" hint="JSON or plain text." value={draft.input} minHeight={96} onChange={(input) => onChange({ ...draft, input })} />
      <JsonField
        label="Expected"
        hint="The output you expect, or what it must contain. Leave empty if no grader needs it."
        value={draft.expected}
        minHeight={72}
        onChange={(expected) => onChange({ ...draft, expected })}
      />
      <TagsInput
        label="Tags"
        placeholder={draft.tags.length === 0 ? 'risky, late, …' : ''}
        data={[...tags]}
        value={[...draft.tags]}
        maxTags={20}
        onChange={(chosen) => onChange({ ...draft, tags: chosen })}
      />
      <TextInput
        label="Decision"
        description="ID of the decision that a human review takes, for example approve."
        value={draft.decision}
        maxLength={100}
        onChange={(event) => onChange({ ...draft, decision: event.currentTarget.value })}
      />
      <JsonField
        label="Recorded outputs"
        hint={problem ?? 'By node key. They replace effects, which experiments don’t perform.'}
        value={draft.recorded}
        minHeight={48}
        onChange={(recorded) => onChange({ ...draft, recorded })}
      />
    </>
  );
}

interface JsonFieldProps {
  readonly label: string;
  readonly hint: ReactNode;
  readonly value: unknown;
  readonly minHeight: number;
  readonly onChange: (value: unknown) => void;
}

function JsonField({ label, hint, value, minHeight, onChange }: JsonFieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <span id={id} className={styles.label}>
        {label}
      </span>
      <JsonInput labelId={id} value={value} readOnly={false} minHeight={minHeight} onChange={onChange} />
      <p className={styles.hint}>{hint}</p>
    </div>
  );
}
