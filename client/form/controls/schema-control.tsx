import { SegmentedControl, UnstyledButton } from '@mantine/core';
import { widenSchema } from '@switchyard/nodes/io/widen-schema.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { useState } from 'react';
import { JsonInput } from '../../expressions/json-input.tsx';
import { useCapturedCall } from '../../open-workflow/captured-call.ts';
import { useEditor } from '../../open-workflow/editor-store.ts';
import classes from '../form.module.css';
import type { ControlProps } from '../form-context.tsx';
import { fieldsOf } from './schema-fields.ts';
import { SchemaRows } from './schema-rows.tsx';

/** A JSON Schema: fields by hand, or as JSON; for the input, also taken from the last test call. */
export function SchemaControl(props: ControlProps) {
  const fields = fieldsOf(props.value ?? {});
  const [view, setView] = useState<'fields' | 'json'>('fields');
  const workflowId = useEditor((state) => state.workflowId);
  const captured = useCapturedCall(workflowId);
  const isInput = props.path.length === 1 && props.path[0] === 'schema' && props.field.optional === false;
  return (
    <div className={classes.form}>
      <SegmentedControl
        size="xs"
        aria-label={`${props.field.hints.label}: how to edit`}
        data={[
          { value: 'fields', label: 'Form', disabled: !fields },
          { value: 'json', label: 'JSON Schema' },
        ]}
        value={fields ? view : 'json'}
        onChange={(next) => setView(next as 'fields' | 'json')}
      />
      {fields && view === 'fields' ? (
        <SchemaRows value={props.value} fields={fields} set={props.set} readOnly={props.readOnly} />
      ) : (
        <JsonInput value={props.value} onChange={props.set} readOnly={props.readOnly} labelId={props.labelId} minHeight={140} />
      )}
      {isInput && captured && !props.readOnly && (
        <UnstyledButton className={classes.fix} onClick={() => props.set(widenSchema(isPlainObject(props.value) ? props.value : {}, [captured.body]))}>
          Infer from last test request
        </UnstyledButton>
      )}
    </div>
  );
}
