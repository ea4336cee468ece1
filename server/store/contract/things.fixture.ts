import { randomUUID } from 'node:crypto';
import type { RunEvent } from '@switchyard/shared/run/events.ts';
import { z } from 'zod';
import type { Collection, JournalRow, Store } from '../port.ts';

/** A record with every kind of index, only for the contract tests. */
const thingSchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  /** Unique. */
  name: z.string(),
  /** Unique among records that have one. */
  slot: z.string().nullable(),
  kind: z.string(),
  rank: z.number(),
  done: z.boolean(),
  owner: z.string().nullable(),
  title: z.string(),
  body: z.unknown(),
  note: z.string().optional(),
  /** Unique across all workspaces, among records that have one. */
  ticket: z.string().optional(),
});
export type Thing = z.infer<typeof thingSchema>;

export const things: Collection<Thing> = {
  name: 'things',
  holdsJournal: true,
  schema: thingSchema,
  indexes: [
    { name: 'name', fields: ['name'], unique: true },
    { name: 'slot', fields: ['slot'], unique: true, whereSet: 'slot' },
    { name: 'ticket', fields: ['ticket'], unique: true, everywhere: true, whereSet: 'ticket' },
    { name: 'by_kind', fields: ['kind', 'rank'] },
    { name: 'by_done', fields: ['done', 'rank'] },
    { name: 'by_owner', fields: ['owner'] },
    { name: 'by_rank', fields: ['rank'] },
  ],
  searchField: 'title',
};

/** A record of a collection with a search index. */
export const entrySchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  at: z.string(),
  group: z.string(),
  kind: z.string(),
  labels: z.record(z.string(), z.string()),
  body: z.object({ value: z.unknown() }),
});
export type Entry = z.infer<typeof entrySchema>;

export const entries: Collection<Entry> = {
  name: 'entries',
  schema: entrySchema,
  indexes: [
    { name: 'at', fields: ['at'] },
    { name: 'by_group', fields: ['group', 'at'] },
  ],
  searchIndex: { words: ['id', 'labels'], excerpt: { path: ['body', 'value'], length: 40 }, facets: ['kind', 'labels'], order: 'at' },
};

/** A record with cells. */
const sheetSchema = z.object({ id: z.string(), workspaceId: z.string(), place: z.string(), cells: z.record(z.string(), z.unknown()) });
export type Sheet = z.infer<typeof sheetSchema>;
export const sheets: Collection<Sheet> = { name: 'sheets', schema: sheetSchema, indexes: [{ name: 'place', fields: ['place'] }], hasCells: true };

/** The collections that the contract tests open a store with. */
export const contractCollections: readonly Collection[] = [things, entries, sheets].map((collection) => collection as unknown as Collection);

export const WORKSPACE = 'here';

/** A record that collides with no other, except by the given fields. */
export const thing = (given: Partial<Thing> = {}): Thing => {
  const id = given.id ?? randomUUID();
  return {
    id,
    workspaceId: WORKSPACE,
    name: `name of ${id}`,
    slot: null,
    kind: 'plain',
    rank: 0,
    done: false,
    owner: null,
    title: 'A thing',
    body: null,
    ...given,
  };
};

/** An append of `count` events, starting at `seq`. */
export const journalRow = (runId: string, seq: number, count = 1, epoch = 1): JournalRow => {
  const events = Array.from({ length: count }, (_, index) => ({
    type: 'run-paused',
    at: '2026-01-01T00:00:00.000Z',
    actor: { kind: 'system', id: 'timer' },
    reason: `event ${seq + index}`,
  }));
  return { runId, seq, epoch, v: 1, events: events as unknown as RunEvent[] };
};

/** Where a store keeps its data during a test. Reopening it finds what was written. */
export interface StoreHome extends AsyncDisposable {
  open(): Promise<Store>;
  /** How another process opens the same data: a function of a module, called with `{...options, collections}`. */
  readonly elsewhere: { readonly module: string; readonly opener: string; readonly options: Readonly<Record<string, unknown>> };
}

export type MakeHome = () => Promise<StoreHome>;

/** Opens a new store that is closed and removed at the end of the scope. */
export const openFresh = async (makeHome: MakeHome): Promise<{ store: Store } & AsyncDisposable> => {
  const home = await makeHome();
  const store = await home.open();
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await home[Symbol.asyncDispose]();
    },
  };
};
