import { ActionIcon, Button, Checkbox, Select, TextInput } from '@mantine/core';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTypedValue } from '../../ui/use-typed-text.ts';
import classes from '../form.module.css';
import { TypedInput } from '../typed-inputs.tsx';
import { useFreshRow } from '../use-fresh-row.ts';
import { fieldsOf, freeName, SCHEMA_KINDS, type SchemaField, type SchemaKind, withDescription, withFields, withKind } from './schema-fields.ts';

interface Props {
  readonly value: unknown;
  readonly fields: readonly SchemaField[];
  readonly set: (value: JsonSchema) => void;
  readonly readOnly: boolean;
  readonly fieldName?: string | undefined;
}

/** The fields of an object schema, one row each. */
export function SchemaRows({ value, fields, set, readOnly, fieldName = 'field' }: Props) {
  const put = (next: readonly SchemaField[]) => set(withFields(value, next));
  const list = useRef<HTMLDivElement>(null);
  const focusNew = useFreshRow(list);
  const add = () => {
    focusNew();
    put([...fields, { name: freeName(fields, fieldName), kind: 'text', required: false, description: '', schema: { type: 'string' } }]);
  };
  return (
    <div ref={list} className={classes.list}>
      {fields.map((field, index) => (
        <SchemaRow
          // biome-ignore lint/suspicious/noArrayIndexKey: names are being edited here, so the position is the identity
          key={index}
          field={field}
          number={index + 1}
          isTaken={(name) => fields.some((other, at) => at !== index && other.name === name)}
          change={(next) => put(fields.map((other, at) => (at === index ? next : other)))}
          remove={() => put(fields.filter((_, at) => at !== index))}
          readOnly={readOnly}
        />
      ))}
      {!readOnly && (
        <Button size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          Add {fieldName}
        </Button>
      )}
    </div>
  );
}

interface RowProps {
  readonly field: SchemaField;
  /** Counts from 1. */
  readonly number: number;
  /** Whether another field has this name. */
  readonly isTaken: (name: string) => boolean;
  readonly change: (next: SchemaField) => void;
  readonly remove: () => void;
  readonly readOnly: boolean;
}

function SchemaRow({ field, number, isTaken, change, remove, readOnly }: RowProps) {
  const name = useTypedValue(field.name, {
    show: (text) => text,
    read: (text) => text,
    accepts: (text) => !isTaken(text),
    commit: (text) => change({ ...field, name: text }),
  });
  return (
    <div className={classes.schemaField} data-row>
      <div className={classes.schemaLine}>
        <TextInput
          className={classes.mono}
          aria-label={`Name of field ${number}`}
          placeholder="name"
          readOnly={readOnly}
          error={isTaken(name.value) && `Another field is named “${name.value}”`}
          {...name}
        />
        <Select
          aria-label={`Type of ${field.name}`}
          data={kindsFor(field)}
          value={field.kind}
          readOnly={readOnly}
          comboboxProps={{ width: 180, position: 'bottom-end' }}
          onChange={(kind) => change(withKind(field, kind as SchemaKind))}
        />
        {!readOnly && (
          <ActionIcon size={24} aria-label={`Remove ${field.name}`} onClick={remove}>
            <IconTrash size={14} />
          </ActionIcon>
        )}
      </div>
      <div className={classes.schemaLine}>
        <TypedInput
          className={classes.schemaDescription}
          aria-label={`Description of ${field.name}`}
          placeholder="Description"
          readOnly={readOnly}
          value={field.description}
          onText={(text) => change(withDescription(field, text))}
        />
        <Checkbox
          label="Required"
          checked={field.required}
          disabled={readOnly}
          onChange={(event) => change({ ...field, required: event.currentTarget.checked })}
        />
      </div>
      {field.kind === 'object' && (
        <div className={classes.schemaInner}>
          <SchemaRows value={field.schema} fields={fieldsOf(field.schema) ?? []} set={(schema) => change({ ...field, schema })} readOnly={readOnly} />
        </div>
      )}
    </div>
  );
}

const kindsFor = (field: SchemaField): { value: string; label: string }[] =>
  Object.entries(SCHEMA_KINDS)
    .filter(([kind]) => kind !== 'other' || field.kind === 'other')
    .map(([value, { label }]) => ({ value, label }));
