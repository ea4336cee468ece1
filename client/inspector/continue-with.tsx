import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { JsonInput } from '../expressions/json-input.tsx';
import formClasses from '../form/form.module.css';
import { useEditor } from '../open-workflow/editor-store.ts';

interface Props {
  readonly node: GraphNode;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** The value that stands in for a failed step's output. */
export function ContinueWith({ node, value, onChange }: Props) {
  const readOnly = useEditor((state) => state.readOnly);
  const labelId = `${node.id}-continue`;
  return (
    <div data-field="policy.continueWith">
      <span className={formClasses.label} id={labelId}>
        Value to go on with
      </span>
      <JsonInput value={value} onChange={onChange} labelId={labelId} readOnly={readOnly} />
    </div>
  );
}
