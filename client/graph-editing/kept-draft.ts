import { type Graph, graphSchema } from '@switchyard/shared/graph/graph.ts';
import { z } from 'zod';

/** A draft that the server has not acknowledged, and the revision it was made from. */
export interface KeptDraft {
  readonly graph: Graph;
  readonly revision: number;
}

const keptSchema = z.object({ graph: graphSchema, revision: z.number(), at: z.number() });
const PREFIX = 'switchyard:draft:';

/** The part of `localStorage` that is needed here. */
export type DraftShelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Keeps drafts of one workflow, one per tab, so that two tabs do not write over each other. */
export function draftKeeper(shelf: DraftShelf, workflowId: string, tabId: string, now: () => number = Date.now) {
  const own = `${PREFIX}${workflowId}:${tabId}`;
  const read = (key: string) => {
    try {
      const parsed = keptSchema.safeParse(JSON.parse(shelf.getItem(key) ?? 'null'));
      return parsed.success ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    /** A full or forbidden store is no reason to stop: the draft is on its way to the server anyway. */
    keep(graph: Graph, revision: number): void {
      try {
        shelf.setItem(own, JSON.stringify({ graph, revision, at: now() }));
      } catch {
        shelf.removeItem(own);
      }
    },
    forget: (): void => shelf.removeItem(own),
    /** This tab's draft or else the newest of a tab that is gone; the latter is moved to this tab. */
    recover(): KeptDraft | undefined {
      const keys = Array.from({ length: shelf.length }, (_, index) => shelf.key(index) ?? '').filter((key) => key.startsWith(`${PREFIX}${workflowId}:`));
      const key = keys.includes(own) ? own : keys.sort((a, b) => (read(b)?.at ?? 0) - (read(a)?.at ?? 0))[0];
      const kept = key === undefined ? undefined : read(key);
      if (key === undefined || !kept) return undefined;
      if (key !== own) {
        shelf.removeItem(key);
        this.keep(kept.graph, kept.revision);
      }
      return { graph: kept.graph, revision: kept.revision };
    },
  };
}

/** What names this tab; it outlives a reload. */
export function tabId(store: Pick<Storage, 'getItem' | 'setItem'>, make: () => string): string {
  const known = store.getItem('switchyard:tab');
  if (known) return known;
  const made = make();
  store.setItem('switchyard:tab', made);
  return made;
}
