import { useExpressionScope } from '../expression/expression-scope.tsx';
import type { ControlProps } from './form-context.tsx';
import { JsonInput } from './json-input.tsx';

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
