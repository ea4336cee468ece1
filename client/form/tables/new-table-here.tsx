import { Button, Checkbox, TextInput } from '@mantine/core';
import { writesCells } from '@switchyard/nodes/state/rows.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { type KeyboardEvent, useId, useState } from 'react';
import { useCreateTable } from '../../api/state/table-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { useForm } from '../form-context.tsx';
import styles from './new-table-here.module.css';
import { useCellSources } from './use-cell-sources.ts';

/** Creates a table beside the node that uses it: a column for each chosen value, and its cell in the node. */
export function NewTableHere({ onClose }: { onClose: () => void }) {
  const { params, change } = useForm();
  const create = useCreateTable();
  const workflow = useEditor((state) => state.name);
  const [name, setName] = useState(() => asTableName(workflow));
  const [sources] = useState(useCellSources());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(sources.filter(({ isSuggested }) => isSuggested).map((source) => source.name)));
  const title = useId();
  const columns = sources.filter((source) => chosen.has(source.name));
  const toggle = (column: string) => setChosen(new Set(chosen.has(column) ? [...chosen].filter((other) => other !== column) : [...chosen, column]));
  const submit = () => {
    if (name.trim() === '' || create.isPending) return;
    const body = { name, columns: columns.map((column) => ({ name: column.name, type: column.type, isKey: false })) };
    create.mutate(body, {
      onSuccess: (table) => {
        change(['table'], table.name);
        const cells = columns.map((column) => ({ name: column.name, value: column.value }));
        if (isPlainObject(params) && writesCells(params.operation)) change(['cells'], cells);
        onClose();
      },
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') submit();
    else onClose();
  };
  return (
    <fieldset className={styles.box} aria-labelledby={title}>
      <h3 id={title} className={styles.title}>
        New table
      </h3>
      <TextInput label="Table name" value={name} maxLength={60} autoFocus onChange={(event) => setName(event.currentTarget.value)} onKeyDown={onKeyDown} />
      {sources.length > 0 && (
        <fieldset className={styles.columns}>
          <legend className={styles.legend}>Columns</legend>
          {sources.map((source) => (
            <Checkbox
              key={source.name}
              size="xs"
              label={source.name}
              description={source.expression}
              checked={chosen.has(source.name)}
              onChange={() => toggle(source.name)}
            />
          ))}
        </fieldset>
      )}
      <SendError error={create.error} />
      <div className={styles.buttons}>
        <Button size="xs" variant="filled" loading={create.isPending} disabled={name.trim() === ''} onClick={submit}>
          Create table
        </Button>
        <Button size="xs" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </fieldset>
  );
}

/** The name of the workflow, without what the name of a table can’t contain. */
const asTableName = (text: string): string =>
  text
    .replaceAll(/[^\p{L}\p{N}_ -]+/gu, ' ')
    .replace(/^[ -]+/, '')
    .replaceAll(/ {2,}/g, ' ')
    .slice(0, 60)
    .trim();
