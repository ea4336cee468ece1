import { isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { ConnectionRecord } from '../../store/collections.ts';
import { signInView } from '../connections/stored-tokens.ts';

/** The last four characters of a shorter secret would reveal too much of it. */
const LEAST_LENGTH_FOR_HINT = 12;

export const hintOf = (secret: string): string | null => (secret.length >= LEAST_LENGTH_FOR_HINT ? secret.slice(-4) : null);

/** A connection as the API shows it, without its secret. */
export function connectionView(record: ConnectionRecord): Connection {
  const {
    sealedSecret,
    workspaceId: _workspace,
    revision: _revision,
    tokens: _tokens,
    tokensRevision: _tokensRevision,
    refreshLease: _lease,
    ...shown
  } = record;
  const signIn = signInView(record);
  return { ...shown, hasSecret: sealedSecret !== null, ...(signIn && { signIn }) };
}

/** Serves models. The others are for HTTP requests and data servers. */
export const isModelConnection = ({ kind }: Pick<ConnectionRecord, 'kind'>): boolean => kind !== 'http' && !isDataKind(kind);
/** A real model, not the demo. Automatic routes prefer these. */
export const isRealModel = (record: Pick<ConnectionRecord, 'kind'>): boolean => isModelConnection(record) && record.kind !== 'demo';
