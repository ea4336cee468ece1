import type { DatasetItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { RunLabels } from '@switchyard/shared/run/events.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import { type ExperimentItemsRecord, type ExperimentRecord, experimentItems } from '../../store/evaluation/experiment-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { readItemVersion } from '../datasets/frozen-items.ts';

/** Item versions in one record. */
export const ITEMS_IN_PART = 500;

/** A dataset item as an experiment needs it. */
export interface ExperimentItem {
  readonly itemId: string;
  readonly itemVersion: number;
  readonly input: unknown;
  readonly expected: unknown;
  readonly decision: DatasetItem['decision'];
  readonly recorded: DatasetItem['recorded'];
  readonly tags: readonly string[];
  readonly sourceRunId: string | null;
  /** That run, if its recorded responses can stand in. */
  readonly source: RunRecord | undefined;
  /** What belongs together: a customer, a source run, or the item itself. */
  readonly cluster: string;
  /** Its values were removed with those of its run (S66a). */
  readonly isRemoved: boolean;
}

/** Reads items by their place in the experiment. */
export function itemReader({ store }: { readonly store: WorkspaceStore }, { id }: ExperimentRecord): (index: number) => Promise<ExperimentItem> {
  const parts = new Map<number, Promise<ExperimentItemsRecord | undefined>>();
  const partAt = (number: number) => {
    const part = parts.get(number) ?? store.get(experimentItems, `${id}:${number}`);
    parts.set(number, part);
    return part;
  };
  return async (index) => {
    const version = (await partAt(Math.floor(index / ITEMS_IN_PART)))?.itemVersions[index % ITEMS_IN_PART];
    if (version === undefined) throw new AppError('not-found', 'The item list of this experiment is incomplete.');
    return itemOf(store, await readItemVersion(store, version));
  };
}

async function itemOf(
  store: WorkspaceStore,
  { id, version, input, expected, decision, recorded, tags, source, removedAt }: DatasetItem,
): Promise<ExperimentItem> {
  const run = source.runId === null ? undefined : await store.get(runs, source.runId);
  return {
    itemId: id,
    itemVersion: version,
    input,
    expected,
    decision,
    recorded,
    tags,
    sourceRunId: source.runId,
    source: run && isReplayable(run) ? run : undefined,
    cluster: clusterOf(id, source.runId, run?.labels),
    isRemoved: removedAt !== null,
  };
}

/** A run whose recorded responses can stand in. */
const isReplayable = ({ endedAt, payloadsRemovedAt, journalRemovedAt, triggerData }: RunRecord): boolean =>
  endedAt !== null && payloadsRemovedAt === undefined && journalRemovedAt === undefined && triggerData.sealed === undefined;

/** Labels that name a customer, the first one set. */
const CUSTOMER_LABELS = ['customer', 'tenant'];

function clusterOf(itemId: string, runId: string | null, labels: RunLabels | undefined): string {
  const label = CUSTOMER_LABELS.find((name) => labels?.[name]);
  if (label !== undefined) return `${label}:${labels?.[label]}`;
  return runId === null ? itemId : `run:${runId}`;
}

const MOST_TITLE = 120;

/** An item in a few words: its message, else its first text, else its JSON. */
export function titleOf(input: unknown): string {
  const text = typeof input === 'string' ? input : isPlainObject(input) ? firstText(input) : undefined;
  const line = (text ?? JSON.stringify(input) ?? '').replaceAll(/\s+/g, ' ').trim();
  return line.length > MOST_TITLE ? `${line.slice(0, MOST_TITLE - 1)}…` : line;
}

const firstText = (input: Readonly<Record<string, unknown>>): string | undefined =>
  [input.message, ...Object.values(input)].find((value): value is string => typeof value === 'string' && value.trim() !== '');
