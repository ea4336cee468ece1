import { Badge, Skeleton } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { Route } from '@switchyard/shared/contracts/routes.ts';
import { ButtonLink } from '../ui/button-link.tsx';
import styles from './list.module.css';
import { RouteChain } from './route-chain.tsx';

/** The routes, each drawn as its chain of targets. */
export function RouteList({ routes, connections }: { routes: readonly Route[] | undefined; connections: readonly Connection[] }) {
  return (
    <div className={styles.list}>
      {routes ? (
        routes.map((route) => <RouteRow key={route.name} route={route} connections={connections} />)
      ) : (
        <div className={styles.row} role="status" aria-label="Loading routes">
          <Skeleton height={14} width="40%" />
        </div>
      )}
    </div>
  );
}

function RouteRow({ route, connections }: { route: Route; connections: readonly Connection[] }) {
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
        <ButtonLink to="/models/$name" params={{ name: route.name }} aria-label={`Open route ${route.name}`}>
          Open
        </ButtonLink>
      </div>
    </div>
  );
}
