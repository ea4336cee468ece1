import { useExpressionScope } from '../../expressions/expression-scope.tsx';
import { JsonInput } from '../../expressions/json-input.tsx';
import type { ControlProps } from '../form-context.tsx';

/** Any JSON, with templates in its texts where the field has them. */
export function JsonControl(props: ControlProps) {
  const { suggestions } = useExpressionScope();
  return (
    <JsonInput
      value={props.value}
      onChange={props.set}
      labelId={props.labelId}
      describedBy={props.describedBy}
      suggestions={suggestions}
      readOnly={props.readOnly}
    />
  );
}
