import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { useMemo } from 'react';
import { ExpressionScopeProvider } from '../expressions/expression-scope.tsx';
import { setAt } from '../expressions/field-path.ts';
import { controlFor } from '../form/controls/controls.tsx';
import { FieldProblems } from '../form/field-problems.tsx';
import { Form } from '../form/form.tsx';
import { type FormContext, FormProvider } from '../form/form-context.tsx';
import { keepPorts } from '../form/keep-ports.ts';
import { problemsElsewhere } from '../form/problem-match.ts';
import { ownProblems } from '../graph-editing/own-problems.ts';
import { useEditor, useEditorApi, useNodeProblems } from '../open-workflow/editor-store.ts';
import { JsonView } from '../run-look/json-view.tsx';
import classes from './inspector.module.css';

/** The form of a node’s params, below the problems of the node as a whole. */
export function ConfigureTab({ node }: { node: GraphNode }) {
  const editor = useEditorApi();
  const readOnly = useEditor((state) => state.readOnly);
  const found = useNodeProblems(node.id);
  const definition = definitionOf(node.type);
  const problems = useMemo(() => ownProblems(found, node), [found, node]);
  const form: FormContext = {
    nodeId: node.id,
    params: node.data.params,
    problems,
    readOnly,
    controlFor,
    change(path, value) {
      const { graph, setParams } = editor.getState();
      const now = graph.nodes.find((candidate) => candidate.id === node.id);
      if (!now) return;
      const connected = new Set(graph.edges.filter((edge) => edge.source === node.id).map((edge) => edge.sourceHandle ?? ''));
      setParams(node.id, keepPorts(now.data.params, setAt(now.data.params, path, value), path, connected) as Record<string, unknown>);
    },
  };
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
