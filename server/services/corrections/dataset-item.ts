import type { DatasetItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import { workflows } from '../../store/collections.ts';
import type { CorrectionRecord } from '../../store/evaluation/correction-collections.ts';
import type { ServiceContext } from '../context.ts';
import { createDataset, datasetNamed, datasetOf } from '../datasets/datasets.ts';
import { BY_HAND } from '../datasets/item-record.ts';
import { addItem } from '../datasets/items.ts';
import { inputOfRun, removeIfGone, sourceKeyOf } from '../datasets/items-from-runs.ts';
import { getRunRecord } from '../runs/get-run.ts';
import { getCorrectionRecord } from './corrections.ts';

/** The longest name of a dataset. */
const LONGEST_NAME = 100;
const NAMED = ' corrections';

/**
 * Makes a correction an item: the input of the run, the corrected answer as expected, and the decision without its values, so a review in an
 * experiment leaves the new draft as it is. All items of one run are on the same side of the split. Throws `payload-removed`, `already-exists`.
 */
export async function addCorrectionToDataset(
  context: ServiceContext,
  id: string,
  { datasetId, tags }: { readonly datasetId?: string | undefined; readonly tags: string[] },
): Promise<DatasetItem & { datasetName: string }> {
  const correction = await getCorrectionRecord(context, id);
  const run = await getRunRecord(context, correction.runId);
  const expected = correctedAnswer(correction);
  const input = await inputOfRun(context, run);
  const dataset = datasetId === undefined ? await ownDataset(context, run.workflowId) : await datasetOf(context, datasetId);
  const source = { ...BY_HAND, kind: 'correction' as const, runId: run.id, workflowId: run.workflowId, correctionId: id };
  const item = await addItem(
    context,
    dataset.id,
    { input, expected, decision: { decision: correction.decision }, tags },
    { source, sourceKey: `correction:${id}`, splitKey: sourceKeyOf(run) },
  );
  await removeIfGone(context, run.id);
  return { ...item, datasetName: dataset.name };
}

/** The value of the changed field. Of a correction of an earlier version, the values of all changed fields by name. */
export function correctedAnswer({ changes }: CorrectionRecord): unknown {
  if (changes.some(({ after }) => isRemoved(after))) throw new AppError('payload-removed', 'The texts of this correction were removed.');
  const [only, ...more] = changes;
  return more.length === 0 ? (only?.after ?? null) : Object.fromEntries(changes.map(({ field, after }) => [field, after ?? null]));
}

/** The dataset for corrections of a workflow. */
async function ownDataset(context: ServiceContext, workflowId: string): Promise<{ readonly id: string; readonly name: string }> {
  const workflow = await context.store.get(workflows, workflowId);
  const name = `${(workflow?.name ?? workflowId).slice(0, LONGEST_NAME - NAMED.length)}${NAMED}`;
  const known = await datasetNamed(context, name);
  if (known) return known;
  try {
    return await createDataset(context, { name, description: 'Corrections by reviewers, with the corrected answer as expected.' });
  } catch (thrown) {
    const other = isAppError(thrown, 'already-exists') ? await datasetNamed(context, name) : undefined;
    if (!other) throw thrown;
    return other;
  }
}
