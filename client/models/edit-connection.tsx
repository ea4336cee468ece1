import { Button, Modal } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { useState } from 'react';
import { useChangeConnection } from './connection-actions.ts';
import { ConnectionFields, type ConnectionForm, formProblem } from './connection-fields.tsx';
import form from './form.module.css';
import { FormError } from './form-error.tsx';

/** Changes the name or the address of a connection. */
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
  // A secret does not follow to another address by itself.
  const moved = connection.hasSecret && values.baseUrl.trim() !== (connection.baseUrl ?? '');
  const problem = formProblem(kind, values, false);
  const save = () =>
    change.mutate(
      {
        name: values.name.trim(),
        baseUrl: values.baseUrl.trim() || null,
        ...(moved && values.secret && { secret: values.secret }),
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
        <ConnectionFields kind={kind} values={values} onChange={setValues} asksSecret={moved} />
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
