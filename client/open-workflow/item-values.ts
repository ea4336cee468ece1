import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { type ItemState, type ItemStatus, itemsOf } from '@switchyard/shared/run/fold-frame.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { useMemo } from 'react';
import { useRunItems } from '../api/run-items.ts';
import { type ItemSource, isReadOnDemand } from './shown-item.ts';

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

interface Around {
  readonly nameOf: (index: number) => string | undefined;
  /** Of a for-each step that has ended. */
  readonly statusOf: (index: number) => ItemStatus;
}

/** Items are read in pages that reach some items beyond the shown one. */
const PAGE = 50;
const STRIDE = 20;
const BEYOND = 5;

/** The names and statuses of the items around the shown one. Only they are loaded. */
export function useItemsAround(source: (ItemSource & { readonly shown: number }) | undefined, step: StepState | undefined): Around {
  const isOpen = !step || !source || source.state.containers.has(step.id) || step.endedAt === undefined;
  const from = Math.floor(Math.max(0, (source?.shown ?? 0) - BEYOND) / STRIDE) * STRIDE;
  const wanted = step?.items && source ? { step: step.id, from, limit: PAGE, isOpen } : undefined;
  const { data } = useRunItems(source?.runId ?? '', wanted);
  const isRead = source !== undefined && step !== undefined && isReadOnDemand(source.state, step);
  const folded = useMemo(() => (isOpen || isRead || !source.journal ? NONE : readItems(source.journal, step.id)), [isOpen, isRead, source?.journal, step?.id]);
  const found = (index: number) => data?.items.find((item) => item.index === index);
  return {
    nameOf: (index) => found(index)?.name ?? undefined,
    statusOf: (index) => folded[index]?.status ?? (isRead ? found(index)?.status : undefined) ?? 'not-started',
  };
}
