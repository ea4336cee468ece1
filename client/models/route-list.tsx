import { Badge, Button, Skeleton } from '@mantine/core';
import type { Connection, Route, RouteTarget } from '@switchyard/shared/contracts/models.ts';
import { Fragment, lazy, Suspense, useState } from 'react';
import { formatDuration } from '../ui/format.ts';
import { KINDS } from './kinds.tsx';
import styles from './list.module.css';

const RouteEditor = lazy(() => import('./route-editor.tsx').then((module) => ({ default: module.RouteEditor })));

/** The routes, each drawn as the chain that it tries. */
export function RouteList({ routes, connections }: { routes: readonly Route[] | undefined; connections: readonly Connection[] }) {
  const [editing, setEditing] = useState<Route>();
  return (
    <div className={styles.list}>
      {routes ? (
        routes.map((route) => <RouteRow key={route.name} route={route} connections={connections} onEdit={() => setEditing(route)} />)
      ) : (
        <div className={styles.row} role="status" aria-label="Loading routes">
          <Skeleton height={14} width="40%" />
        </div>
      )}
      {editing && (
        <Suspense fallback={null}>
          <RouteEditor route={editing} onClose={() => setEditing(undefined)} />
        </Suspense>
      )}
    </div>
  );
}

function RouteRow({ route, connections, onEdit }: { route: Route; connections: readonly Connection[]; onEdit: () => void }) {
  return (
    <div className={`${styles.row} ${styles.route}`}>
      <div>
        <h3 className={styles.name}>
          <code>{route.name}</code>
          {route.automatic && (
            <Badge size="sm" variant="default" tt="none" fw={500} title="Nobody has changed it: it follows the first connection that is added">
              automatic
            </Badge>
          )}
        </h3>
        {route.description && <p className={styles.about}>{route.description}</p>}
      </div>
      <div className={styles.chain}>
        {route.targets.map((target, index) => (
          <Fragment key={`${target.connectionId}/${target.model}`}>
            {index > 0 && (
              <span className={styles.arrow}>
                <span>on error</span>
              </span>
            )}
            <Target target={target} connection={connections.find(({ id }) => id === target.connectionId)} />
          </Fragment>
        ))}
      </div>
      <div className={styles.actions}>
        <Button onClick={onEdit} aria-label={`Edit route ${route.name}`}>
          Edit
        </Button>
      </div>
    </div>
  );
}

function Target({ target, connection }: { target: RouteTarget; connection: Connection | undefined }) {
  if (!connection) {
    return (
      <span className={styles.target} data-missing>
        {target.model}: its connection is gone
      </span>
    );
  }
  const { Icon } = KINDS[connection.kind];
  const limits = [
    target.parameters?.temperature === undefined ? '' : `temperature ${target.parameters.temperature}`,
    target.timeoutMs === undefined ? '' : `at most ${formatDuration(target.timeoutMs)}`,
  ].filter(Boolean);
  return (
    <span className={styles.target}>
      <Icon size={17} stroke={1.6} aria-hidden />
      <span>
        <div className={styles.model}>{target.model}</div>
        <div className={styles.on}>{connection.kind === 'demo' ? 'demo, answers by rules, no cost' : [connection.name, ...limits].join(' · ')}</div>
      </span>
    </span>
  );
}
