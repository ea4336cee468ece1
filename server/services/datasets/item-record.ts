import { createHash } from 'node:crypto';
import { canonicalJson } from '@switchyard/shared/canonical-json.ts';
import { type DatasetItem, type ItemSource, MOST_ITEM_BYTES, type NewItem, type Split } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { DEEPEST_JSON, nestsDeeperThan } from '@switchyard/shared/json.ts';
import type { DatasetItemRecord, EarlierItemRecord } from '../../store/evaluation/dataset-collections.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';

export const BY_HAND: ItemSource = { kind: 'hand', runId: null, workflowId: null, correctionId: null, name: null };

/** Characters of an item that are searched. */
const MOST_SEARCHED = 4_000;

export type ItemContent = Pick<NewItem, 'input' | 'expected' | 'decision' | 'recorded'>;

/** The content of an item, without fields that are not set. Throws `too-large`. */
export function checkedContent({ input, expected, decision, recorded }: ItemContent): ItemContent {
  const content = {
    input: input ?? null,
    ...(expected !== undefined && { expected }),
    ...(decision !== undefined && { decision }),
    ...(recorded !== undefined && { recorded }),
  };
  if (nestsDeeperThan(DEEPEST_JSON, content)) throw new AppError('too-large', `The item is nested more than ${DEEPEST_JSON} levels deep.`);
  const bytes = Buffer.byteLength(JSON.stringify(content));
  if (bytes <= MOST_ITEM_BYTES) return content;
  throw new AppError('too-large', `The item has ${Math.ceil(bytes / 1_000)} KB. An item has at most ${MOST_ITEM_BYTES / 1_000} KB.`);
}

/** Content as text, to tell whether two items are equal. */
export const contentHash = (content: ItemContent): string =>
  createHash('sha256')
    .update(canonicalJson([content.input, content.expected ?? null]))
    .digest('hex');

/** About half of all sources are for tuning, chosen by hash. Items of one source are never on both sides. */
export const splitOf = (source: string): Split => ((createHash('sha256').update(`dataset split ${source}`).digest()[0] ?? 0) < 128 ? 'tune' : 'gate');

interface ItemOrigin {
  readonly datasetId: string;
  readonly source: ItemSource;
  /** What the split is drawn from, and what is in a dataset only once. Null: neither a run nor a file. */
  readonly sourceKey: string | null;
  /** What the split is drawn from, if several sources belong together. */
  readonly splitKey?: string | undefined;
}

/** The record of a new item. Its place among those of the same time follows `number`. Throws `too-large`. */
export function newItemRecord(
  context: ServiceContext,
  { datasetId, source, sourceKey, splitKey }: ItemOrigin,
  { tags, ...given }: NewItem,
  number = 0,
): DatasetItemRecord {
  const content = checkedContent(given);
  const id = newId(`itm_${String(number).padStart(3, '0')}`, context.now());
  const at = timestamp(context);
  const ownTags = uniqueTags(tags);
  const split = splitOf(splitKey ?? sourceKey ?? id);
  return {
    id,
    workspaceId: context.workspaceId,
    datasetId,
    version: 1,
    ...content,
    tags: ownTags,
    split,
    source,
    kept: null,
    removedAt: null,
    createdAt: at,
    updatedAt: at,
    by: context.caller.name,
    runId: source.runId,
    place: datasetId,
    sourceKey: sourceKey === null ? null : `${datasetId}/${sourceKey}`,
    deletedAt: null,
    cells: cellsOf({ ...content, tags: ownTags, split, source }),
  };
}

export const uniqueTags = (tags: readonly string[]): string[] => [...new Set(tags.map((tag) => tag.trim()))];

/** What filters see of an item. */
export const cellsOf = ({
  input,
  expected,
  tags,
  split,
  source,
}: ItemContent & Pick<DatasetItem, 'tags' | 'split' | 'source'>): DatasetItemRecord['cells'] => ({
  tags: tags.length === 0 ? '' : `\n${tags.join('\n')}\n`,
  text: `${searched(input)} ${searched(expected)}`,
  split,
  source: source.kind,
});

const searched = (value: unknown): string =>
  value === undefined ? '' : (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MOST_SEARCHED / 2);

/** An item as the API shows it. */
export function itemView(record: DatasetItemRecord | EarlierItemRecord): DatasetItem {
  const { datasetId, version, input, expected, decision, recorded, tags, split, source, kept, removedAt, createdAt, updatedAt, by } = record;
  return {
    id: 'itemId' in record ? record.itemId : record.id,
    datasetId,
    version,
    input,
    ...(expected !== undefined && { expected }),
    ...(decision !== undefined && { decision }),
    ...(recorded !== undefined && { recorded }),
    tags,
    split,
    source,
    kept,
    removedAt,
    createdAt,
    updatedAt,
    by,
  };
}
