import { catalog } from '@switchyard/nodes/catalog.ts';
import { type CheckedGraph, readGraph } from '@switchyard/shared/graph/check/checked-graph.ts';
import { optionalMember, optionalText, schemaAt } from '@switchyard/shared/graph/check/optional-text.ts';
import { inputSchema, outputSchema } from '@switchyard/shared/graph/scope-schema.ts';
import { useCallback } from 'react';
import { useExpressionScope } from '../../expressions/expression-scope.tsx';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { topValues } from '../values/value-tree.ts';
import { type CellSource, cellSources } from './cell-sources.ts';

/** Reads what the node of the form can write into a table. On demand: a large workflow has many values. */
export function useCellSources(): () => readonly CellSource[] {
  const editor = useEditorApi();
  const { schema, data } = useExpressionScope();
  return useCallback(() => {
    const { graph } = editor.getState();
    const read = readGraph(graph, catalog);
    const start = read.starts[0]?.key;
    const titles = new Map(graph.nodes.map((node) => [node.data.key, node.data.title]));
    // The output of the Input node is the input.
    const top = topValues(schema(), { ...data }, (key) => titles.get(key)).filter(({ expression }) => expression !== `steps.${start}`);
    const optional = ([root = '', ...path]: readonly string[]): string | undefined => {
      const reference = { root, path, start: 0, end: 0, members: [] };
      if (root === 'input') {
        const member = optionalMember(path, inputSchema(read), read.meter);
        return member === undefined ? undefined : optionalText(reference, member, schemaAt(path, inputSchema(read), read.meter));
      }
      const step = root === 'steps' ? read.byKey.get(path[0] ?? '') : undefined;
      if (!step || !isBehindBranch(read, step.id)) return undefined;
      return optionalText(reference, 0, schemaAt(path.slice(1), outputSchema(step), read.meter));
    };
    return cellSources(top, { optional });
  }, [editor, schema, data]);
}

/** Whether a step is on a branch. Even if it is on the only one that leads to the node now, others are often connected later. */
function isBehindBranch({ topology, byId }: CheckedGraph, step: string): boolean {
  const seen = new Set([step]);
  for (const id of seen) {
    for (const { source } of topology.incoming.get(id) ?? []) {
      if ((byId.get(source)?.outputs.length ?? 1) > 1) return true;
      seen.add(source);
    }
  }
  return false;
}
