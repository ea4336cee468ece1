import type { GateResult } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { experimentResults } from '../../../store/evaluation/experiment-collections.ts';
import type { GateCheckRecord } from '../../../store/evaluation/release-collections.ts';
import type { WorkspaceStore } from '../../../store/port.ts';
import { resultId } from '../../experiments/results.ts';

/* Titles and reasons quote the items of an experiment, so they are only there: with the data of a run, its texts go (S66a). */

/** What is stored of a gate’s result. */
export const withoutTexts = (result: GateResult): GateResult => ({ ...result, failing: result.failing.map((item) => ({ ...item, title: '', reason: '' })) });

/** The result of a check with the texts that its experiment still has. */
export async function withTexts(store: WorkspaceStore, { result, experimentId }: Pick<GateCheckRecord, 'result' | 'experimentId'>): Promise<GateResult | null> {
  if (!result || experimentId === null) return result;
  const failing = result.failing.map(async (item) => {
    const found = await store.get(experimentResults, resultId(experimentId, item.index));
    return { ...item, title: found?.title ?? `Item ${item.index + 1}`, reason: found?.reason ?? '' };
  });
  return { ...result, failing: await Promise.all(failing) };
}
