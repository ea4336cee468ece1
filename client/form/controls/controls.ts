import type { Control } from '../form-context.tsx';
import type { FieldModel } from '../form-model.ts';
import { ChoiceControl, SegmentedControl } from './choice-controls.tsx';
import { ConnectionControl } from './connection-control.tsx';
import { CodeControl, ExpressionControl } from './expression-control.tsx';
import { ExpressionsControl } from './expressions-control.tsx';
import { GroupControl } from './group-control.tsx';
import { JsonControl } from './json-control.tsx';
import { LinesControl } from './lines-control.tsx';
import { ListControl } from './list-control.tsx';
import { PairsControl } from './pairs-control.tsx';
import { RouteControl } from './route-control.tsx';
import { RulesControl } from './rules-control.tsx';
import { SamplesControl } from './samples-control.tsx';
import { SchemaControl } from './schema-control.tsx';
import { LongTextControl, NumberControl, SwitchControl, TextControl } from './text-controls.tsx';

const CONTROLS: ReadonlyMap<string, Control> = new Map<string, Control>([
  ['text', TextControl],
  ['long-text', LongTextControl],
  ['number', NumberControl],
  ['switch', SwitchControl],
  ['segmented', SegmentedControl],
  ['select', ChoiceControl],
  ['route', RouteControl],
  ['connection', ConnectionControl],
  ['json', JsonControl],
  ['schema', SchemaControl],
  ['code', CodeControl],
  ['group', GroupControl],
  ['list', ListControl],
  ['lines', LinesControl],
  ['labels', ListControl],
  ['decisions', ListControl],
  ['review-fields', ListControl],
  ['pairs', PairsControl],
  ['expressions', ExpressionsControl],
  ['rules', RulesControl],
  ['samples', SamplesControl],
]);

/** The control that draws a field. Text with {{ }} goes to the expression field; a control that is not known here is shown as JSON. */
export function controlFor(field: FieldModel): Control {
  const isText = field.control === 'text' || field.control === 'long-text';
  if (field.hints.expression === 'template' && isText) return ExpressionControl;
  return CONTROLS.get(field.control) ?? JsonControl;
}
