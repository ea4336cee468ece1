import { Button } from '@mantine/core';
import { inferSchema } from '@switchyard/nodes/io/infer-schema.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { useExpressionScope } from '../../expressions/expression-scope.tsx';
import { useGraphNode } from '../../open-workflow/editor-store.ts';
import classes from '../form.module.css';
import { type ControlProps, useForm } from '../form-context.tsx';
import { SchemaEditor } from './schema-editor.tsx';

/** A JSON Schema, which the last response of the same node can fill in. */
export function ResponseSchemaControl(props: ControlProps) {
  const body = useLastBody();
  return (
    <div className={classes.form}>
      <SchemaEditor value={props.value} set={props.set} label={props.field.hints.label} labelId={props.labelId} readOnly={props.readOnly} />
      {body !== undefined && !props.readOnly && (
        <Button size="xs" onClick={() => props.set(inferSchema([body]))}>
          Use the shape of the last response
        </Button>
      )}
    </div>
  );
}

/** The body that the node returned in the displayed run, or in the last one. */
function useLastBody(): unknown {
  const node = useGraphNode(useForm().nodeId);
  const { data } = useExpressionScope();
  const output = node && data.steps[node.data.key];
  return isPlainObject(output) ? output.body : undefined;
}
