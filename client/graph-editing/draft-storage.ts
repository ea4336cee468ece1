import type { DraftStorage } from './local-draft.ts';

/*
 * Drafts in IndexedDB: written asynchronously, with room for large workflows. A full or forbidden database does no harm, since the draft is
 * also sent to the server. Drafts stored in localStorage by version 0.1 are still found.
 */

const DATABASE = 'switchyard';
const STORE = 'drafts';

type Old = Pick<Storage, 'getItem' | 'removeItem' | 'key' | 'length'>;

export function openDraftStorage(factory: IDBFactory, old: Old): DraftStorage {
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opened ??= openDatabase(factory);
    return opened;
  };
  const change = (work: (drafts: IDBObjectStore) => void): void => {
    open()
      .then((database) => work(database.transaction(STORE, 'readwrite').objectStore(STORE)))
      .catch(() => undefined);
  };
  return {
    async read(prefix) {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const kept = await withinPatience(
        open().then(
          async (database) => {
            const drafts = database.transaction(STORE).objectStore(STORE);
            const [keys, values] = await Promise.all([settled(drafts.getAllKeys(range)), settled(drafts.getAll(range))]);
            return keys.map((key, index) => [String(key), values[index] as unknown] as const);
          },
          () => [],
        ),
      );
      return [...kept, ...oldDrafts(old, prefix)];
    },
    write: (key, value) => change((drafts) => drafts.put(value, key)),
    remove(key) {
      old.removeItem(key);
      change((drafts) => drafts.delete(key));
    },
  };
}

function oldDrafts(old: Old, prefix: string): (readonly [string, unknown])[] {
  const keys = Array.from({ length: old.length }, (_, index) => old.key(index) ?? '').filter((key) => key.startsWith(prefix));
  return keys.flatMap((key) => {
    try {
      return [[key, JSON.parse(old.getItem(key) ?? 'null')] as const];
    } catch {
      return [];
    }
  });
}

/** A browser may leave a database request unanswered. The editor opens anyway. */
const PATIENCE_MS = 2_000;

const withinPatience = <T>(reading: Promise<T[]>): Promise<T[]> =>
  Promise.race([reading, new Promise<T[]>((resolve) => setTimeout(() => resolve([]), PATIENCE_MS))]);

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
