import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useAddConnection } from './connection-actions.ts';
import { ConnectionFields, type ConnectionForm, emptyForm, formProblem } from './connection-fields.tsx';
import form from './form.module.css';
import { FormError } from './form-error.tsx';
import { ADDED_KINDS, type AddedKind, KINDS } from './kinds.tsx';

/** A new connection: first what it is, then what it needs. */
export function AddConnection({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<AddedKind>('openai');
  const [values, setValues] = useState<ConnectionForm>(emptyForm('openai'));
  const add = useAddConnection();
  const choose = (next: AddedKind) => {
    setKind(next);
    setValues({ ...emptyForm(next), secret: values.secret });
  };
  const save = () => {
    const { name, baseUrl, secret, auth } = values;
    add.mutate(
      { name: name.trim(), kind, ...(baseUrl.trim() && { baseUrl: baseUrl.trim() }), ...(secret && { secret }), ...(kind === 'http' && { auth }) },
      { onSuccess: onClose },
    );
  };
  const problem = formProblem(kind, values, true);
  return (
    <Modal opened onClose={onClose} title="Add a connection" size={520}>
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) save();
        }}
      >
        <KindChoice kind={kind} onChoose={choose} />
        <ConnectionFields kind={kind} values={values} onChange={setValues} asksSecret />
        <FormError error={add.error} />
        <div className={form.foot}>
          <span className={form.note}>{problem ?? (kind === 'http' ? '' : 'It is tested when it is added.')}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" loading={add.isPending} disabled={problem !== undefined}>
            Add connection
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function KindChoice({ kind, onChoose }: { kind: AddedKind; onChoose: (kind: AddedKind) => void }) {
  return (
    <fieldset className={form.kinds}>
      <legend className="visually-hidden">Kind</legend>
      {ADDED_KINDS.map((option) => {
        const { label, Icon } = KINDS[option];
        return (
          <label key={option} className={form.kind}>
            <input type="radio" name="kind" className="visually-hidden" checked={option === kind} onChange={() => onChoose(option)} />
            <Icon size={20} stroke={1.6} aria-hidden />
            {label}
          </label>
        );
      })}
      <p className={form.about}>{KINDS[kind].about}</p>
    </fieldset>
  );
}
