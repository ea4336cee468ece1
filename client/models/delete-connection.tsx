import { Button, Modal } from '@mantine/core';
import type { Connection, ConnectionUsage } from '@switchyard/shared/contracts/models.ts';
import { useState } from 'react';
import { useDeleteConnection } from './connection-actions.ts';
import form from './form.module.css';
import { ReasonField, reasonOf } from './reason-field.tsx';

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
  const [reason, setReason] = useState('');
  const customized = usage.routes.filter(({ automatic }) => !automatic);
  const automatic = usage.routes.filter((route) => route.automatic);
  const confirm = () => {
    remove(connection, reasonOf(reason));
    onClose();
  };
  return (
    <Modal opened onClose={onClose} size={460} title={customized.length > 0 ? `“${connection.name}” is in use` : `Delete “${connection.name}”?`}>
      <div className={form.form}>
        {customized.length > 0 && (
          <p>
            It is a target of {listed(customized)}. Remove it from {customized.length === 1 ? 'this route' : 'these routes'} first.
          </p>
        )}
        {customized.length === 0 && automatic.length > 0 && (
          <p>
            {automatic.length === 1 ? 'The route' : 'The routes'} {listed(automatic)} {automatic.length === 1 ? 'uses' : 'use'} it.{' '}
            {automatic.length === 1 ? 'It switches' : 'They switch'} to your next connection, or to the demo model if there is none.
          </p>
        )}
        {usage.workflows.length > 0 && <p>Used in {listed(usage.workflows)}. Requests with this connection will fail.</p>}
        {customized.length === 0 && (
          <>
            <p>You can undo this for 10 seconds.</p>
            <ReasonField value={reason} onChange={setReason} />
          </>
        )}
        <div className={form.foot}>
          <Button onClick={onClose} data-autofocus>
            {customized.length > 0 ? 'Close' : 'Cancel'}
          </Button>
          {customized.length === 0 && (
            <Button color="red" variant="filled" onClick={confirm}>
              Delete connection
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}
