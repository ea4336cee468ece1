import type { Connection } from 'mongoose';
import type { JournalSample, StorePart, StoreUsage } from '../port.ts';

/* How much of the disk each collection takes, as the database reports it, without reading documents. */

const JOURNAL_SAMPLES = 500;

interface Stats {
  readonly storageStats?: { readonly storageSize?: number; readonly totalIndexSize?: number; readonly freeStorageSize?: number };
}

export async function usageOf(connection: Connection, names: readonly string[], journal: string): Promise<StoreUsage> {
  const found = await Promise.all([...names, journal].map(async (name) => ({ name, ...(await statsOf(connection, name)) })));
  const sum = (of: 'storageSize' | 'totalIndexSize' | 'freeStorageSize'): number => found.reduce((total, stats) => total + (stats[of] ?? 0), 0);
  const parts: StorePart[] = found.map(({ name, storageSize = 0, freeStorageSize = 0 }) => ({
    name: name === journal ? 'journal' : name,
    bytes: storageSize - freeStorageSize,
  }));
  return {
    bytes: sum('storageSize') + sum('totalIndexSize'),
    freeBytes: sum('freeStorageSize'),
    diskFreeBytes: await diskFree(connection),
    parts,
    journal: await journalSample(connection, journal),
  };
}

async function statsOf(connection: Connection, name: string): Promise<NonNullable<Stats['storageStats']>> {
  const pipeline = [{ $collStats: { storageStats: {} } }];
  const all = await connection
    .collection(name)
    .aggregate<Stats>(pipeline)
    .toArray()
    // A collection that doesn’t exist yet.
    .catch(() => []);
  return all[0]?.storageStats ?? {};
}

async function journalSample(connection: Connection, journal: string): Promise<JournalSample[]> {
  const rows = await connection
    .collection(journal)
    .aggregate<{ runId: string; events: string }>([{ $sample: { size: JOURNAL_SAMPLES } }, { $project: { _id: 0, runId: 1, events: 1 } }])
    .toArray();
  return rows.map(({ runId, events }) => ({ runId, events, bytes: Buffer.byteLength(events) }));
}

async function diskFree({ db }: Connection): Promise<number | null> {
  const stats = await db?.command({ dbStats: 1 });
  return typeof stats?.fsTotalSize === 'number' && typeof stats.fsUsedSize === 'number' ? stats.fsTotalSize - stats.fsUsedSize : null;
}
