import { isRowOperation } from '@switchyard/nodes/state/rows.ts';
import { closest, createComparisons } from '@switchyard/shared/expression/closest.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { type TableRecord, tables } from '../../store/state/table-collections.ts';

/** Tables and columns that nodes name and that don’t exist. They are looked up by each step, so they don’t block publishing. */
export async function missingTables(store: Pick<WorkspaceStore, 'find'>, graph: Graph): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const node of graph.nodes) {
    const { operation, table: name } = node.data.params;
    if (node.type !== 'state' || typeof operation !== 'string' || !isRowOperation(operation) || typeof name !== 'string' || name.trim() === '') continue;
    const [table] = (await store.find(tables, { where: { nameKey: name.trim().toLowerCase() }, limit: 1 })).items;
    if (table) problems.push(...missingColumns(node, table));
    else problems.push(problemOf(node, 'table', `uses table “${name}”, which doesn’t exist.`, 'Create it under Tables, or choose another one.'));
  }
  return problems;
}

function missingColumns(node: GraphNode, { name: table, columns }: TableRecord): Problem[] {
  const names = columns.map(({ name }) => name);
  const known = new Set([...names, 'createdAt', 'updatedAt'].map((name) => name.toLowerCase()));
  const comparisons = createComparisons();
  return columnsIn(node).flatMap(({ field, name }) => {
    if (name.trim() === '' || known.has(name.trim().toLowerCase())) return [];
    const near = closest(name, new Set(names), comparisons);
    const suggestion = near ? `Did you mean “${near}”?` : `Its columns are ${names.map((one) => `“${one}”`).join(', ') || 'not set up yet'}.`;
    return [problemOf(node, field, `uses column “${name}”, which table “${table}” doesn’t have.`, suggestion)];
  });
}

/** The columns that a node names, each with its field. */
function columnsIn({ data: { params } }: GraphNode): { field: string; name: string }[] {
  const listed = (list: string, key: string) =>
    (Array.isArray(params[list]) ? params[list] : []).flatMap((item: unknown, index) => {
      const name: unknown = isPlainObject(item) ? item[key] : undefined;
      return typeof name === 'string' ? [{ field: `${list}.${index}.${key}`, name }] : [];
    });
  const sort = typeof params.sortBy === 'string' ? [{ field: 'sortBy', name: params.sortBy }] : [];
  return [...listed('conditions', 'column'), ...listed('cells', 'name'), ...sort];
}

const problemOf = (node: GraphNode, field: string, what: string, suggestion: string): Problem => ({
  nodeId: node.id,
  field,
  severity: 'warning',
  code: 'unknown-table',
  message: `“${node.data.title}” ${what}`,
  suggestion,
});
