import type { RunRecord } from '../../store/collections.ts';
import { type ExperimentResultRecord, experimentResults } from '../../store/evaluation/experiment-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { resultId } from './results.ts';
import { itemOfKey } from './trial-key.ts';

/* Removes texts of results that quote a run, when the data of that run is removed (S66a). Scores and verdicts stay. Its trials are copies of it. */

const PAGE = 50;

/** Of the item that the run was made for, and of items copied from it. Returns the runs that were made of the latter. */
export async function removeResultsOfRun(store: WorkspaceStore, { id, idempotencyKey }: Pick<RunRecord, 'id' | 'idempotencyKey'>): Promise<string[]> {
  const made: string[] = [];
  const item = itemOfKey(idempotencyKey);
  if (item) {
    const result = await store.get(experimentResults, resultId(item.experimentId, item.index));
    if (result) await removeTexts(store, result);
  }
  let cursor: string | null = null;
  do {
    const page: { items: ExperimentResultRecord[]; nextCursor: string | null } = await store.find(experimentResults, {
      where: { sourceRunId: id },
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    for (const result of page.items) {
      await removeTexts(store, result);
      made.push(...result.trials.flatMap(({ runId }) => runId ?? []));
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return made;
}

async function removeTexts(store: WorkspaceStore, { id, index, trials }: ExperimentResultRecord): Promise<void> {
  const emptied = trials.map(({ grades, ...trial }) => ({
    ...trial,
    grades: grades.map((grade) => ('error' in grade ? { ...grade, error: 'Removed' } : { ...grade, reason: '' })),
  }));
  await store.update(experimentResults, id, { title: `Item ${index + 1}`, reason: '', trials: emptied });
}
