import { Select, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useConnections } from '../api/queries.ts';
import type { FieldsProps } from './trigger-values.ts';
import styles from './triggers-panel.module.css';

const FROM = [
  { value: 'new', label: 'New messages' },
  { value: 'beginning', label: 'All messages in the stream' },
];

/** Which stream is read, and as which consumer group. */
export function QueueFields({ values, onChange }: FieldsProps) {
  const { data: connections } = useConnections();
  const choices = (connections ?? []).filter(({ kind }) => kind === 'redis').map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <Select
        label="Redis connection"
        placeholder="Choose"
        data={choices}
        value={values.connectionId || null}
        onChange={(next) => onChange({ connectionId: next ?? '' })}
      />
      {connections && choices.length === 0 && (
        <p className={styles.note}>
          No Redis connection yet.{' '}
          <Link to="/settings/connections" search={{ add: 'redis' }}>
            Add one
          </Link>
        </p>
      )}
      <div className={styles.pair}>
        <TextInput
          label="Stream"
          placeholder="orders"
          maxLength={500}
          spellCheck={false}
          value={values.stream}
          onChange={(event) => onChange({ stream: event.currentTarget.value })}
        />
        <TextInput
          label="Consumer group"
          maxLength={200}
          spellCheck={false}
          value={values.group}
          onChange={(event) => onChange({ group: event.currentTarget.value })}
        />
      </div>
      <Select label="A new group reads" data={FROM} allowDeselect={false} value={values.from} onChange={(next) => onChange({ from: next ?? 'new' })} />
      <p className={styles.note}>The fields of a message are the input. Each message starts one run, and is acknowledged once its run is saved.</p>
    </>
  );
}
