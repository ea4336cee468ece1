import { ExpressionInput } from '../expression-input.tsx';
import type { ControlProps } from '../form-context.tsx';
import { asText } from './text-controls.tsx';

/** User code. */
export function ScriptControl({ labelId, describedBy, path, value, set }: ControlProps) {
  return <ExpressionInput kind="script" labelId={labelId} describedBy={describedBy} path={path} value={asText(value)} onChange={set} minHeight={160} />;
}
