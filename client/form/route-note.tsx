import type { Connection, Route } from '@switchyard/shared/contracts/models.ts';
import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { Link } from '@tanstack/react-router';
import { useConnections, useRoutes } from '../api/queries.ts';
import classes from './form.module.css';
import { useFormValue } from './form-context.tsx';
import type { FieldModel } from './form-model.ts';

/** The first target that would be asked is the demo model. */
const isDemo = (route: Route, connections: readonly Connection[]): boolean =>
  connections.find((connection) => connection.id === route.targets[0]?.connectionId)?.kind === 'demo';

/** Said beneath a route that the demo model answers on; it has the whole width of the form. */
export function RouteNote({ field, path }: { field: FieldModel; path: FieldPath }) {
  const routes = useRoutes();
  const connections = useConnections();
  const [value] = useFormValue(path);
  const route = routes.data?.find((candidate) => candidate.name === (value ?? field.fallback));
  if (!route || !isDemo(route, connections.data ?? [])) return null;
  return (
    <p className={classes.demo}>
      <span className={classes.demoTag}>demo model</span>
      <span>
        No key is connected, so answers follow fixed rules.{' '}
        <Link to="/models" className={classes.link}>
          Connect a key
        </Link>
      </span>
    </p>
  );
}
