import type { Connection, ConnectionUsage } from '@switchyard/shared/contracts/models.ts';
import { DeleteDialog } from '../frame/reasons/delete-dialog.tsx';
import { useDeleteConnection } from './connection-actions.ts';

const MAX_NAMES = 5;

const listFormat = new Intl.ListFormat('en', { type: 'conjunction' });

/** `“fast”`, `“careful” and “fast”`, `“a”, “b”, “c”, “d”, and 3 more`. */
function listed(items: readonly { readonly name: string }[]): string {
  const names = items.map(({ name }) => `“${name}”`);
  return listFormat.format(names.length <= MAX_NAMES ? names : [...names.slice(0, MAX_NAMES - 1), `${names.length - MAX_NAMES + 1} more`]);
}

interface DeleteConnectionProps {
  readonly connection: Connection;
  readonly usage: ConnectionUsage;
  readonly onClose: () => void;
}

/** Lists what uses a connection before it is deleted. */
export function DeleteConnection({ connection, usage, onClose }: DeleteConnectionProps) {
  const remove = useDeleteConnection();
  const customized = usage.routes.filter(({ automatic }) => !automatic);
  const automatic = usage.routes.filter((route) => route.automatic);
  const isUsed = customized.length > 0;
  return (
    <DeleteDialog
      name={connection.name}
      action="Delete connection"
      isUsed={isUsed}
      onDelete={(query) => {
        remove(connection, query);
        onClose();
      }}
      onClose={onClose}
    >
      {isUsed && (
        <p>
          It is a target of {listed(customized)}. Remove it from {customized.length === 1 ? 'this route' : 'these routes'} first.
        </p>
      )}
      {!isUsed && automatic.length > 0 && (
        <p>
          {automatic.length === 1 ? 'The route' : 'The routes'} {listed(automatic)} {automatic.length === 1 ? 'uses' : 'use'} it.{' '}
          {automatic.length === 1 ? 'It switches' : 'They switch'} to your next connection, or to the demo model if there is none.
        </p>
      )}
      {usage.workflows.length > 0 && <p>Used in {listed(usage.workflows)}. Requests with this connection will fail.</p>}
      {!isUsed && <p>You can undo this for 10 seconds.</p>}
    </DeleteDialog>
  );
}
