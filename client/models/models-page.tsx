import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useConnections, useRoutes } from '../api/queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { ConnectionList } from './connection-list.tsx';
import styles from './models-page.module.css';
import { RouteList } from './route-list.tsx';

const AddConnection = lazy(() => import('./add-connection.tsx').then((module) => ({ default: module.AddConnection })));
const NewRoute = lazy(() => import('./new-route.tsx').then((module) => ({ default: module.NewRoute })));

/** Connections, and the routes that nodes use. */
export function ModelsPage() {
  const [adding, setAdding] = useState(false);
  const [makingRoute, setMakingRoute] = useState(false);
  return (
    <>
      <TopBar
        title="Models"
        actions={
          <>
            <Button onClick={() => setMakingRoute(true)}>New route</Button>
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => setAdding(true)}>
              Add connection
            </Button>
          </>
        }
      />
      <div className={styles.page}>
        <RoutesSection />
        <ConnectionsSection onAdd={() => setAdding(true)} />
      </div>
      <Suspense fallback={null}>
        {adding && <AddConnection onClose={() => setAdding(false)} />}
        {makingRoute && <NewRoute onClose={() => setMakingRoute(false)} />}
      </Suspense>
    </>
  );
}

function RoutesSection() {
  const { data: routes, error, refetch } = useRoutes();
  const { data: connections } = useConnections();
  return (
    <section aria-labelledby="routes" className={styles.section}>
      <h2 id="routes" className={styles.heading}>
        Routes
      </h2>
      <p className={styles.text}>Nodes use a route instead of a model. A route tries its targets in order until one responds.</p>
      {error && !routes ? (
        <ErrorState title="Couldn’t load routes" error={error} retry={() => void refetch()} />
      ) : (
        <RouteList routes={routes} connections={connections ?? []} />
      )}
    </section>
  );
}

/** Model calls of runs change the health of a connection while it is displayed. */
const LOOK_AGAIN_MS = 15_000;

function ConnectionsSection({ onAdd }: { onAdd: () => void }) {
  const { data: connections, error, refetch } = useConnections(LOOK_AGAIN_MS);
  return (
    <section aria-labelledby="connections" className={styles.section}>
      <h2 id="connections" className={styles.heading}>
        Connections
      </h2>
      <p className={styles.text}>
        Providers and model servers. API keys are encrypted and never shown again. Those of other services are under{' '}
        <Link to="/settings/connections">Connections</Link>.
      </p>
      {error && !connections ? (
        <ErrorState title="Couldn’t load connections" error={error} retry={() => void refetch()} />
      ) : (
        <ConnectionList connections={connections} onAdd={onAdd} />
      )}
    </section>
  );
}
