import { type Graph, graphSchema } from '@switchyard/shared/graph/graph.ts';
import { z } from 'zod';

/** A draft not yet acknowledged by the server, and the revision it is based on. */
export interface LocalDraft {
  readonly graph: Graph;
  readonly revision: number;
}

const storedSchema = z.object({ graph: graphSchema, revision: z.number(), at: z.number() });
type StoredDraft = z.infer<typeof storedSchema>;
const PREFIX = 'switchyard:draft:';

/** Storage for drafts in this browser. */
export interface DraftStorage {
  /** All entries whose key starts with `prefix`. */
  read(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]>;
  write(key: string, value: unknown): void;
  remove(key: string): void;
}

export interface DraftKeeperParts {
  readonly storage: DraftStorage;
  readonly workflowId: string;
  readonly tabId: string;
  readonly now: () => number;
  /** Calls `then` after `ms`. Returns a function that cancels it. */
  after(ms: number, then: () => void): () => void;
}

/** A draft that the server acknowledges sooner is never written here. */
const WRITE_MS = 300;

/** Stores drafts of one workflow, one per tab, so two tabs don’t overwrite each other. Writes at the next pause in editing. */
export function draftKeeper({ storage, workflowId, tabId, now, after }: DraftKeeperParts) {
  const own = `${PREFIX}${workflowId}:${tabId}`;
  let pending: { kept: StoredDraft; stop: () => void } | undefined;
  const flush = (): void => {
    if (!pending) return;
    pending.stop();
    storage.write(own, pending.kept);
    pending = undefined;
  };
  return {
    keep(graph: Graph, revision: number): void {
      const kept = { graph, revision, at: now() };
      if (pending) pending.kept = kept;
      else pending = { kept, stop: after(WRITE_MS, flush) };
    },
    /** Writes pending changes, for when the page may be closed. */
    flush,
    forget(): void {
      pending?.stop();
      pending = undefined;
      storage.remove(own);
    },
    /** This tab’s draft, or else the newest one of a closed tab, which is moved to this tab. */
    async recover(): Promise<LocalDraft | undefined> {
      const read = await storage.read(`${PREFIX}${workflowId}:`);
      const found = read.flatMap(([key, value]) => {
        const parsed = storedSchema.safeParse(value);
        return parsed.success ? [{ key, kept: parsed.data }] : [];
      });
      const chosen = found.find(({ key }) => key === own) ?? found.sort((a, b) => b.kept.at - a.kept.at)[0];
      if (!chosen) return undefined;
      if (chosen.key !== own) {
        storage.remove(chosen.key);
        storage.write(own, chosen.kept);
      }
      return { graph: chosen.kept.graph, revision: chosen.kept.revision };
    },
  };
}

/** An ID for this tab that survives a reload. */
export function tabId(store: Pick<Storage, 'getItem' | 'setItem'>, make: () => string): string {
  const known = store.getItem('switchyard:tab');
  if (known) return known;
  const made = make();
  store.setItem('switchyard:tab', made);
  return made;
}
