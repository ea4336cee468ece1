import { NumberInput, Select, Switch, Textarea } from '@mantine/core';
import { readJson } from '@switchyard/shared/read-json.ts';
import type { ReviewField } from '@switchyard/shared/run/events.ts';
import { useState } from 'react';
import { ChangedText, ChangedValue } from '../../text-changes/changed-text.tsx';
import { differs } from '../decision/corrections.ts';
import styles from './draft-field.module.css';

interface DraftFieldProps {
  readonly field: ReviewField;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly showChanges: boolean;
  readonly readOnly: boolean;
  /** JSON as typed, while it does not parse. */
  readonly unread: string | undefined;
  readonly onChange: (value: unknown) => void;
  readonly onUnread: (text: string) => void;
}

/** One field of the draft, in the control for its type. */
export function DraftField(props: DraftFieldProps) {
  const { field, value, error, showChanges, readOnly, onChange } = props;
  const shared = { label: field.label, error, readOnly, 'aria-required': field.required === true || undefined };
  const text = typeof value === 'string' ? value : value === null || value === undefined ? '' : String(value);
  if (showChanges && differs(field, value)) {
    return field.kind === 'text' || field.kind === 'long-text' ? (
      <ChangedText caption={`${field.label}, changes to the draft`} draft={String(field.value ?? '')} text={text} />
    ) : (
      <ChangedValue caption={`${field.label}, changes to the draft`} draft={field.value} value={value} unit={field.unit} />
    );
  }
  switch (field.kind) {
    case 'long-text':
      return (
        <Textarea
          {...shared}
          classNames={{ input: styles.long }}
          autosize
          minRows={4}
          maxRows={24}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'text':
      return (
        <Textarea
          {...shared}
          autosize
          minRows={1}
          maxRows={12}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value.replaceAll('\n', ' '))}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) event.preventDefault();
          }}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...shared}
          className={styles.narrow}
          value={text}
          rightSection={field.unit ? <span className={styles.unit}>{field.unit}</span> : undefined}
          rightSectionWidth={field.unit ? 52 : undefined}
          onChange={(next) => onChange(next === '' ? null : Number.isFinite(Number(next)) ? Number(next) : next)}
        />
      );
    case 'boolean':
      return (
        <Switch label={field.label} error={error} checked={value === true} disabled={readOnly} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case 'choice':
      return (
        <Select
          {...shared}
          clearable={field.required !== true}
          data={[...(field.choices ?? [])]}
          value={text || null}
          onChange={(next) => onChange(next ?? '')}
        />
      );
    case 'json':
      return <JsonField {...props} />;
  }
}

/** JSON as text. Invalid JSON stays as typed, shows its error, and is not reported. */
function JsonField({ field, value, error, readOnly, unread, onChange, onUnread }: DraftFieldProps) {
  const [text, setText] = useState(() => unread ?? JSON.stringify(value, null, 2) ?? '');
  const read = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() === '' ? null : readJson(next));
    } catch {
      onUnread(next);
    }
  };
  return (
    <Textarea
      label={field.label}
      classNames={{ input: styles.json }}
      autosize
      minRows={3}
      maxRows={20}
      readOnly={readOnly}
      spellCheck={false}
      value={text}
      error={unread !== undefined ? 'Not valid JSON yet. The last valid version would be sent.' : error}
      onChange={(event) => read(event.currentTarget.value)}
    />
  );
}
