import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { useState } from 'react';
import { ReasonField, reasonOf } from '../../frame/reasons/reason-field.tsx';
import { useAddConnection, useChangeConnection } from '../connection-actions.ts';
import form from '../form.module.css';
import { FormError } from '../form-error.tsx';

/** Adds or edits a connection to a Redis server. A typed password is kept only while the dialog is open. */
export function DataDialog({ connection, onClose }: { connection?: Connection; onClose: () => void }) {
  const [name, setName] = useState(connection?.name ?? 'Redis');
  const [baseUrl, setBaseUrl] = useState(connection?.baseUrl ?? '');
  const [secret, setSecret] = useState('');
  const [reason, setReason] = useState('');
  const add = useAddConnection();
  const change = useChangeConnection(connection?.id ?? '');
  const problem = problemOf(name, baseUrl);
  const save = () => {
    const values = { name: name.trim(), baseUrl: baseUrl.trim(), ...(secret && { secret }), ...reasonOf(reason) };
    if (connection) change.mutate(values, { onSuccess: onClose });
    else add.mutate({ ...values, kind: 'redis' }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={connection ? `Edit ${connection.name}` : 'Connect Redis'} size={560}>
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) save();
        }}
      >
        <TextInput label="Name" value={name} maxLength={100} data-autofocus onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput
          label="URL"
          description="redis:// or rediss:// for TLS, optionally with a user name and a database: redis://user@redis.example.com:6379/0"
          value={baseUrl}
          maxLength={500}
          spellCheck={false}
          onChange={(event) => setBaseUrl(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password (optional)"
          autoComplete="off"
          description={connection?.hasSecret ? 'Encrypted, never shown. Leave it empty to keep the current one.' : undefined}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
        {connection && <ReasonField value={reason} onChange={setReason} />}
        <FormError error={add.error ?? change.error} />
        <div className={form.foot}>
          <span className={form.note}>{problem}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" loading={add.isPending || change.isPending} disabled={problem !== undefined}>
            {connection ? 'Save' : 'Add connection'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function problemOf(name: string, baseUrl: string): string | undefined {
  if (name.trim() === '') return 'Enter a name.';
  return /^rediss?:\/\/.+/.test(baseUrl.trim()) ? undefined : 'The URL must start with redis:// or rediss://.';
}
