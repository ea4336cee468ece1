import { Button, Modal, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import type { Service } from '@switchyard/shared/contracts/connections/services.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { useState } from 'react';
import { ReasonField, reasonOf } from '../../frame/reasons/reason-field.tsx';
import { CopyField } from '../../ui/copy-field.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { useAddConnection, useChangeConnection, useSignIn } from '../connection-actions.ts';
import form from '../form.module.css';
import { FormError } from '../form-error.tsx';
import { type AuthField, authOf, METHOD_TEXTS, METHODS, type Method, methodOf, type Texts, textsOf } from './auth-form.ts';
import styles from './connections-page.module.css';

interface ConnectionDialogProps {
  /** To be edited. Undefined for a new one. */
  readonly connection?: Connection | undefined;
  /** What it is for. Undefined for any API. */
  readonly service: Service | undefined;
  readonly redirectUrl: string;
  readonly onClose: () => void;
}

interface Draft {
  readonly method: Method;
  readonly name: string;
  readonly baseUrl: string;
  readonly account: string;
  readonly expires: string;
  readonly texts: Texts;
}

/** Adds or edits a connection. A typed secret is kept only while the dialog is open. */
export function ConnectionDialog({ connection, service, redirectUrl, onClose }: ConnectionDialogProps) {
  const first = connection?.auth ?? service?.options[0]?.auth ?? null;
  const [draft, setDraft] = useState<Draft>(() => draftOf(connection, service));
  const [secret, setSecret] = useState('');
  const [reason, setReason] = useState('');
  const set = (changes: Partial<Draft>) => setDraft({ ...draft, ...changes });
  const setText = (name: string, value: string) => set({ texts: { ...draft.texts, [name]: value } });
  const option = service?.options.find(({ auth }) => methodOf(auth) === draft.method);
  const template = methodOf(first) === draft.method ? first : (option?.auth ?? null);
  const given = new Set(connection ? [] : Object.entries(option ? textsOf(option.auth) : {}).flatMap(([name, value]) => (value === '' ? [] : [name])));
  const { fields, secret: secretText } = METHOD_TEXTS[draft.method];
  const problem = problemOf(draft, fields, secret, { isNew: !connection, secretOptional: secretText.optional === true });
  const { save, error, isPending } = useSave({ connection, service, onClose });
  return (
    <Modal opened onClose={onClose} title={connection ? `Edit ${connection.name}` : service ? `Connect ${service.name}` : 'Add a connection'} size={560}>
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) save(draft, authOf(draft.method, draft.texts, template), secret, reason);
        }}
      >
        {service && !connection && <ServiceHelp service={service} />}
        <MethodChoice service={service} value={draft.method} onChoose={(method) => set({ method, texts: textsFor(method, service) })} />
        <TextInput label="Name" value={draft.name} maxLength={100} data-autofocus onChange={(event) => set({ name: event.currentTarget.value })} />
        {!service && (
          <TextInput
            label="Restrict to URL (optional)"
            description="The secret is sent only to this origin, for example https://api.example.com"
            value={draft.baseUrl}
            maxLength={500}
            onChange={(event) => set({ baseUrl: event.currentTarget.value })}
          />
        )}
        {fields
          .filter(({ name }) => !given.has(name) || name === 'scopes')
          .map((field) => (
            <Field key={field.name} field={field} value={draft.texts[field.name] ?? ''} onChange={(value) => setText(field.name, value)} />
          ))}
        <SecretField
          text={{ ...secretText, ...option?.secret, label: option?.secret.label ?? secretText.label }}
          keeps={connection?.hasSecret === true}
          value={secret}
          onChange={setSecret}
        />
        {draft.method === 'oauth2-person' ? <RedirectUrl url={redirectUrl} /> : <SecretFacts draft={draft} onChange={set} />}
        {connection && <ReasonField value={reason} onChange={setReason} />}
        <FormError error={error} />
        <div className={form.foot}>
          <span className={form.note}>{problem}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" loading={isPending} disabled={problem !== undefined}>
            {connection ? 'Save' : draft.method === 'oauth2-person' ? 'Add and sign in' : 'Add connection'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function draftOf(connection: Connection | undefined, service: Service | undefined): Draft {
  const auth = connection?.auth ?? service?.options[0]?.auth ?? null;
  return {
    method: methodOf(auth),
    name: connection?.name ?? service?.name ?? '',
    baseUrl: connection?.baseUrl ?? service?.baseUrl ?? '',
    account: connection?.account ?? '',
    expires: connection?.expiresAt?.slice(0, 10) ?? '',
    texts: textsOf(auth),
  };
}

const textsFor = (method: Method, service: Service | undefined): Texts => textsOf(service?.options.find(({ auth }) => methodOf(auth) === method)?.auth ?? null);

function problemOf(draft: Draft, fields: readonly AuthField[], secret: string, { isNew, secretOptional }: { isNew: boolean; secretOptional: boolean }) {
  if (draft.name.trim() === '') return 'Enter a name.';
  if (draft.baseUrl.trim() !== '' && !/^https?:\/\/.+/.test(draft.baseUrl.trim())) return 'The URL must start with http:// or https://.';
  const missing = fields.find(({ name, optional }) => !optional && (draft.texts[name] ?? '').trim() === '');
  if (missing) return `Fill in “${missing.label}”.`;
  return isNew && !secretOptional && secret === '' ? 'Enter the secret.' : undefined;
}

/** Saves the draft. A new connection that needs a person leads to its service. */
function useSave({ connection, onClose, service }: Pick<ConnectionDialogProps, 'connection' | 'service' | 'onClose'>) {
  const add = useAddConnection();
  const change = useChangeConnection(connection?.id ?? '');
  const signIn = useSignIn();
  const save = (draft: Draft, auth: ReturnType<typeof authOf>, secret: string, reason: string) => {
    const common = {
      name: draft.name.trim(),
      auth,
      ...(draft.method !== 'oauth2-person' && { account: draft.account.trim() || null }),
      expiresAt: draft.expires === '' ? null : new Date(`${draft.expires}T00:00:00Z`).toISOString(),
      ...(secret && { secret }),
      ...reasonOf(reason),
    };
    const baseUrl = draft.baseUrl.trim();
    if (connection) return change.mutate({ ...common, baseUrl: baseUrl || null }, { onSuccess: onClose });
    add.mutate(
      { ...common, kind: 'http', ...(baseUrl && { baseUrl }), ...(service && { service: service.id }) },
      {
        onSuccess: ({ id, signIn: needed }) => {
          onClose();
          if (needed) signIn.mutate(id);
        },
      },
    );
  };
  return { save, error: add.error ?? change.error, isPending: add.isPending || change.isPending };
}

function ServiceHelp({ service }: { service: Service }) {
  return (
    <div className={styles.help}>
      <Markdown text={service.help} />
      <a href={service.console} target="_blank" rel="noreferrer">
        {new URL(service.console).host}
      </a>
    </div>
  );
}

function MethodChoice({ service, value, onChoose }: { service: Service | undefined; value: Method; onChoose: (method: Method) => void }) {
  const data = service
    ? service.options.map(({ label, auth }) => ({ value: methodOf(auth), label }))
    : METHODS.map((method) => ({ value: method, label: METHOD_TEXTS[method].label }));
  if (data.length === 1) return null;
  return (
    <Select
      label="Authentication"
      data={data}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => {
        const method = METHODS.find((known) => known === chosen);
        if (method) onChoose(method);
      }}
    />
  );
}

interface FieldProps {
  readonly field: AuthField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Field({ field: { label, help, optional, lines }, value, onChange }: FieldProps) {
  const shared = { label: optional ? `${label} (optional)` : label, value, ...(help && { description: help }) };
  if (lines) return <Textarea {...shared} autosize minRows={2} maxRows={8} onChange={(event) => onChange(event.currentTarget.value)} />;
  return <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />;
}

interface SecretFieldProps {
  readonly text: { readonly label: string; readonly help?: string; readonly lines?: true; readonly optional?: true };
  readonly keeps: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function SecretField({ text: { label, help, lines, optional }, keeps, value, onChange }: SecretFieldProps) {
  const description = keeps ? 'Encrypted, never shown. Leave it empty to keep the current one.' : help;
  const shared = { label: optional ? `${label} (optional)` : label, value, autoComplete: 'off', ...(description && { description }) };
  if (lines) return <Textarea {...shared} autosize minRows={3} maxRows={8} spellCheck={false} onChange={(event) => onChange(event.currentTarget.value)} />;
  return <PasswordInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />;
}

export function RedirectUrl({ url }: { url: string }) {
  return (
    <div>
      <p className={styles.label}>Redirect URL</p>
      <p className={styles.hint}>Add it to your application at the service.</p>
      <CopyField value={url} label="redirect URL" />
    </div>
  );
}

/** What the server can’t find out about a secret. */
function SecretFacts({ draft, onChange }: { draft: Draft; onChange: (changes: Partial<Draft>) => void }) {
  return (
    <div className={styles.pair}>
      <TextInput
        label="Account (optional)"
        description="Shown beside the name"
        value={draft.account}
        maxLength={200}
        onChange={(event) => onChange({ account: event.currentTarget.value })}
      />
      <TextInput
        label="Expires (optional)"
        description="You’ll see a warning before"
        type="date"
        value={draft.expires}
        onChange={(event) => onChange({ expires: event.currentTarget.value })}
      />
    </div>
  );
}
