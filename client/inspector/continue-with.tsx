import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { useMemo } from 'react';
import { useEditor } from '../editor/editor-store.ts';
import { ExpressionScopeProvider } from './expression/expression-scope.tsx';
import formClasses from './form/form.module.css';
import { type FormContext, FormProvider } from './form/form-context.tsx';
import { JsonInput } from './form/json-input.tsx';

interface Props {
  readonly node: GraphNode;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** The value that stands in for a failed step's output. */
export function ContinueWith({ node, value, onChange }: Props) {
  const readOnly = useEditor((state) => state.readOnly);
  const form: FormContext = useMemo(
    () => ({ nodeId: node.id, params: {}, problems: [], readOnly, change: (_, next) => onChange(next) }),
    [node.id, readOnly, onChange],
  );
  return (
    <FormProvider value={form}>
      <ExpressionScopeProvider nodeId={node.id}>
        <div data-field="policy.continueWith">
          <span className={formClasses.label} id={`${node.id}-continue`}>
            Value to go on with
          </span>
          <JsonInput value={value} onChange={onChange} path={['policy', 'continueWith']} labelId={`${node.id}-continue`} />
        </div>
      </ExpressionScopeProvider>
    </FormProvider>
  );
}
