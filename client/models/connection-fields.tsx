import { PasswordInput, Select, TextInput } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { type AddedKind, KINDS } from './kinds.tsx';

type Auth = NonNullable<Connection['auth']>;

export interface ConnectionForm {
  readonly name: string;
  readonly baseUrl: string;
  /** Only what was typed now: the kept one never comes back. */
  readonly secret: string;
  readonly auth: Auth;
}

export const emptyForm = (kind: AddedKind): ConnectionForm => ({
  name: kind === 'http' ? '' : KINDS[kind].label,
  baseUrl: '',
  secret: '',
  auth: { scheme: 'bearer' },
});

/** Why the form cannot be sent yet; undefined when it can. */
export function formProblem(kind: AddedKind, { name, baseUrl, secret, auth }: ConnectionForm, isNew: boolean): string | undefined {
  if (name.trim() === '') return 'Give it a name.';
  if (kind === 'openai-compatible' && baseUrl.trim() === '') return 'Say where the server is.';
  if (baseUrl.trim() !== '' && !/^https?:\/\/.+/.test(baseUrl.trim())) return 'The base URL begins with http:// or https://.';
  if (isNew && kind !== 'openai-compatible' && secret === '') return kind === 'http' ? 'Put in the secret.' : 'Put in the key.';
  if (kind === 'http' && auth.scheme === 'header' && !auth.header?.trim()) return 'Say which header carries the secret.';
  return undefined;
}

const SCHEMES = [
  { value: 'bearer', label: 'Bearer token' },
  { value: 'header', label: 'A header of its own' },
  { value: 'basic', label: 'User and password' },
] as const;

interface ConnectionFieldsProps {
  readonly kind: AddedKind;
  readonly values: ConnectionForm;
  readonly onChange: (values: ConnectionForm) => void;
  /** End of the secret that is kept, when there is one. */
  readonly hint?: string | undefined;
}

/** What a connection of this kind needs. */
export function ConnectionFields({ kind, values, onChange, hint }: ConnectionFieldsProps) {
  const set = (changes: Partial<ConnectionForm>) => onChange({ ...values, ...changes });
  const isHttp = kind === 'http';
  return (
    <>
      <TextInput label="Name" value={values.name} maxLength={100} data-autofocus onChange={(event) => set({ name: event.currentTarget.value })} />
      {!isHttp && (
        <TextInput
          label={kind === 'openai-compatible' ? 'Base URL' : 'Base URL (optional)'}
          description={
            kind === 'openai-compatible' ? 'Up to and with /v1, for example http://127.0.0.1:11434/v1' : 'Only for a proxy; the usual address otherwise.'
          }
          value={values.baseUrl}
          onChange={(event) => set({ baseUrl: event.currentTarget.value })}
        />
      )}
      {isHttp && <AuthFields auth={values.auth} onChange={(auth) => set({ auth })} />}
      <PasswordInput
        label={isHttp ? 'Secret' : kind === 'openai-compatible' ? 'Key (optional)' : 'Key'}
        description={
          hint
            ? `A key that ends in …${hint} is kept. Type a new one to replace it.`
            : isHttp && values.auth.scheme === 'basic'
              ? 'As user:password'
              : undefined
        }
        value={values.secret}
        autoComplete="off"
        onChange={(event) => set({ secret: event.currentTarget.value })}
      />
    </>
  );
}

function AuthFields({ auth, onChange }: { auth: Auth; onChange: (auth: Auth) => void }) {
  return (
    <>
      <Select
        label="Sent as"
        data={SCHEMES}
        value={auth.scheme}
        onChange={(value) => {
          const scheme = SCHEMES.find((known) => known.value === value)?.value;
          if (scheme) onChange(scheme === 'header' ? { scheme, header: auth.header ?? 'x-api-key' } : { scheme });
        }}
      />
      {auth.scheme === 'header' && (
        <TextInput label="Header" value={auth.header ?? ''} onChange={(event) => onChange({ ...auth, header: event.currentTarget.value })} />
      )}
    </>
  );
}
