import { Button, Modal } from '@mantine/core';
import { isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import { type Connection, DEFAULT_AZURE_API_VERSION } from '@switchyard/shared/contracts/models.ts';
import { useState } from 'react';
import { ReasonField, reasonOf } from '../frame/reasons/reason-field.tsx';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import { useChangeConnection } from './connection-actions.ts';
import { ConnectionFields, type ConnectionForm, formProblem } from './connection-fields.tsx';
import form from './form.module.css';
import { FormError } from './form-error.tsx';

/** Edits a connection, except its secret. */
export function EditConnection({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const { values, setValues, forget } = useChangedConnection(connection);
  const change = useChangeConnection(connection.id);
  const [reason, setReason] = useState('');
  const { kind } = connection;
  if (kind === 'demo' || kind === 'http' || isDataKind(kind)) return null;
  // A stored secret is never sent to a new URL unless it is entered again.
  const moved = connection.hasSecret && values.baseUrl.trim() !== (connection.baseUrl ?? '');
  const problem = formProblem(kind, values, false);
  const leave = () => {
    forget();
    onClose();
  };
  const save = () =>
    change.mutate(
      {
        name: values.name.trim(),
        baseUrl: values.baseUrl.trim() || null,
        ...(moved && values.secret && { secret: values.secret }),
        ...(kind === 'azure-openai' && { apiVersion: values.apiVersion.trim() }),
        ...reasonOf(reason),
      },
      { onSuccess: leave },
    );
  return (
    <Modal opened onClose={onClose} title={`Edit ${connection.name}`} size={520}>
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) save();
        }}
      >
        <ConnectionFields kind={kind} values={values} onChange={setValues} asksSecret={moved} />
        <ReasonField value={reason} onChange={setReason} />
        <FormError error={change.error} />
        <div className={form.foot}>
          <span className={form.note}>{problem}</span>
          <Button onClick={leave}>Cancel</Button>
          <Button variant="filled" type="submit" loading={change.isPending} disabled={problem !== undefined}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** The connection with unsaved edits. A typed secret is kept only while the page is open. */
function useChangedConnection(connection: Connection) {
  const { texts, keep, forget } = useLocalTexts(`connection:${connection.id}`);
  const [secret, setSecret] = useState('');
  const values: ConnectionForm = {
    name: texts.name ?? connection.name,
    baseUrl: texts.baseUrl ?? connection.baseUrl ?? '',
    secret,
    apiVersion: texts.apiVersion ?? connection.apiVersion ?? DEFAULT_AZURE_API_VERSION,
  };
  const setValues = ({ name, baseUrl, apiVersion, secret: typed }: ConnectionForm) => {
    setSecret(typed);
    keep({ name, baseUrl, apiVersion });
  };
  return { values, setValues, forget };
}
