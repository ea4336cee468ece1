import { ActionIcon, Button, Menu, Skeleton } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { IconCircleCheck, IconCircleX, IconDots, IconKey, IconTrash } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { formatDuration } from '../ui/format.ts';
import { TimeAgo } from '../ui/time-ago.tsx';
import { useDeleteConnection, useTestConnection } from './connection-actions.ts';
import { KINDS } from './kinds.tsx';
import styles from './list.module.css';

const EditConnection = lazy(() => import('./edit-connection.tsx').then((module) => ({ default: module.EditConnection })));

/** All connections: what they lead to, whether they work, what can be done with them. */
export function ConnectionList({ connections, onAdd }: { connections: readonly Connection[] | undefined; onAdd: () => void }) {
  const [editing, setEditing] = useState<Connection>();
  if (!connections) {
    return (
      <div className={styles.list} role="status" aria-label="Loading connections">
        <div className={styles.row}>
          <Skeleton height={14} width="40%" />
        </div>
      </div>
    );
  }
  return (
    <div className={styles.list}>
      {connections.map((connection) => (
        <Row key={connection.id} connection={connection} onEdit={() => setEditing(connection)} />
      ))}
      {connections.every(({ kind }) => kind === 'demo' || kind === 'http') && (
        <p className={styles.lead}>
          No model is connected yet, so the demo model answers by fixed rules.{' '}
          <button type="button" onClick={onAdd}>
            Connect a key or a model server
          </button>
        </p>
      )}
      {editing && (
        <Suspense fallback={null}>
          <EditConnection connection={editing} onClose={() => setEditing(undefined)} />
        </Suspense>
      )}
    </div>
  );
}

function Row({ connection, onEdit }: { connection: Connection; onEdit: () => void }) {
  const { Icon, label } = KINDS[connection.kind];
  const isDemo = connection.kind === 'demo';
  return (
    <div className={`${styles.row} ${styles.connection}`}>
      <span className={styles.kind}>
        <Icon size={17} stroke={1.6} aria-hidden />
      </span>
      <div>
        <h3 className={styles.name}>{connection.name}</h3>
        <p className={styles.about}>
          {connection.name === label ? (connection.baseUrl ?? 'Built in') : [label, connection.baseUrl].filter(Boolean).join(' · ')}
        </p>
      </div>
      <p className={styles.about}>{isDemo ? 'needs no key' : secretWords(connection)}</p>
      {isDemo ? <p className={styles.health}>answers by rules, no cost</p> : <Health connection={connection} />}
      <div className={styles.actions}>{!isDemo && <Actions connection={connection} onEdit={onEdit} />}</div>
    </div>
  );
}

const secretWords = ({ hasSecret, secretHint }: Connection): string => (hasSecret ? `key ends in …${secretHint ?? ''}` : 'no key');

function Health({ connection: { health, kind } }: { connection: Connection }) {
  if (kind === 'http') return <p className={styles.health}>used by HTTP request steps</p>;
  if (!health) return <p className={styles.health}>not tested yet</p>;
  return (
    <p className={styles.health} data-ok={health.ok}>
      {health.ok ? <IconCircleCheck size={16} stroke={1.7} aria-hidden /> : <IconCircleX size={16} stroke={1.7} aria-hidden />}
      <span title={health.models.slice(0, 40).join(', ')}>
        {health.ok ? `Works: ${health.models.length} models, ${formatDuration(health.latencyMs)}` : health.message}, <TimeAgo at={health.at} />
      </span>
    </p>
  );
}

function Actions({ connection, onEdit }: { connection: Connection; onEdit: () => void }) {
  const test = useTestConnection();
  const remove = useDeleteConnection();
  return (
    <>
      {connection.kind !== 'http' && (
        <Button loading={test.isPending} onClick={() => test.mutate(connection.id)} aria-label={`Test ${connection.name}`}>
          Test
        </Button>
      )}
      <Menu width={190}>
        <Menu.Target>
          <ActionIcon aria-label={`More for ${connection.name}`}>
            <IconDots size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconKey size={16} stroke={1.6} />} onClick={onEdit}>
            Change or new key
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => remove.mutate(connection)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
