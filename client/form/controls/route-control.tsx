import { Select } from '@mantine/core';
import type { Connection, Route } from '@switchyard/shared/contracts/models.ts';
import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { IconRoute } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useConnections, useRoutes } from '../../api/queries.ts';
import classes from '../form.module.css';
import { type ControlProps, useFormValue } from '../form-context.tsx';
import type { FieldModel } from '../form-model.ts';
import { asText } from './text-controls.tsx';

/** A model route by name; one that is not there is said so. */
export function RouteControl(props: ControlProps) {
  const routes = useRoutes();
  const name = asText(props.value ?? props.field.fallback);
  const known = routes.data ?? [];
  const names = known.map((route) => ({ value: route.name, label: route.name }));
  const missing = name !== '' && routes.isSuccess && !known.some((route) => route.name === name);
  const loaded = routes.isSuccess ? names : [{ value: name, label: name }];
  return (
    <>
      <Select
        id={props.id}
        aria-describedby={props.describedBy}
        error={props.invalid || missing}
        leftSection={<IconRoute size={16} aria-hidden />}
        data={(missing ? [...names, { value: name, label: `${name} (no such route)` }] : loaded).filter((choice) => choice.value !== '')}
        value={name || null}
        placeholder="Choose a route"
        readOnly={props.readOnly}
        allowDeselect={false}
        onChange={(value) => props.set(value ?? undefined)}
      />
      {missing && <p className={`${classes.problem} ${classes.below}`}>There is no model route ‘{name}’. Choose another, or add it under Models.</p>}
      {routes.isError && <p className={`${classes.problem} ${classes.below}`}>The routes could not be loaded: {routes.error.message}</p>}
    </>
  );
}

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
