import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { DATABASE_EXAMPLES, DATABASE_NAMES, type DatabaseKind, databaseUrlProblem } from '@switchyard/shared/contracts/connections/database.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { useState } from 'react';
import { ReasonField, reasonOf } from '../../frame/reasons/reason-field.tsx';
import { useAddConnection, useChangeConnection } from '../connection-actions.ts';
import form from '../form.module.css';
import { FormError } from '../form-error.tsx';

interface DialogProps {
  readonly kind: DatabaseKind;
  readonly connection?: Connection;
  readonly onClose: () => void;
}

const URLS: Readonly<Record<DatabaseKind, string>> = {
  postgresql:
    'Include the user and database. TLS is on, with certificate checks. Add ?sslmode=require to accept any certificate, or ?sslmode=disable to turn TLS off. Example:',
  mongodb: 'Include the user and database. mongodb+srv:// or ?tls=true turns on TLS. Example:',
  redis: 'redis:// or rediss:// for TLS, optionally with a user name and a database:',
};
const EXAMPLES = { ...DATABASE_EXAMPLES, redis: 'redis://user@redis.example.com:6379/0' };

/** Adds or edits a connection to a database. A typed password is kept only while the dialog is open. */
export function DataDialog({ kind, connection, onClose }: DialogProps) {
  const [name, setName] = useState(connection?.name ?? DATABASE_NAMES[kind]);
  const [baseUrl, setBaseUrl] = useState(connection?.baseUrl ?? '');
  const [secret, setSecret] = useState('');
  const [reason, setReason] = useState('');
  const add = useAddConnection();
  const change = useChangeConnection(connection?.id ?? '');
  const problem = problemOf(kind, name, baseUrl);
  const save = () => {
    const values = { name: name.trim(), baseUrl: baseUrl.trim(), ...(secret && { secret }), ...reasonOf(reason) };
    if (connection) change.mutate(values, { onSuccess: onClose });
    else add.mutate({ ...values, kind }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={connection ? `Edit ${connection.name}` : `Connect ${DATABASE_NAMES[kind]}`} size={560}>
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
          description={`${URLS[kind]} ${EXAMPLES[kind]}`}
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

function problemOf(kind: DatabaseKind, name: string, baseUrl: string): string | undefined {
  if (name.trim() === '') return 'Enter a name.';
  const wrong = databaseUrlProblem(kind, baseUrl.trim());
  return wrong && `The URL ${wrong}.`;
}
