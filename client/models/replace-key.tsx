import { Button, Modal, PasswordInput, Textarea } from '@mantine/core';
import { isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { useState } from 'react';
import { ReasonField, reasonOf } from '../frame/reasons/reason-field.tsx';
import { useRotateSecret } from './connection-actions.ts';
import form from './form.module.css';
import { FormError } from './form-error.tsx';

/** Replaces an API key or secret. The server tests a new API key first, and the current one stays in use until it works. */
export function ReplaceKey({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const [secret, setSecret] = useState('');
  const [reason, setReason] = useState('');
  const rotate = useRotateSecret(connection.id);
  const { kind, name, auth } = connection;
  const isHttp = kind === 'http';
  const what = isHttp ? 'secret' : isDataKind(kind) ? 'password' : 'API key';
  const save = (untested: boolean) => rotate.mutate({ secret, ...reasonOf(reason), ...(untested && { untested }) }, { onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={`${connection.hasSecret ? 'Replace' : 'Add'} ${what} of “${name}”`} size={520}>
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (secret) save(false);
        }}
      >
        <p className={form.lead}>{words(connection)}</p>
        <SecretInput auth={auth} label={`New ${what}`} value={secret} onChange={setSecret} />
        <ReasonField value={reason} onChange={setReason} />
        <FormError error={rotate.error} />
        <div className={form.foot}>
          <span className={form.note} />
          {rotate.error && !isHttp && (
            <Button variant="subtle" color="red" disabled={!secret} onClick={() => save(true)}>
              Replace without testing
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" loading={rotate.isPending} disabled={!secret}>
            {isHttp ? 'Replace' : 'Test and replace'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function words({ kind, hasSecret, secretHint }: Connection): string {
  if (kind === 'http') return 'Used from the next request on.';
  if (!hasSecret) return 'Tested first, then used for new calls.';
  return `Tested first. The current key${secretHint ? ` (ending in …${secretHint})` : ''} stays in use until the new one works.`;
}

interface SecretInputProps {
  readonly auth: Connection['auth'];
  readonly label: string;
  readonly value: string;
  readonly onChange: (secret: string) => void;
}

/** Key files and certificates have several lines, which a password field would join. */
const WITH_LINES: readonly string[] = ['certificate', 'google-service-account', 'aws'];

function SecretInput({ auth, label, value, onChange }: SecretInputProps) {
  const shared = { label, value, autoComplete: 'off', 'data-autofocus': true };
  if (auth && WITH_LINES.includes(auth.scheme))
    return <Textarea {...shared} autosize minRows={3} maxRows={8} spellCheck={false} onChange={(event) => onChange(event.currentTarget.value)} />;
  return (
    <PasswordInput
      {...shared}
      description={auth?.scheme === 'basic' ? 'As user:password' : undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
