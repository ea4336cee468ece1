import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { addDatasetItem, DatasetItem, updateDatasetItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';

/** An item as it is typed. Undefined: empty. */
export interface ItemDraft {
  readonly input: unknown;
  readonly expected: unknown;
  /** What a reviewer decides. Empty: nothing. */
  readonly decision: string;
  readonly recorded: unknown;
  readonly tags: readonly string[];
}

export const NEW_DRAFT: ItemDraft = { input: undefined, expected: undefined, decision: '', recorded: undefined, tags: [] };

export const draftOf = ({ input, expected, decision, recorded, tags }: DatasetItem): ItemDraft => ({
  input,
  expected,
  decision: decision?.decision ?? '',
  recorded,
  tags,
});

/** What is wrong with a draft. */
export const problemOf = ({ recorded }: ItemDraft): string | undefined =>
  recorded === undefined || isPlainObject(recorded) ? undefined : 'Recorded outputs must be an object of outputs by node key.';

const recordedOf = (recorded: unknown): Record<string, unknown> | undefined => (isPlainObject(recorded) ? recorded : undefined);

export function newItemOf({ input, expected, decision, recorded, tags }: ItemDraft): BodyOf<typeof addDatasetItem> {
  const outputs = recordedOf(recorded);
  return {
    input: input ?? '',
    ...(expected !== undefined && { expected }),
    ...(decision.trim() !== '' && { decision: { decision: decision.trim() } }),
    ...(outputs && { recorded: outputs }),
    tags: [...tags],
  };
}

/** The changes of a draft against its item. Undefined if there are none. */
export function changesOf(item: DatasetItem, draft: ItemDraft): BodyOf<typeof updateDatasetItem> | undefined {
  const before = draftOf(item);
  const differs = (part: keyof ItemDraft): boolean => !sameJson(before[part], draft[part]);
  if (!(['input', 'expected', 'decision', 'recorded', 'tags'] as const).some(differs)) return undefined;
  const decision = draft.decision.trim();
  return {
    version: item.version,
    ...(differs('input') && { input: draft.input ?? '' }),
    ...(differs('expected') && (draft.expected === undefined ? { noExpected: true } : { expected: draft.expected })),
    ...(differs('decision') && { decision: decision === '' ? null : { ...item.decision, decision } }),
    ...(differs('recorded') && { recorded: recordedOf(draft.recorded) ?? null }),
    ...(differs('tags') && { tags: [...draft.tags] }),
  };
}
