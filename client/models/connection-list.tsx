import { Skeleton } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { lazy, Suspense, useState } from 'react';
import { type ConnectionChange, ConnectionRow } from './connection-row.tsx';
import { FoundServers } from './found-servers.tsx';
import { hasModels } from './kinds.tsx';
import styles from './list.module.css';

const EditConnection = lazy(() => import('./edit-connection.tsx').then((module) => ({ default: module.EditConnection })));
const DeleteConnection = lazy(() => import('./delete-connection.tsx').then((module) => ({ default: module.DeleteConnection })));
const ReplaceKey = lazy(() => import('./replace-key.tsx').then((module) => ({ default: module.ReplaceKey })));

/** All connections, with their health and actions. */
export function ConnectionList({ connections, onAdd }: { connections: readonly Connection[] | undefined; onAdd: () => void }) {
  const [change, setChange] = useState<ConnectionChange>();
  if (!connections) {
    return (
      <div className={styles.list} role="status" aria-label="Loading connections">
        <div className={styles.row}>
          <Skeleton height={14} width="40%" />
        </div>
      </div>
    );
  }
  const close = () => setChange(undefined);
  return (
    <div className={styles.list}>
      <FoundServers connections={connections} />
      {inOrder(connections.filter(hasModels)).map((connection) => (
        <ConnectionRow key={connection.id} connection={connection} onChange={setChange} />
      ))}
      {connections.every((connection) => connection.kind === 'demo' || !hasModels(connection)) && (
        <p className={styles.lead}>
          No provider connected, so the demo model responds.{' '}
          <button type="button" onClick={onAdd}>
            Add a connection
          </button>
          , or start Ollama, LM Studio, llama.cpp, or vLLM on this machine to have it detected.
        </p>
      )}
      {change && (
        <Suspense fallback={null}>
          {change.what === 'edit' && <EditConnection connection={change.connection} onClose={close} />}
          {change.what === 'replace-key' && <ReplaceKey connection={change.connection} onClose={close} />}
          {change.what === 'delete' && <DeleteConnection connection={change.connection} usage={change.usage} onClose={close} />}
        </Suspense>
      )}
    </div>
  );
}

/** Others are on a page of their own. */
const PLACE: Readonly<Partial<Record<Connection['kind'], number>>> = { openai: 0, anthropic: 0, 'azure-openai': 0, 'openai-compatible': 0, demo: 1 };

/** Providers first, the oldest on top since automatic routes use it, then the demo model. */
const inOrder = (connections: readonly Connection[]): Connection[] =>
  [...connections].sort((one, two) => (PLACE[one.kind] ?? 2) - (PLACE[two.kind] ?? 2) || one.createdAt.localeCompare(two.createdAt));
