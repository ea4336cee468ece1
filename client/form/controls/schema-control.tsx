import { UnstyledButton } from '@mantine/core';
import { widenSchema } from '@switchyard/nodes/io/widen-schema.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { useCapturedCall } from '../../open-workflow/captured-call.ts';
import { useEditor } from '../../open-workflow/editor-store.ts';
import classes from '../form.module.css';
import type { ControlProps } from '../form-context.tsx';
import { SchemaEditor } from './schema-editor.tsx';

/** A JSON Schema, as a form or as JSON. For the input, it can be inferred from the last test request. */
export function SchemaControl(props: ControlProps) {
  const workflowId = useEditor((state) => state.workflowId);
  const captured = useCapturedCall(workflowId);
  const isInput = props.path.length === 1 && props.path[0] === 'schema' && props.field.optional === false;
  return (
    <div className={classes.form}>
      <SchemaEditor value={props.value} set={props.set} label={props.field.hints.label} labelId={props.labelId} readOnly={props.readOnly} />
      {isInput && captured && !props.readOnly && (
        <UnstyledButton className={classes.fix} onClick={() => props.set(widenSchema(isPlainObject(props.value) ? props.value : {}, [captured.body]))}>
          Infer from last test request
        </UnstyledButton>
      )}
    </div>
  );
}
