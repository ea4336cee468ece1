import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { ConnectionRecord } from '../../store/collections.ts';

/** Shorter secrets would be told by their last four characters. */
const LEAST_LENGTH_FOR_HINT = 12;

export const hintOf = (secret: string): string | null => (secret.length >= LEAST_LENGTH_FOR_HINT ? secret.slice(-4) : null);

/** A connection as it may be shown: its secret stays behind. */
export function viewOf(record: ConnectionRecord): Connection {
  const { sealedSecret, workspaceId: _workspace, ...shown } = record;
  return { ...shown, hasSecret: sealedSecret !== null };
}

/** Answers chat requests; the others are for tools. */
export const isModelConnection = (record: Pick<ConnectionRecord, 'kind'>): boolean => record.kind !== 'http';
/** A model that somebody pays for or runs: what automatic routes prefer to the demo. */
export const isRealModel = (record: Pick<ConnectionRecord, 'kind'>): boolean => isModelConnection(record) && record.kind !== 'demo';
