import type { Collection, StoredRecord } from '../store/port.ts';
import type { Caller } from './caller.ts';
import { contextFor, type Installation, type ServiceContext } from './context.ts';

/** Where a kind of token is stored, and who its holder is. */
interface Capability<T extends StoredRecord> {
  readonly collection: Collection<T>;
  readonly field: string;
  readonly token: string;
  readonly callerOf: (record: T) => Caller;
}

/** Resolves a capability token to its record, with a context in its workspace (S45). Undefined for an unknown token. */
export async function openCapability<T extends StoredRecord>(
  installation: Installation,
  { collection, field, token, callerOf }: Capability<T>,
): Promise<{ readonly context: ServiceContext; readonly record: T } | undefined> {
  const { stores } = installation;
  const workspaceId = await stores.workspaceOf(collection, field, token);
  const found = workspaceId === undefined ? undefined : await stores.in(workspaceId).find(collection, { where: { [field]: token }, limit: 1 });
  const record = found?.items[0];
  return record && { context: contextFor(installation, callerOf(record)), record };
}
