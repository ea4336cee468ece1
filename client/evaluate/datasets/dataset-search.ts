import type { ItemSource, Split } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { ITEM_SOURCES, SPLITS } from '@switchyard/shared/evaluation/choices.ts';

/** The search params of a dataset’s page: filters, and the open item. */
export interface DatasetSearch {
  readonly split?: Split;
  readonly tag?: string;
  readonly source?: ItemSource['kind'];
  readonly item?: string;
}

const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined => values.find((known) => known === value);
const text = (value: unknown): string | undefined => (value === undefined || value === null || value === '' ? undefined : String(value));

/** Reads the URL and ignores unknown values. */
export function readDatasetSearch(raw: Record<string, unknown>): DatasetSearch {
  const read = { split: oneOf(SPLITS, raw.split), tag: text(raw.tag), source: oneOf(ITEM_SOURCES, raw.source), item: text(raw.item) };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}
