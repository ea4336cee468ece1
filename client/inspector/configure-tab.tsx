import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { ExpressionScopeProvider } from '../expressions/expression-scope.tsx';
import { FieldProblems } from '../form/field-problems.tsx';
import { Form } from '../form/form.tsx';
import { FormProvider } from '../form/form-context.tsx';
import { problemsElsewhere } from '../form/problem-match.ts';
import { JsonView } from '../run-look/json-view.tsx';
import classes from './inspector.module.css';
import { useNodeForm } from './use-node-form.ts';

/** The form of a node’s params, below the problems of the node as a whole. */
export function ConfigureTab({ node }: { node: GraphNode }) {
  const form = useNodeForm(node);
  const { problems } = form;
  const definition = definitionOf(node.type);
  if (!definition) return <UnknownNode node={node} problems={problems} />;
  const shown = Object.keys(definition.params.shape).map((name) => [name]);
  const elsewhere = problemsElsewhere(problems, [...shown, ['policy']]);
  return (
    <FormProvider value={form}>
      <ExpressionScopeProvider nodeId={node.id}>
        {elsewhere.length > 0 && (
          <div className={classes.nodeProblems}>
            <FieldProblems problems={elsewhere} />
          </div>
        )}
        {node.data.disabled && <p className={classes.disabled}>Disabled. Input passes through unchanged.</p>}
        <Form schema={definition.params} top />
      </ExpressionScopeProvider>
    </FormProvider>
  );
}

/** A node of an unknown type, shown and kept unchanged. */
function UnknownNode({ node, problems }: { node: GraphNode; problems: readonly Problem[] }) {
  return (
    <div className={classes.stack}>
      <div className={classes.nodeProblems}>
        <FieldProblems problems={problems} />
      </div>
      <p className={classes.words}>
        Unknown node type <code>{node.type}</code>. It’s kept unchanged and can’t run. Replace it, or update Switchyard.
      </p>
      <JsonView value={node.data.params} />
    </div>
  );
}
