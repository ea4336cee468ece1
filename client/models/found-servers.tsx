import { Button } from '@mantine/core';
import type { Connection, DiscoveredServer } from '@switchyard/shared/contracts/models.ts';
import { lazy, Suspense, useState } from 'react';
import { useDiscovered } from '../api/queries.ts';
import { useConnectServer } from './connection-actions.ts';
import { KINDS } from './kinds.tsx';
import styles from './list.module.css';

const UseInRoutes = lazy(() => import('./use-in-routes.tsx').then((module) => ({ default: module.UseInRoutes })));

/** Whether two URLs name the same server in different spellings. */
const sameServer = (one: string, other: string): boolean => spelled(one) === spelled(other);
const spelled = (url: string): string => url.replace(/\/+$/, '').replace('//localhost:', '//127.0.0.1:');

/** Model servers detected on this machine that are not connected yet, checked while the page is open. */
export function FoundServers({ connections }: { connections: readonly Connection[] }) {
  const { data: servers = [] } = useDiscovered();
  const [connected, setConnected] = useState<Connection>();
  // Kept here, since a row disappears as soon as its server is connected.
  const connect = useConnectServer();
  const taken = connections.map(({ name }) => name);
  const found = servers.filter(({ baseUrl }) => !connections.some((connection) => connection.baseUrl && sameServer(connection.baseUrl, baseUrl)));
  return (
    <>
      {found.map((server) => (
        <Row
          key={server.baseUrl}
          server={server}
          connecting={connect.isPending && connect.variables.baseUrl === server.baseUrl}
          onConnect={() =>
            connect.mutate(
              { ...server, name: freeName(server.name, taken) },
              { onSuccess: (connection) => connection.health?.ok && connection.health.models.length > 0 && setConnected(connection) },
            )
          }
        />
      ))}
      {connected && (
        <Suspense fallback={null}>
          <UseInRoutes connection={connected} onClose={() => setConnected(undefined)} />
        </Suspense>
      )}
    </>
  );
}

function Row({ server, connecting, onConnect }: { server: DiscoveredServer; connecting: boolean; onConnect: () => void }) {
  const { Icon } = KINDS[server.kind];
  return (
    <div className={`${styles.row} ${styles.connection} ${styles.found}`}>
      <span className={styles.kind}>
        <Icon size={17} stroke={1.6} aria-hidden />
      </span>
      <div>
        <h3 className={styles.name}>{server.name}</h3>
        <p className={styles.about}>{server.baseUrl}</p>
      </div>
      <p className={styles.about}>detected on this machine</p>
      <p className={`${styles.health} ${styles.models}`} title={server.models.join(', ')}>
        {server.models.length > 0 ? server.models.join(', ') : 'no models yet'}
      </p>
      <div className={styles.actions}>
        <Button variant="light" loading={connecting} aria-label={`Connect ${server.name}`} onClick={onConnect}>
          Connect
        </Button>
      </div>
    </div>
  );
}

function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const wanted = number === 1 ? name : `${name} ${number}`;
    if (!taken.includes(wanted)) return wanted;
  }
}
