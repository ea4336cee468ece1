import type * as contracts from '@switchyard/shared/contracts/evaluation/datasets.ts';
import type { Added, ItemSource, NewItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { z } from 'zod';
import { datasetItems } from '../../store/evaluation/dataset-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { datasetOf } from './datasets.ts';
import { BY_HAND, contentHash, newItemRecord } from './item-record.ts';
import { demandRoom } from './items.ts';

type Body<C extends { body: z.ZodType }> = z.output<C['body']>;

/** Items that are written at once. */
const AT_ONCE = 50;
const MOST_PROBLEMS = 50;

export interface ItemToAdd {
  /** Where it comes from, for its problem. */
  readonly place: string;
  readonly item: NewItem;
  readonly source: ItemSource;
  /** What a dataset has only once. */
  readonly sourceKey: string;
}

/** Adds items that the dataset doesn’t have yet. One that can’t be an item is a problem and keeps nothing else out. */
export async function addMissing(context: ServiceContext, datasetId: string, items: readonly ItemToAdd[]): Promise<Added> {
  const counts: Added = { added: 0, known: 0, problems: [] };
  for (let from = 0; from < items.length; from += AT_ONCE) {
    await Promise.all(
      items.slice(from, from + AT_ONCE).map(async ({ place, item, source, sourceKey }, index) => {
        try {
          const record = newItemRecord(context, { datasetId, source, sourceKey }, item, from + index);
          counts[(await insertIfAbsent(context.store, datasetItems, record)) ? 'added' : 'known']++;
        } catch (thrown) {
          const { code, message } = toAppError(thrown);
          if (code !== 'too-large') throw thrown;
          if (counts.problems.length < MOST_PROBLEMS) counts.problems.push({ place, message });
        }
      }),
    );
    await ownTurn();
  }
  return counts;
}

/** Adds items of a file. */
export async function importItems(context: ServiceContext, datasetId: string, { items }: Body<typeof contracts.importDatasetItems>): Promise<Added> {
  await datasetOf(context, datasetId);
  await demandRoom(context.store, datasetId, items.length);
  const source: ItemSource = { ...BY_HAND, kind: 'csv' };
  return addMissing(
    context,
    datasetId,
    items.map(({ line, ...item }, index) => ({ place: String(line ?? index + 1), item, source, sourceKey: `csv:${contentHash(item)}` })),
  );
}

/** Adds the sample inputs of a workflow’s draft. */
export async function addFromSamples(
  context: ServiceContext,
  datasetId: string,
  { workflowId, tags }: Body<typeof contracts.addItemsFromSamples>,
): Promise<Added> {
  await datasetOf(context, datasetId);
  const { draft } = await getWorkflowRecord(context, workflowId);
  const start = draft.nodes.find(({ type }) => context.catalog(type)?.role === 'start');
  const samples = samplesOf(start?.data.params);
  await demandRoom(context.store, datasetId, samples.length);
  const items = samples.map(({ name, value, expect, decisions = {} }): ItemToAdd => {
    const [decision] = Object.values(decisions);
    return {
      place: name,
      item: { input: value, ...(expect !== undefined && { expected: expect }), ...decisionOf(decision), tags: [...tags, name.slice(0, 50)] },
      source: { ...BY_HAND, kind: 'sample', workflowId, name },
      sourceKey: `sample:${workflowId}:${contentHash({ input: value, expected: expect })}`,
    };
  });
  return addMissing(context, datasetId, items);
}

/** A sample’s decision names a decision, or has one with values. */
function decisionOf(given: unknown): Pick<NewItem, 'decision'> {
  if (typeof given === 'string') return { decision: { decision: given } };
  if (!isPlainObject(given) || typeof given.decision !== 'string') return {};
  const { decision, values, comment } = given;
  return { decision: { decision, ...(isPlainObject(values) && { values }), ...(typeof comment === 'string' && { comment }) } };
}
