import type { ControlProps } from './form-context.tsx';
import { JsonInput } from './json-input.tsx';

/** Any JSON, with templates in its texts where the field has them. */
export function JsonControl(props: ControlProps) {
  return <JsonInput value={props.value} onChange={props.set} path={props.path} labelId={props.labelId} describedBy={props.describedBy} />;
}
