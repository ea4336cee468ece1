import type { Store, WorkspaceStore } from '../../store/port.ts';

export interface StoreMeasure {
  /** Monotonic, in ms. */
  readonly elapsed: () => number;
  /** Called at the end of each operation, also a failed one. `on` is its collection. */
  readonly took: (operation: string, on: string, ms: number) => void;
}

/** The same store, with the time that each operation takes. */
export function measuredStore(store: Store, { elapsed, took }: StoreMeasure): Store {
  const timed = <T>(operation: string, on: string, work: () => Promise<T>): Promise<T> => {
    const began = elapsed();
    const result = work();
    const end = (): void => took(operation, on, elapsed() - began);
    result.then(end, end);
    return result;
  };
  const measured = (workspace: WorkspaceStore): WorkspaceStore => ({
    insert: (collection, record) => timed('insert', collection.name, () => workspace.insert(collection, record)),
    insertRun: (collection, record, head) => timed('insert', collection.name, () => workspace.insertRun(collection, record, head)),
    get: (collection, id) => timed('get', collection.name, () => workspace.get(collection, id)),
    find: (collection, query) => timed('find', collection.name, () => workspace.find(collection, query)),
    count: (collection, query, atMost) => timed('count', collection.name, () => workspace.count(collection, query, atMost)),
    update: (collection, id, changes, expected) => timed('update', collection.name, () => workspace.update(collection, id, changes, expected)),
    clearMarks: (collection, field, marked) => timed('update', collection.name, () => workspace.clearMarks(collection, field, marked)),
    delete: (collection, id, expected) => timed('delete', collection.name, () => workspace.delete(collection, id, expected)),
    append: (row, followUp) => timed('append', 'journal', () => workspace.append(row, followUp)),
    readJournal: (runId, fromSeq, limit) => timed('read', 'journal', () => workspace.readJournal(runId, fromSeq, limit)),
    rewriteJournal: (row) => timed('rewrite', 'journal', () => workspace.rewriteJournal(row)),
    deleteJournal: (runId) => timed('delete', 'journal', () => workspace.deleteJournal(runId)),
    // Waits for readers on purpose.
    forgetRemoved: () => workspace.forgetRemoved(),
  });
  const workspaces = new Map<string, WorkspaceStore>();
  return {
    ...store,
    in: (workspaceId) => {
      const known = workspaces.get(workspaceId) ?? measured(store.in(workspaceId));
      workspaces.set(workspaceId, known);
      return known;
    },
  };
}
