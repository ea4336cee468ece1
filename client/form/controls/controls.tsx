import { UnstyledButton } from '@mantine/core';
import { widenSchema } from '@switchyard/nodes/io/widen-schema.ts';
import { requiresFields } from '@switchyard/nodes/people/decision.ts';
import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { z } from 'zod';
import { useExpressionScope } from '../../expressions/expression-scope.tsx';
import { JsonInput } from '../../expressions/json-input.tsx';
import { schemaOfSamples } from '../../graph-editing/samples.ts';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { useTestRequest } from '../../open-workflow/test-request.ts';
import classes from '../form.module.css';
import { Form } from '../form.tsx';
import { type Control, type ControlProps, useForm } from '../form-context.tsx';
import type { FieldModel } from '../form-model.ts';
import { WithFunctions } from '../functions-button.tsx';
import { PromptControl } from '../prompt/prompt-control.tsx';
import { PromptVariablesControl } from '../prompt/prompt-variables-control.tsx';
import { ScriptControl } from '../script/script-control.tsx';
import { ChoiceControl, SegmentedControl } from './choice-controls.tsx';
import { ConnectionControl, DatabaseControl } from './connection-control.tsx';
import { CodeControl, ExpressionControl } from './expression-control.tsx';
import { ExpressionsControl } from './expressions-control.tsx';
import { LinesControl } from './lines-control.tsx';
import { ListControl } from './list-control.tsx';
import { PairsControl } from './pairs-control.tsx';
import { ResponseSchemaControl } from './response-schema-control.tsx';
import { RouteControl } from './route-control.tsx';
import { RulesControl } from './rules-control.tsx';
import { SamplesControl } from './samples-control.tsx';
import { SchemaEditor } from './schema-editor.tsx';
import { CellsControl, ColumnControl, ConditionsControl, TableControl } from './table-controls.tsx';
import { LongTextControl, NumberControl, SwitchControl, TextControl } from './text-controls.tsx';

import { WorkflowControl, WorkflowVersionControl } from './workflow-control.tsx';

const CONTROLS: ReadonlyMap<string, Control> = new Map<string, Control>([
  ['text', TextControl],
  ['long-text', LongTextControl],
  ['number', NumberControl],
  ['switch', SwitchControl],
  ['segmented', SegmentedControl],
  ['select', ChoiceControl],
  ['route', RouteControl],
  ['prompt', PromptControl],
  ['prompt-variables', PromptVariablesControl],
  ['connection', ConnectionControl],
  ['database', DatabaseControl],
  ['workflow', WorkflowControl],
  ['workflow-version', WorkflowVersionControl],
  ['json', JsonControl],
  ['schema', SchemaControl],
  ['response-schema', ResponseSchemaControl],
  ['code', CodeControl],
  ['script', ScriptControl],
  ['group', GroupControl],
  ['list', ListControl],
  ['lines', LinesControl],
  ['labels', ListControl],
  ['decisions', DecisionsControl],
  ['review-fields', ListControl],
  ['pairs', PairsControl],
  ['expressions', ExpressionsControl],
  ['rules', RulesControl],
  ['samples', SamplesControl],
  ['table', TableControl],
  ['column', ColumnControl],
  ['cells', CellsControl],
  ['conditions', ConditionsControl],
]);

/** The control for a field. Text with {{ }} uses the expression field; an unknown control falls back to JSON. */
export function controlFor(field: FieldModel): Control {
  const isText = field.control === 'text' || field.control === 'long-text';
  if (field.hints.expression === 'template' && isText) return ExpressionControl;
  return CONTROLS.get(field.control) ?? JsonControl;
}

/** Any JSON, with templates in its strings if the field allows them. */
function JsonControl(props: ControlProps) {
  const { suggestions } = useExpressionScope();
  const field = (
    <JsonInput
      value={props.value}
      onChange={props.set}
      labelId={props.labelId}
      describedBy={props.describedBy}
      suggestions={suggestions}
      readOnly={props.readOnly}
    />
  );
  return props.field.hints.expression === undefined ? field : <WithFunctions readOnly={props.readOnly}>{field}</WithFunctions>;
}

/** Fields that belong together: the form of an object within the form. */
function GroupControl({ field, path, labelId }: ControlProps) {
  if (!(field.schema instanceof z.ZodObject)) return null;
  return (
    <fieldset className={classes.group} aria-labelledby={labelId}>
      <Form schema={field.schema} path={path} />
    </fieldset>
  );
}

/** The decisions of a review. The switch of each row shows the default until a value is stored. */
function DecisionsControl(props: ControlProps) {
  return <ListControl {...props} fill={withRules} />;
}

const idOf = (item: unknown): string => (isPlainObject(item) && typeof item.id === 'string' ? item.id : '');

function withRules(items: readonly unknown[]): readonly unknown[] {
  const decisions = items.map((item) => ({ id: idOf(item), title: '' }));
  return items.map((item) => (isPlainObject(item) ? { requireFields: requiresFields({ decisions }, idOf(item)), ...item } : item));
}

/** A JSON Schema, as a form or as JSON. For the input, it can be inferred from the last test request, or from the samples. */
function SchemaControl(props: ControlProps) {
  const workflowId = useEditor((state) => state.workflowId);
  const captured = useTestRequest(workflowId);
  const { params } = useForm();
  const samples = isPlainObject(params) ? samplesOf(params) : [];
  const isInput = props.path.length === 1 && props.path[0] === 'schema' && props.field.optional === false;
  return (
    <div className={classes.form}>
      <SchemaEditor value={props.value} set={props.set} label={props.field.hints.label} labelId={props.labelId} readOnly={props.readOnly} />
      {isInput && captured && !props.readOnly && (
        <UnstyledButton className={classes.fix} onClick={() => props.set(widenSchema(isPlainObject(props.value) ? props.value : {}, [captured.body]))}>
          Infer from last test request
        </UnstyledButton>
      )}
      {isInput && samples.length > 0 && !props.readOnly && (
        <UnstyledButton className={classes.fix} onClick={() => props.set(schemaOfSamples(samples))}>
          Infer from samples
        </UnstyledButton>
      )}
    </div>
  );
}
