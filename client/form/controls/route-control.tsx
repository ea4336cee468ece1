import { Select } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { useRoutes } from '../../api/queries.ts';
import classes from '../form.module.css';
import type { ControlProps } from '../form-context.tsx';
import { asText } from './text-controls.tsx';

/** A model route by name. Marks one that doesn’t exist. */
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
        data={(missing ? [...names, { value: name, label: `${name} (not found)` }] : loaded).filter((choice) => choice.value !== '')}
        value={name || null}
        placeholder="Choose a route"
        readOnly={props.readOnly}
        allowDeselect={false}
        onChange={(value) => props.set(value ?? undefined)}
      />
      {missing && <p className={`${classes.problem} ${classes.below}`}>Model route “{name}” not found. Choose another, or add it under Models.</p>}
      {routes.isError && <p className={`${classes.problem} ${classes.below}`}>Couldn’t load routes: {routes.error.message}</p>}
    </>
  );
}
