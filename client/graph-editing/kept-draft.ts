import { type Graph, graphSchema } from '@switchyard/shared/graph/graph.ts';
import { z } from 'zod';

/** A draft that the server has not acknowledged, and the revision it was made from. */
export interface KeptDraft {
  readonly graph: Graph;
  readonly revision: number;
}

const keptSchema = z.object({ graph: graphSchema, revision: z.number(), at: z.number() });
type Kept = z.infer<typeof keptSchema>;
const PREFIX = 'switchyard:draft:';

/** Where drafts are kept in this browser. */
export interface DraftShelf {
  /** Everything whose key begins so, with its key. */
  read(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]>;
  write(key: string, value: unknown): void;
  remove(key: string): void;
}

export interface DraftKeeperParts {
  readonly shelf: DraftShelf;
  readonly workflowId: string;
  readonly tabId: string;
  readonly now: () => number;
  /** Calls back after some ms; returns how to stop that. */
  after(ms: number, then: () => void): () => void;
}

/** A draft that the server takes sooner than this is never written here. */
const WRITE_MS = 300;

/** Keeps drafts of one workflow, one per tab, so that two tabs do not write over each other. A change is written at the next pause. */
export function draftKeeper({ shelf, workflowId, tabId, now, after }: DraftKeeperParts) {
  const own = `${PREFIX}${workflowId}:${tabId}`;
  let pending: { kept: Kept; stop: () => void } | undefined;
  const flush = (): void => {
    if (!pending) return;
    pending.stop();
    shelf.write(own, pending.kept);
    pending = undefined;
  };
  return {
    keep(graph: Graph, revision: number): void {
      const kept = { graph, revision, at: now() };
      if (pending) pending.kept = kept;
      else pending = { kept, stop: after(WRITE_MS, flush) };
    },
    /** Writes what waits to be written, for when the page may go away. */
    flush,
    forget(): void {
      pending?.stop();
      pending = undefined;
      shelf.remove(own);
    },
    /** This tab's draft or else the newest of a tab that is gone; the latter is moved to this tab. */
    async recover(): Promise<KeptDraft | undefined> {
      const read = await shelf.read(`${PREFIX}${workflowId}:`);
      const found = read.flatMap(([key, value]) => {
        const parsed = keptSchema.safeParse(value);
        return parsed.success ? [{ key, kept: parsed.data }] : [];
      });
      const chosen = found.find(({ key }) => key === own) ?? found.sort((a, b) => b.kept.at - a.kept.at)[0];
      if (!chosen) return undefined;
      if (chosen.key !== own) {
        shelf.remove(chosen.key);
        shelf.write(own, chosen.kept);
      }
      return { graph: chosen.kept.graph, revision: chosen.kept.revision };
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
