import { removed } from '@switchyard/shared/run/removed.ts';
import { type DatasetItemRecord, datasetItems, type EarlierItemRecord, earlierItems } from '../../store/evaluation/dataset-collections.ts';
import { judgments } from '../../store/evaluation/rubric-collections.ts';
import type { Collection, Page, WorkspaceStore } from '../../store/port.ts';

/* Removes what items copied from a run, when the data of that run is removed (S66a). */

type Version = Pick<EarlierItemRecord, 'expected' | 'decision' | 'recorded' | 'input'>;

/** A version without its values. */
export const removedVersion = ({ input, expected, decision, recorded }: Version, at: string) => ({
  input: removed(input),
  ...(expected !== undefined && { expected: removed(expected) }),
  ...(decision && { decision: { decision: decision.decision } }),
  ...(recorded && { recorded: undefined }),
  kept: null,
  removedAt: at,
});

/** Removes the values of all versions of the items of a run, except those that a person keeps, unless the customer’s data is erased. */
export async function removeItemsOfRun(store: WorkspaceStore, runId: string, at: string, { alsoKept = false } = {}): Promise<void> {
  const keptItems = new Set<string>();
  for await (const item of ofRun(store, datasetItems, runId)) {
    if (item.kept && !alsoKept) keptItems.add(item.id);
    else if (item.removedAt === null) await removeCurrent(store, item, at);
  }
  for await (const judgment of ofRun(store, judgments, runId)) if (!keptItems.has(judgment.itemId)) await store.delete(judgments, judgment.id);
  for await (const version of ofRun(store, earlierItems, runId)) {
    if (keptItems.has(version.itemId) || version.removedAt !== null) continue;
    await store.update(earlierItems, version.id, removedVersion(version, at));
  }
}

async function removeCurrent(store: WorkspaceStore, item: DatasetItemRecord, at: string): Promise<void> {
  await store.update(datasetItems, item.id, { ...removedVersion(item, at), cells: { ...item.cells, text: '' } });
}

async function* ofRun<T extends { id: string; workspaceId: string }>(store: WorkspaceStore, collection: Collection<T>, runId: string): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const page: Page<T> = await store.find(collection, { where: { runId }, limit: 50, ...(cursor !== null && { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
