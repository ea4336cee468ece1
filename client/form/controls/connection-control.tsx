import { Select } from '@mantine/core';
import { namesLeftOut } from '@switchyard/shared/sharing/left-out.ts';
import { Link } from '@tanstack/react-router';
import { useConnections } from '../../api/queries.ts';
import classes from '../form.module.css';
import type { ControlProps } from '../form-context.tsx';
import { asText } from './text-controls.tsx';

/** A connection for outgoing requests, by name. */
export function ConnectionControl(props: ControlProps) {
  const connections = useConnections();
  const id = asText(props.value);
  const usable = (connections.data ?? []).filter((connection) => connection.kind === 'http');
  const choices = usable.map((connection) => ({
    value: connection.id,
    label: connection.baseUrl ? `${connection.name} · ${connection.baseUrl}` : connection.name,
  }));
  // Replaces a connection that was not included in an imported workflow.
  const [wanted] = namesLeftOut(id);
  const missing = id !== '' && connections.isSuccess && !usable.some((connection) => connection.id === id);
  const shown =
    missing || (id !== '' && !connections.isSuccess) ? [...choices, { value: id, label: wanted ?? (missing ? 'Deleted connection' : '…') }] : choices;
  return (
    <>
      <Select
        id={props.id}
        aria-describedby={props.describedBy}
        error={props.invalid || missing}
        data={shown}
        value={id || null}
        placeholder="None"
        clearable
        readOnly={props.readOnly}
        onChange={(value) => props.set(value ?? undefined)}
      />
      {missing && (
        <p className={`${classes.problem} ${classes.below}`}>
          {wanted
            ? `“${wanted}” isn’t included in shared workflows. Choose one of your connections.`
            : 'This connection was deleted. Choose another one, or none.'}
        </p>
      )}
      {connections.isSuccess && usable.length === 0 && (
        <p className={`${classes.help} ${classes.below}`}>
          No connections yet.{' '}
          <Link to="/settings/connections" className={classes.link}>
            Add a connection
          </Link>
        </p>
      )}
    </>
  );
}
