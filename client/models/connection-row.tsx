import { ActionIcon, Button, Menu } from '@mantine/core';
import type { Connection, ConnectionUsage } from '@switchyard/shared/contracts/models.ts';
import { IconCircleCheck, IconCircleX, IconDots, IconKey, IconPencil, IconTrash } from '@tabler/icons-react';
import { TimeAgo } from '../ui/figures.tsx';
import { formatDuration } from '../ui/format.ts';
import { usageOf, useTestConnection } from './connection-actions.ts';
import { KINDS } from './kinds.tsx';
import styles from './list.module.css';

export type ConnectionChange =
  | { readonly what: 'edit' | 'replace-key'; readonly connection: Connection }
  | { readonly what: 'delete'; readonly connection: Connection; readonly usage: ConnectionUsage };

interface ConnectionRowProps {
  readonly connection: Connection;
  readonly onChange: (change: ConnectionChange) => void;
}

/** One connection: its server, its health, and its actions. */
export function ConnectionRow({ connection, onChange }: ConnectionRowProps) {
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
      <p className={styles.about}>{isDemo ? 'no API key needed' : secretText(connection)}</p>
      {isDemo ? <p className={styles.health}>rule-based, free</p> : <Health connection={connection} />}
      <div className={styles.actions}>{!isDemo && <Actions connection={connection} onChange={onChange} />}</div>
      {connection.health && !connection.health.ok && <p className={styles.trouble}>{connection.health.message}</p>}
    </div>
  );
}

function secretText({ hasSecret, secretHint }: Connection): string {
  if (!hasSecret) return 'no key';
  return secretHint ? `key ends in …${secretHint}` : 'has a key';
}

function Health({ connection }: { connection: Connection }) {
  const { health, kind } = connection;
  if (!health) return <p className={styles.health}>not tested yet</p>;
  const { ok, at, failingSince, seenIn, models, latencyMs, message } = health;
  const known = models.length === 1 ? '1 model' : `${models.length} models`;
  const went = seenIn === 'call' ? 'used by a step' : kind === 'azure-openai' ? message.charAt(0).toLowerCase() + message.slice(1) : known;
  return (
    <p className={styles.health} data-ok={ok}>
      {ok ? <IconCircleCheck size={16} stroke={1.7} aria-hidden /> : <IconCircleX size={16} stroke={1.7} aria-hidden />}
      {ok ? (
        <span title={models.slice(0, 40).join(', ')}>
          Works: {went}, {formatDuration(latencyMs)}, <TimeAgo at={at} />
        </span>
      ) : (
        <span>
          Failing since <TimeAgo at={failingSince ?? at} />
          {failingSince && failingSince !== at && (
            <>
              , last {seenIn === 'call' ? 'asked' : 'tested'} <TimeAgo at={at} />
            </>
          )}
        </span>
      )}
    </p>
  );
}

function Actions({ connection, onChange }: ConnectionRowProps) {
  const test = useTestConnection();
  const { name, hasSecret } = connection;
  const askToRemove = async () => onChange({ what: 'delete', connection, usage: await usageOf(connection) });
  return (
    <>
      <Button loading={test.isPending} onClick={() => test.mutate(connection.id)} aria-label={`Test ${name}`}>
        Test
      </Button>
      <Menu width={190}>
        <Menu.Target>
          <ActionIcon aria-label={`More actions for ${name}`}>
            <IconDots size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconKey size={16} stroke={1.6} />} onClick={() => onChange({ connection, what: 'replace-key' })}>
            {hasSecret ? 'Replace API key' : 'Add API key'}
          </Menu.Item>
          <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => onChange({ connection, what: 'edit' })}>
            Edit
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => void askToRemove()}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
