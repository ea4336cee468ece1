import { Select } from '@mantine/core';
import { isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import { namesLeftOut } from '@switchyard/shared/sharing/left-out.ts';
import { Link } from '@tanstack/react-router';
import { useConnections } from '../../api/queries.ts';
import classes from '../form.module.css';
import type { ControlProps } from '../form-context.tsx';
import { asText } from './text-controls.tsx';

/** A connection for outgoing requests, by name. */
export const ConnectionControl = (props: ControlProps) => <ConnectionSelect {...props} fits={(kind) => kind === 'http'} noun="connection" />;

/** A connection to a database, by name. */
export const DatabaseControl = (props: ControlProps) => <ConnectionSelect {...props} fits={isDataKind} noun="database" />;

interface SelectProps extends ControlProps {
  readonly fits: (kind: string) => boolean;
  readonly noun: string;
}

function ConnectionSelect({ fits, noun, ...props }: SelectProps) {
  const connections = useConnections();
  const id = asText(props.value);
  const usable = (connections.data ?? []).filter(({ kind }) => fits(kind));
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
        placeholder={noun === 'database' ? 'Choose a database' : 'None'}
        clearable={noun !== 'database'}
        readOnly={props.readOnly}
        onChange={(value) => props.set(value ?? undefined)}
      />
      {missing && (
        <p className={`${classes.problem} ${classes.below}`}>
          {wanted ? `“${wanted}” isn’t included in shared workflows. Choose one of your connections.` : 'This connection was deleted. Choose another one.'}
        </p>
      )}
      {connections.isSuccess && usable.length === 0 && (
        <p className={`${classes.help} ${classes.below}`}>
          No {noun}s yet.{' '}
          <Link to="/settings/connections" className={classes.link}>
            Add a {noun}
          </Link>
        </p>
      )}
    </>
  );
}
