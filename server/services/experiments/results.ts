import { type ExperimentRecord, type ExperimentResultRecord, experimentResults, experiments } from '../../store/evaluation/experiment-collections.ts';
import type { Page, Query, WorkspaceStore } from '../../store/port.ts';
import { createTally, type Tally } from './tally.ts';

const PAGE = 500;
const DIGITS = 5;

/** Sorts as the indexes do. */
export const resultId = (experimentId: string, index: number): string => `${experimentId}:${String(index).padStart(DIGITS, '0')}`;

/** All results of an experiment, page by page, by item. */
export async function* resultsOf(
  store: Pick<WorkspaceStore, 'find'>,
  experimentId: string,
  where: NonNullable<Query['where']> = {},
): AsyncGenerator<ExperimentResultRecord> {
  let cursor: string | null = null;
  do {
    const page: Page<ExperimentResultRecord> = await store.find(experimentResults, {
      where: { experimentId, ...where },
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** Replaces the figures of an experiment by those of its stored results, unless a process drives it: that one does so at the end. */
export async function refreshSummary(store: WorkspaceStore, id: string): Promise<void> {
  for (;;) {
    const record = await store.get(experiments, id);
    if (!record || record.status === 'running') return;
    const summary = (await readTally(store, record)).summary();
    if (await store.update(experiments, id, { summary }, { equal: { status: record.status } })) return;
  }
}

/** The figures of the results so far. */
export async function readTally(store: Pick<WorkspaceStore, 'find'>, { id, graders }: Pick<ExperimentRecord, 'id' | 'graders'>): Promise<Tally> {
  const tally = createTally(graders.length);
  for await (const result of resultsOf(store, id)) tally.add(result);
  return tally;
}
