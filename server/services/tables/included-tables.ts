import { isAppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { IncludedTable } from '@switchyard/shared/sharing/included.ts';
import type { ServiceContext } from '../context.ts';
import { createTable, tableNamed } from './tables.ts';

/* The tables that the nodes of a workflow name, out to a file and in from one (S53a): their columns, never their rows. */

/** The tables that a graph names, by name. Those that don’t exist are left out. */
export async function includedTables({ store }: Pick<ServiceContext, 'store'>, { nodes }: Graph): Promise<IncludedTable[]> {
  const named = nodes.flatMap(({ data }) => (typeof data.params.table === 'string' && !data.params.table.includes('{{') ? [data.params.table] : []));
  const found = new Map<string, IncludedTable>();
  for (const name of new Set(named.filter((one) => one.trim() !== ''))) {
    const table = await existing(store, name);
    if (table) found.set(table.name, { name: table.name, columns: table.columns.map(({ name: column, type, isKey }) => ({ name: column, type, isKey })) });
  }
  return [...found.values()].sort((one, two) => (one.name < two.name ? -1 : 1));
}

/** Creates the tables that don’t exist here. Returns how those that do differ, one sentence each. */
export async function placeTables(context: ServiceContext, given: readonly IncludedTable[]): Promise<string[]> {
  const notes: string[] = [];
  for (const table of given) {
    const known = await existing(context.store, table.name);
    if (!known) await createTable(context, table);
    const here = new Map(known?.columns.map((column) => [column.name, column]));
    const missing = known ? table.columns.filter(({ name, type, isKey }) => here.get(name)?.type !== type || here.get(name)?.isKey !== isKey) : [];
    if (missing.length > 0)
      notes.push(`Table “${table.name}” exists here and differs in ${missing.map(({ name }) => `“${name}”`).join(', ')}. Compare its columns.`);
  }
  return notes;
}

async function existing(store: ServiceContext['store'], name: string) {
  try {
    const table = await tableNamed(store, name);
    return table.deletedAt === null ? table : undefined;
  } catch (thrown) {
    if (isAppError(thrown, 'not-found')) return undefined;
    throw thrown;
  }
}
