import { randomUUID } from 'node:crypto';
import { settings } from '../store/collections.ts';
import { insertIfAbsent } from '../store/insert-if-absent.ts';
import type { Store } from '../store/port.ts';
import { INSTALLATION } from '../store/workspaces.ts';

export const ID_SETTING = 'installationId';

/** Identifies the installation in a Redis that others may use, too. The first process creates it. */
export async function readInstallationId(store: Store): Promise<string> {
  const installation = store.in(INSTALLATION);
  const record = { id: ID_SETTING, workspaceId: INSTALLATION, value: randomUUID() };
  if (await insertIfAbsent(installation, settings, record)) return record.value;
  return String((await installation.get(settings, ID_SETTING))?.value);
}
