import { SegmentedControl } from '@mantine/core';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { useState } from 'react';
import { JsonInput } from '../../expressions/json-input.tsx';
import { fieldsOf } from './schema-fields.ts';
import { SchemaRows } from './schema-rows.tsx';

interface Props {
  readonly value: unknown;
  readonly set: (value: unknown) => void;
  readonly label: string;
  readonly labelId: string;
  readonly readOnly: boolean;
  /** The noun for one field, on the button that adds one. */
  readonly fieldName?: string;
}

/** A JSON Schema, edited field by field or as JSON. */
export function SchemaEditor({ value, set, label, labelId, readOnly, fieldName }: Props) {
  const fields = fieldsOf(value ?? {});
  const [view, setView] = useState<'fields' | 'json'>('fields');
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={`${label}: how to edit`}
        data={[
          { value: 'fields', label: 'Form', disabled: !fields },
          { value: 'json', label: 'JSON Schema' },
        ]}
        value={fields ? view : 'json'}
        onChange={(next) => setView(next as 'fields' | 'json')}
      />
      {fields && view === 'fields' ? (
        <SchemaRows value={value} fields={fields} set={(schema: JsonSchema) => set(schema)} readOnly={readOnly} fieldName={fieldName} />
      ) : (
        <JsonInput value={value} onChange={set} readOnly={readOnly} labelId={labelId} minHeight={140} />
      )}
    </>
  );
}
