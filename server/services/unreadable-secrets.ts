import { openOrNothing, type Secrets } from '../secrets/secrets.ts';
import { connections, webhooks, workflows } from '../store/collections.ts';
import type { Collection, StoredRecord, WorkspaceStore } from '../store/port.ts';
import { sealName } from './webhooks/hook-targets.ts';

const PAGE = 500;

/** What the present key cannot decrypt, in words: after a key was lost, these need their secrets again. */
export async function unreadableSecrets(store: WorkspaceStore, secrets: Pick<Secrets, 'open'>): Promise<string[]> {
  const found: string[] = [];
  for await (const { id, name, sealedSecret } of all(store, connections)) {
    if (sealedSecret !== null && openOrNothing(secrets, sealedSecret, id) === undefined) found.push(`connection “${name}”`);
  }
  for await (const { id, secrets: kept = [] } of all(store, webhooks)) {
    if (kept.every(({ sealed }) => openOrNothing(secrets, sealed, sealName(id)) !== undefined)) continue;
    const workflow = await store.get(workflows, id);
    if (workflow && workflow.deletedAt === null) found.push(`webhook of “${workflow.name}”`);
  }
  return found;
}

async function* all<T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const page: { items: T[]; nextCursor: string | null } = await store.find(collection, { limit: PAGE, ...(cursor !== null && { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
