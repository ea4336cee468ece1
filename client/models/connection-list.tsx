import { Skeleton } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { lazy, Suspense, useState } from 'react';
import { type ConnectionChange, ConnectionRow } from './connection-row.tsx';
import { FoundServers } from './found-servers.tsx';
import styles from './list.module.css';

const EditConnection = lazy(() => import('./edit-connection.tsx').then((module) => ({ default: module.EditConnection })));
const ReplaceKey = lazy(() => import('./replace-key.tsx').then((module) => ({ default: module.ReplaceKey })));

/** All connections: what they lead to, whether they work, what can be done with them. */
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
      {inOrder(connections).map((connection) => (
        <ConnectionRow key={connection.id} connection={connection} onChange={setChange} />
      ))}
      {connections.every(({ kind }) => kind === 'demo' || kind === 'http') && (
        <p className={styles.lead}>
          No model is connected yet, so the demo model answers by fixed rules.{' '}
          <button type="button" onClick={onAdd}>
            Add a connection
          </button>
          , or start Ollama, LM Studio, llama.cpp or vLLM on this machine: it is found here by itself.
        </p>
      )}
      {change && (
        <Suspense fallback={null}>
          {change.what === 'edit' ? (
            <EditConnection connection={change.connection} onClose={close} />
          ) : (
            <ReplaceKey connection={change.connection} onClose={close} />
          )}
        </Suspense>
      )}
    </div>
  );
}

const PLACE: Readonly<Record<Connection['kind'], number>> = { openai: 0, anthropic: 0, 'openai-compatible': 0, demo: 1, http: 2 };

/** Models first, the oldest on top, since routes follow it; then the demo, then secrets. */
const inOrder = (connections: readonly Connection[]): Connection[] =>
  [...connections].sort((one, two) => PLACE[one.kind] - PLACE[two.kind] || one.createdAt.localeCompare(two.createdAt));
