import { Button, Modal } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { useState } from 'react';
import { useChangeConnection } from './connection-actions.ts';
import { ConnectionFields, type ConnectionForm, formProblem } from './connection-fields.tsx';
import form from './form.module.css';
import { FormError } from './form-error.tsx';

/** Changes a connection, or puts a new key in the place of the old one. */
export function EditConnection({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const [values, setValues] = useState<ConnectionForm>({
    name: connection.name,
    baseUrl: connection.baseUrl ?? '',
    secret: '',
    auth: connection.auth ?? { scheme: 'bearer' },
  });
  const change = useChangeConnection(connection.id);
  const { kind } = connection;
  if (kind === 'demo') return null;
  const problem = formProblem(kind, values, false);
  const save = () =>
    change.mutate(
      {
        name: values.name.trim(),
        ...(kind !== 'http' && { baseUrl: values.baseUrl.trim() || null }),
        ...(values.secret && { secret: values.secret }),
        ...(kind === 'http' && { auth: values.auth }),
      },
      { onSuccess: onClose },
    );
  return (
    <Modal opened onClose={onClose} title={`Change ${connection.name}`} size={520}>
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) save();
        }}
      >
        <ConnectionFields kind={kind} values={values} onChange={setValues} hint={connection.hasSecret ? (connection.secretHint ?? '') : undefined} />
        <FormError error={change.error} />
        <div className={form.foot}>
          <span className={form.note}>{problem}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" loading={change.isPending} disabled={problem !== undefined}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
