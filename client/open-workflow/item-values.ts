import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { type ItemState, type ItemStatus, itemsOf } from '@switchyard/shared/run/fold-frame.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { useMemo } from 'react';
import { useRunItems } from '../api/run-items.ts';
import type { ItemSource } from './shown-item.ts';

const NONE: readonly ItemState[] = [];

/** Items of for-each steps that have ended, each read once per journal. */
const known = new WeakMap<readonly JournalEvent[], Map<string, readonly ItemState[]>>();

function readItems(journal: readonly JournalEvent[], stepId: string): readonly ItemState[] {
  const read = known.get(journal) ?? new Map<string, readonly ItemState[]>();
  known.set(journal, read);
  const items = read.get(stepId) ?? itemsOf(journal, stepId)?.items ?? NONE;
  read.set(stepId, items);
  return items;
}

/** The status of each item of a for-each step that has ended. */
export function useEndedItems(source: ItemSource | undefined, step: StepState | undefined): (index: number) => ItemStatus {
  const isOpen = !step || !source || source.state.containers.has(step.id) || step.endedAt === undefined;
  const items = useMemo(() => (isOpen || !source.journal ? NONE : readItems(source.journal, step.id)), [isOpen, source?.journal, step?.id]);
  return (index) => items[index]?.status ?? 'not-started';
}

/** Names are read in pages. */
const PAGE = 50;

/** The names of the items around the shown one. Only they are loaded. */
export function useItemNames(
  source: (ItemSource & { readonly shown: number }) | undefined,
  step: StepState | undefined,
): (index: number) => string | undefined {
  const from = Math.floor((source?.shown ?? 0) / PAGE) * PAGE;
  const { data } = useRunItems(source?.runId ?? '', step?.items && source ? { step: step.id, from, limit: PAGE } : undefined);
  return (index) => data?.items.find((item) => item.index === index)?.name ?? undefined;
}
