import { ActionIcon, Button, Checkbox, Select, TextInput } from '@mantine/core';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import classes from './form.module.css';
import { fieldsOf, freeName, SCHEMA_KINDS, type SchemaField, type SchemaKind, withDescription, withFields, withKind } from './schema-fields.ts';

interface Props {
  readonly value: unknown;
  readonly fields: readonly SchemaField[];
  readonly set: (value: JsonSchema) => void;
  readonly readOnly: boolean;
}

/** The fields of an object schema, one row each. */
export function SchemaRows({ value, fields, set, readOnly }: Props) {
  const change = (index: number, next: SchemaField) =>
    set(
      withFields(
        value,
        fields.map((field, other) => (other === index ? next : field)),
      ),
    );
  return (
    <div className={classes.list}>
      {fields.map((field, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field's name is being edited here, so its place is its identity
        <div key={index} className={classes.schemaField}>
          <div className={classes.schemaLine}>
            <TextInput
              className={classes.mono}
              aria-label={`Name of field ${index + 1}`}
              placeholder="name"
              readOnly={readOnly}
              value={field.name}
              onChange={(event) => {
                const name = event.currentTarget.value;
                if (!fields.some((other, at) => at !== index && other.name === name)) change(index, { ...field, name });
              }}
            />
            <Select
              aria-label={`Kind of ${field.name}`}
              data={kindsFor(field)}
              value={field.kind}
              readOnly={readOnly}
              comboboxProps={{ width: 180, position: 'bottom-end' }}
              onChange={(kind) => change(index, withKind(field, kind as SchemaKind))}
            />
            {!readOnly && (
              <ActionIcon
                size={24}
                aria-label={`Remove ${field.name}`}
                onClick={() =>
                  set(
                    withFields(
                      value,
                      fields.filter((_, other) => other !== index),
                    ),
                  )
                }
              >
                <IconTrash size={14} />
              </ActionIcon>
            )}
          </div>
          <div className={classes.schemaLine}>
            <input
              className={classes.sampleName}
              aria-label={`Description of ${field.name}`}
              placeholder="What it is"
              readOnly={readOnly}
              value={field.description}
              onChange={(event) => change(index, withDescription(field, event.currentTarget.value))}
            />
            <Checkbox
              label="Required"
              checked={field.required}
              disabled={readOnly}
              onChange={(event) => change(index, { ...field, required: event.currentTarget.checked })}
            />
          </div>
          {field.kind === 'object' && (
            <div className={classes.schemaInner}>
              <SchemaRows
                value={field.schema}
                fields={fieldsOf(field.schema) ?? []}
                set={(schema) => change(index, { ...field, schema })}
                readOnly={readOnly}
              />
            </div>
          )}
        </div>
      ))}
      {!readOnly && (
        <Button
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            set(withFields(value, [...fields, { name: freeName(fields), kind: 'text', required: false, description: '', schema: { type: 'string' } }]))
          }
        >
          Add field
        </Button>
      )}
    </div>
  );
}

const kindsFor = (field: SchemaField): { value: string; label: string }[] =>
  Object.entries(SCHEMA_KINDS)
    .filter(([kind]) => kind !== 'other' || field.kind === 'other')
    .map(([value, { label }]) => ({ value, label }));
