import { Badge, Button, Skeleton } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { Route } from '@switchyard/shared/contracts/routes.ts';
import { lazy, Suspense, useState } from 'react';
import styles from './list.module.css';
import { RouteChain } from './route-chain.tsx';

const RouteEditor = lazy(() => import('./route-editor.tsx').then((module) => ({ default: module.RouteEditor })));

/** The routes, each drawn as its chain of targets. */
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
            <Badge size="sm" variant="default" tt="none" fw={500} title="Not customized. Uses the first connection you add.">
              automatic
            </Badge>
          )}
        </h3>
        {route.description && <p className={styles.about}>{route.description}</p>}
      </div>
      <RouteChain route={route} connections={connections} />
      <div className={styles.actions}>
        <Button onClick={onEdit} aria-label={`Edit route ${route.name}`}>
          Edit
        </Button>
      </div>
    </div>
  );
}
