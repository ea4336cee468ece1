import type { Log } from '../log.ts';
import { openOrNothing, type Secrets } from '../secrets/secrets.ts';
import { alertSettings } from '../store/alert-collections.ts';
import { connections, webhooks, workflows } from '../store/collections.ts';
import { alertRules } from '../store/insight/alert-rule-collections.ts';
import type { Collection, Store, StoredRecord, WorkspaceStore } from '../store/port.ts';
import type { Workspaces } from '../store/workspaces.ts';
import { ruleSealName } from './alert-rules/send-opening.ts';
import { alertSealName } from './alerts/send-alert.ts';
import { tokenSealName } from './connections/stored-tokens.ts';
import { sealName } from './webhooks/hook-targets.ts';

const PAGE = 500;

/** How many secrets to name. */
const MOST_NAMED = 20;

interface Kept {
  readonly store: Pick<Store, 'in'>;
  readonly secrets: Pick<Secrets, 'open'>;
  readonly log: Pick<Log, 'warn'>;
}

/** Logs after the start which secrets the current key can't decrypt. */
export async function warnOfUnreadable({ store, secrets, log }: Kept, workspaces: Workspaces): Promise<void> {
  try {
    const lists = await Promise.all((await workspaces()).map((id) => unreadableSecrets(store.in(id), secrets)));
    const unreadable = lists.flat();
    if (unreadable.length === 0) return;
    const named = unreadable.slice(0, MOST_NAMED).join(', ') + (unreadable.length > MOST_NAMED ? ', and more' : '');
    log.warn(
      { unreadable },
      `These secrets can’t be decrypted with the current key: ${named}. Start with the former SWITCHYARD_SECRET_KEY or key file, or enter them again.`,
    );
  } catch (error) {
    log.warn({ err: error }, 'Checking secrets failed');
  }
}

/** Secrets that the current key can't decrypt. After losing a key, they must be entered again. */
async function unreadableSecrets(store: WorkspaceStore, secrets: Pick<Secrets, 'open'>): Promise<string[]> {
  const found: string[] = [];
  const note = async (what: string, workflowId: string): Promise<void> => {
    const workflow = await store.get(workflows, workflowId);
    if (workflow && workflow.deletedAt === null) found.push(`${what} of “${workflow.name}”`);
  };
  for await (const { id, name, sealedSecret, tokens } of all(store, connections)) {
    const isUnreadable = sealedSecret !== null && openOrNothing(secrets, sealedSecret, id) === undefined;
    if (isUnreadable || (tokens?.sealed && openOrNothing(secrets, tokens.sealed, tokenSealName(id)) === undefined)) found.push(`connection “${name}”`);
  }
  for await (const { id, secrets: kept = [] } of all(store, webhooks)) {
    if (kept.some(({ sealed }) => openOrNothing(secrets, sealed, sealName(id)) === undefined)) await note('webhook', id);
  }
  for await (const { id, sealedSecret, channel } of all(store, alertSettings)) {
    if (channel?.kind === 'webhook' && openOrNothing(secrets, sealedSecret, alertSealName(id)) === undefined) await note('alert', id);
  }
  for await (const { id, name, sealedSecret, channel } of all(store, alertRules)) {
    if (channel.kind === 'webhook' && openOrNothing(secrets, sealedSecret, ruleSealName(id)) === undefined) found.push(`alert rule “${name}”`);
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
