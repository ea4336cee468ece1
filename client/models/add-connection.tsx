import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useRoutes } from '../api/queries.ts';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import { useAddConnection } from './connection-actions.ts';
import { ConnectionFields, type ConnectionForm, emptyForm, formProblem } from './connection-fields.tsx';
import form from './form.module.css';
import { FormError } from './form-error.tsx';
import { ADDED_KINDS, type AddedKind, KINDS } from './kinds.tsx';

/** What adding a connection changes, shown before it is added. */
function useEffectOnRoutes(kind: AddedKind): string {
  const { data: routes = [] } = useRoutes();
  if (kind === 'azure-openai') return 'Tested when you add it. Then add a route target that names a deployment.';
  const atDemo = routes.filter(({ automatic, targets }) => automatic && targets.every(({ connectionId }) => connectionId === 'demo')).map(({ name }) => name);
  if (atDemo.length === 0) return 'Tested when you add it.';
  const names = new Intl.ListFormat('en').format(atDemo);
  return `Tested first. If it works, ${atDemo.length === 1 ? 'route' : 'routes'} ${names} will use it, including in live workflows.`;
}

/** The form for a new connection: its type, then what that type needs. */
export function AddConnection({ onClose }: { onClose: () => void }) {
  const { kind, values, choose, setValues, forget } = useNewConnection();
  const add = useAddConnection();
  const leave = () => {
    forget();
    onClose();
  };
  const save = () => {
    const { name, baseUrl, secret, apiVersion } = values;
    const own = kind === 'azure-openai' && { apiVersion: apiVersion.trim() };
    add.mutate({ name: name.trim(), kind, ...(baseUrl.trim() && { baseUrl: baseUrl.trim() }), ...(secret && { secret }), ...own }, { onSuccess: leave });
  };
  const problem = formProblem(kind, values, true);
  const effect = useEffectOnRoutes(kind);
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
          <span className={form.note}>{problem ?? effect}</span>
          <Button onClick={leave}>Cancel</Button>
          <Button variant="filled" type="submit" loading={add.isPending} disabled={problem !== undefined}>
            Add connection
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** The form’s values, kept across a reload. The secret is kept only while the page is open. */
function useNewConnection() {
  const { texts, keep, forget } = useLocalTexts('connection');
  const [secret, setSecret] = useState('');
  const kind = ADDED_KINDS.find((known) => known === texts.kind) ?? 'openai';
  const empty = emptyForm(kind);
  const values: ConnectionForm = {
    name: texts.name ?? empty.name,
    baseUrl: texts.baseUrl ?? empty.baseUrl,
    secret,
    apiVersion: texts.apiVersion ?? empty.apiVersion,
  };
  const setValues = ({ name, baseUrl, apiVersion, secret: typed }: ConnectionForm) => {
    setSecret(typed);
    keep({ kind, name, baseUrl, apiVersion });
  };
  const choose = (next: AddedKind) => {
    const { name, baseUrl, apiVersion } = emptyForm(next);
    keep({ kind: next, name, baseUrl, apiVersion });
  };
  return { kind, values, choose, setValues, forget };
}

function KindChoice({ kind, onChoose }: { kind: AddedKind; onChoose: (kind: AddedKind) => void }) {
  return (
    <fieldset className={form.kinds}>
      <legend className="visually-hidden">Type</legend>
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
